import { join } from 'node:path';
import type { Clock, Logger, Timers } from '../../domain/index.ts';
import { createLogger } from '../../monitoring/index.ts';
import { openKeychain } from '../installation/keychain.ts';
import { CREDENTIALS, exchangeSecret } from '../installation/secrets.ts';
import { Guard, type GuardDeeds } from './guard.ts';
import type { GuardedPlace, GuardedProgram, ToGuardian } from './guardian-protocol.ts';

export interface GuardianTime {
  /** The machine's, as it is set. */
  readonly clock: Clock;
  readonly timers: Timers;
}

type FirstWord = Extract<ToGuardian, { kind: 'guard' }>;
type Keys = ReadonlyMap<string, string>;

/** The guardian's life, from the program's first word on. Resolves when there is nothing to guard any more. */
export function runGuardian(program: GuardedProgram, time: GuardianTime): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let hasBegun = false;
  program.onMessage((message) => {
    if (message.kind !== 'guard' || hasBegun) return;
    hasBegun = true;
    // Begun at once, so that the next word is heard as well.
    watchOver(program, message, time).then(resolve, reject);
  });
  program.onGone(() => {
    if (!hasBegun) resolve();
  });
  return promise;
}

async function watchOver(
  program: GuardedProgram,
  { place, keys: given }: FirstWord,
  time: GuardianTime,
): Promise<void> {
  const log = createLogger({ folder: join(place.directory, 'logs'), name: 'guardian' });
  try {
    const keys = heldKeys(place, given);
    const watching = new Guard({ place, program, deeds: deedsOf(place, keys, log), log, ...time }).run();
    log.info({ pid: place.pid, mode: place.settings.mode }, 'watching');
    program.send({ kind: 'ready', hasKeys: (await keys).size > 0 });
    await watching;
  } finally {
    log.close();
  }
}

/** Read at the start, while somebody can be told that there are none. */
async function heldKeys({ settings }: GuardedPlace, given: FirstWord['keys']): Promise<Keys> {
  const names = CREDENTIALS.map((credential) => exchangeSecret(settings.exchange.id, credential));
  const missing = names.filter((name) => given[name] === undefined);
  return new Map([...(await openKeychain().readAll(missing)), ...Object.entries(given)]);
}

function deedsOf(place: GuardedPlace, keys: Promise<Keys>, log: Logger): GuardDeeds {
  return {
    async look() {
      return (await import('./guard-deeds.ts')).lookAtBooks(place);
    },
    async close() {
      const { closeFor } = await import('./guard-deeds.ts');
      const held = await keys;
      return closeFor(place, { read: (name) => held.get(name), sourceOf: () => 'memory' }, log);
    },
  };
}
