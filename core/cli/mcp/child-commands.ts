import { spawn } from 'node:child_process';
import { CallError } from '../../contract/index.ts';

export interface CommandAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A backtest over years of minutes takes a while. */
const COMMAND_MS = 10 * 60_000;
/** Each takes a core; the program that trades may run on the same machine. */
const MOST_AT_ONCE = 2;

/** Commands of this program, each a process of its own that lives no longer than somebody waits for its answer. */
export class ChildCommands {
  readonly #start: readonly string[];
  readonly #ended = new AbortController();
  #running = 0;

  /** @param start what comes before each command: a script for Node, and its flags. */
  constructor(start: readonly string[]) {
    this.#start = start;
  }

  /**
   * Runs one to its end, or until its answer is not wanted any more.
   *
   * @throws CallError when too many run.
   */
  async run(args: readonly string[], unwanted: AbortSignal): Promise<CommandAnswer> {
    if (this.#running >= MOST_AT_ONCE) {
      throw new CallError(
        'UNAVAILABLE',
        `${MOST_AT_ONCE} commands run already: ask again when one has answered`,
        { retryable: true },
      );
    }
    this.#running += 1;
    try {
      return await this.#answer(args, AbortSignal.any([unwanted, this.#ended.signal]));
    } finally {
      this.#running -= 1;
    }
  }

  /** Ends all of them: nobody is there any more who asked. */
  end(): void {
    this.#ended.abort();
  }

  #answer(args: readonly string[], signal: AbortSignal): Promise<CommandAnswer> {
    const child = spawn(process.execPath, [...this.#start, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_MS,
      signal,
      windowsHide: true,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    return new Promise((resolve, reject) => {
      child.once('error', (error) => {
        // One that is ended is waited for until it is gone.
        if (!signal.aborted) reject(error);
      });
      child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  }
}
