import { outlive } from '../core/engine/guardian/forked-line.ts';
import type { GuardedProgram, ToGuardian } from '../core/engine/guardian/guardian-protocol.ts';
import { runGuardian } from '../core/engine/guardian/run-guardian.ts';
import { MACHINE_CLOCK, SYSTEM_TIMERS } from '../core/engine/installation/system-timers.ts';

/** The desktop's guardian: a utility process, which watches the main process and closes what is open when that hangs. */

const { parentPort } = process;
const program: GuardedProgram = {
  send: (message) => parentPort.postMessage(message),
  onMessage: (listener) => {
    // The program sends nothing else.
    parentPort.on('message', ({ data }) => listener(data as ToGuardian));
  },
  // Chromium ends this process with the one that it belongs to.
  onGone: () => undefined,
};

outlive();
await runGuardian(program, { clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS });
process.exit(0);
