import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromGuardian, GuardianProcess } from './guardian-protocol.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts a guardian as a process of Node's. It hears of keys over its line only. */
export function forkGuardian(
  environment: Environment,
  file = fileURLToPath(new URL('./guardian-process.ts', import.meta.url)),
): GuardianProcess {
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: withoutSecrets(environment),
    // Of a session of its own: what ends the program's terminal does not end it.
    detached: true,
    windowsHide: true,
  });
  child.unref();
  child.channel?.unref();
  return {
    pid: child.pid,
    send(message) {
      // That it has ended is told by its exit.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromGuardian)),
    onExit(listener) {
      child.once('exit', (code, signal) => listener(`it ended ${signal ?? `with ${code}`}`));
      child.once('error', (error) => listener(`it could not be started: ${error.message}`));
    },
    end: () => void child.kill('SIGKILL'),
    leave() {
      if (child.connected) child.disconnect();
    },
  };
}

/** Keys in the environment are not passed on by it: what a process inherits, its children and its crash reports have. */
export function withoutSecrets(environment: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('TRADEBOT_SECRET_')),
  );
}
