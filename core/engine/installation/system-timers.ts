import { setImmediate as giveWay, setTimeout as wait } from 'node:timers/promises';
import type { Clock, Timers } from '../../domain/index.ts';

/** Real time, for everything that runs outside a test. */
export const SYSTEM_TIMERS: Timers = {
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  async wait(ms, signal) {
    const how = signal === undefined ? {} : { signal };
    try {
      // A timer of nothing takes a whole millisecond.
      await (ms > 0 ? wait(ms, undefined, how) : giveWay(undefined, how));
    } catch (error) {
      // Aborted: the wait is over, which is all that was asked.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  },
};

/**
 * The machine's clock as it is set now: it goes on during a suspend and takes part in corrections, as the clocks of
 * those do who sign a request. Nothing may measure a duration by it.
 */
export const MACHINE_CLOCK: Clock = {
  // The one place where real time comes in.
  now: () => Date.now(),
};

/** Less than this between two clocks is a correction by which no time passes. */
const SET_MS = 1_000;

/**
 * A clock that goes as evenly as the timers do, and shows another time only when the machine's was set, or went on while
 * the timers rested: during a suspend.
 */
export function followedClock(machine: Clock, { monotonicMs }: Pick<Timers, 'monotonicMs'>): Clock {
  let origin = machine.now() - monotonicMs();
  return {
    now() {
      const own = origin + monotonicMs();
      const shown = machine.now();
      if (Math.abs(shown - own) <= SET_MS) return Math.round(own);
      origin = shown - monotonicMs();
      return shown;
    },
  };
}

/** The wall's clock. */
export const SYSTEM_CLOCK: Clock = followedClock(MACHINE_CLOCK, SYSTEM_TIMERS);
