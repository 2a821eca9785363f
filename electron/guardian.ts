import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { GuardianProcess } from '../core/engine/index.ts';
import { withoutSecrets } from '../core/engine/index.ts';

/** Bundled beside the main process. */
const FILE = join(import.meta.dirname, 'guardian-process.js');

/** Starts a guardian as a utility process: the packaged binary runs nothing else as Node does. */
export function spawnGuardian(environment: Readonly<Record<string, string | undefined>>): GuardianProcess {
  const child = utilityProcess.fork(FILE, [], {
    env: withoutSecrets(environment),
    stdio: 'ignore',
    serviceName: 'LLM-TradeBot guardian',
  });
  let hasEnded = false;
  child.once('exit', () => {
    hasEnded = true;
  });
  return {
    get pid() {
      return child.pid;
    },
    send(message) {
      // Electron ends the main process where something is sent to one that has just ended.
      if (!hasEnded) child.postMessage(message);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', (code) => listener(`it ended with ${code}`));
    },
    end() {
      // A polite signal is one that it outlives.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
    // It goes with the program, whatever becomes of that.
    leave: () => undefined,
  };
}
