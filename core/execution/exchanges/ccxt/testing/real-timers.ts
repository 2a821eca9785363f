import { setTimeout as sleep } from 'node:timers/promises';
import type { Timers } from '../../../../domain/index.ts';

/** Real time, for tests with real sockets. */
export const REAL_TIMERS: Timers = {
  monotonicMs: () => performance.now(),
  async wait(ms, signal) {
    try {
      await sleep(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
    } catch {
      // Called off: that is how a wait ends early.
    }
  },
};
