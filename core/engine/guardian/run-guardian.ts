import type { Clock, Timers } from '../../domain/index.ts';
import { Guard, type GuardDeeds } from './guard.ts';
import type { GuardedProgram, GuardianKeys, ToGuardian } from './guardian-protocol.ts';

export interface GuardianTime {
  /** The machine's, as it is set. */
  readonly clock: Clock;
  readonly timers: Timers;
}

type Keys = ReadonlyMap<string, string>;

/**
 * The guardian's life, from the program's first word on. Resolves when there is nothing to guard any more. What is large is
 * loaded when it is needed, which is hardly ever: this process stands beside the program all day.
 */
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
  { place, keys }: Extract<ToGuardian, { kind: 'guard' }>,
  time: GuardianTime,
): Promise<void> {
  // Read at the start, while somebody can be told that there are none.
  const held = heldKeys(keys).catch(() => new Map(Object.entries(keys.given)));
  const deeds: GuardDeeds = {
    async look() {
      return (await import('./guard-deeds.ts')).lookAt(place);
    },
    async close() {
      const { closeFor } = await import('./guard-deeds.ts');
      return closeFor(place, await held);
    },
  };
  const watching = new Guard({ place, program, deeds, ...time }).run();
  program.send({ kind: 'ready', hasKeys: (await held).size > 0 });
  await watching;
}

async function heldKeys({ inKeychain, given }: GuardianKeys): Promise<Keys> {
  const others = Object.entries(given);
  if (inKeychain.length === 0) return new Map(others);
  const { openKeychain } = await import('../installation/keychain.ts');
  return new Map([...(await openKeychain().readAll(inKeychain)), ...others]);
}
