import { PLATFORM, stopSignals } from '../../platform/index.ts';
import type { FromGuardian, GuardedProgram, ToGuardian } from './guardian-protocol.ts';

/** The program, for a guardian that it has forked. */
export function forkingProgram(): GuardedProgram {
  return {
    send(message: FromGuardian) {
      // Nobody hears the last words to a program that is gone.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener: (message: ToGuardian) => void) => void process.on('message', listener),
    onGone(listener) {
      if (process.connected) process.on('disconnect', listener);
      else listener();
    },
  };
}

/**
 * What ends a whole session or a service is no reason to go before the program says that it is meant. Nor is a fault that
 * nobody has caught: what was being done then is tried again, and nobody starts a guardian whose program is gone.
 */
export function outlive(): void {
  for (const signal of stopSignals(PLATFORM)) process.on(signal, () => undefined);
  for (const fault of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(fault, () => undefined);
}
