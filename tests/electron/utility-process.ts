import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

const PARENT_PORT = join(import.meta.dirname, 'parent-port.ts');

/** A process of Node's in the place of one of Electron's. Ours, too, does not outlive the main process. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(file: string, args: readonly string[], { env }: ForkOptions) {
    super();
    this.#child = fork(file, [...args], { env, stdio: 'ignore', execArgv: ['--import', PARENT_PORT] });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code, signal) => this.emit('exit', code ?? signal));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(message: object): void {
    this.#child.send(message);
  }
}

export const utilityProcess = {
  fork: (file: string, args: readonly string[], options: ForkOptions) =>
    new UtilityProcess(file, args, options),
};
