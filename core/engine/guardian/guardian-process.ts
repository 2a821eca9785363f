import { MACHINE_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { forkingProgram, outlive } from './forked-line.ts';
import { runGuardian } from './run-guardian.ts';

/** A process of its own: it watches the program, and closes what is open when that hangs or is gone. */

outlive();
await runGuardian(forkingProgram(), { clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS });
process.exit(0);
