import { CREDENTIALS, exchangeSecret, type Secrets } from '../installation/secrets.ts';
import type { GuardedPlace, GuardianKeys, GuardianProcess } from './guardian-protocol.ts';

/** What a guardian of one engine is started with. */
export interface GuardianSeat {
  readonly spawn: () => GuardianProcess;
  readonly place: GuardedPlace;
  readonly keys: GuardianKeys;
}

/** Where the venue's keys are: the guardian reads those of the keychain itself. */
export function guardianKeys(exchange: string, secrets: Secrets): GuardianKeys {
  const names = CREDENTIALS.map((credential) => exchangeSecret(exchange, credential));
  const isInKeychain = (name: string): boolean => secrets.sourceOf(name) === 'keychain';
  const given = names.flatMap((name) => {
    const value = isInKeychain(name) ? undefined : secrets.read(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { inKeychain: names.filter(isInKeychain), given: Object.fromEntries(given) };
}
