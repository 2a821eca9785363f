import { CREDENTIALS, exchangeSecret, type Secrets } from '../installation/secrets.ts';
import type { GuardedPlace, GuardianProcess } from './guardian-protocol.ts';

/** What a guardian of one engine is started with. */
export interface GuardianSeat {
  readonly spawn: () => GuardianProcess;
  readonly place: GuardedPlace;
  readonly keys: Readonly<Record<string, string>>;
}

/** The venue's keys that the guardian cannot read itself, by name: those of the keychain it asks for there. */
export function keysBesideKeychain(exchange: string, secrets: Secrets): Readonly<Record<string, string>> {
  const names = CREDENTIALS.map((credential) => exchangeSecret(exchange, credential));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = secrets.sourceOf(name) === 'keychain' ? undefined : secrets.read(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
