import { forkingProgram, outlive } from '../../../core/engine/guardian/forked-line.ts';
import { runGuardian } from '../../../core/engine/guardian/run-guardian.ts';
import { MACHINE_CLOCK, SYSTEM_TIMERS } from '../../../core/engine/installation/system-timers.ts';

/** The guardian with a clock that runs so many times as fast as ours: its 15 s are three of ours. */
const FAST = 5;

const began = MACHINE_CLOCK.now();

outlive();
await runGuardian(forkingProgram(), {
  clock: { now: () => began + (MACHINE_CLOCK.now() - began) * FAST },
  timers: {
    monotonicMs: () => SYSTEM_TIMERS.monotonicMs() * FAST,
    wait: (ms, signal) => SYSTEM_TIMERS.wait(ms / FAST, signal),
  },
});
process.exit(0);
