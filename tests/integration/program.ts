import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestStop } from '../../core/engine/installation/stop-request.ts';
import { PLATFORM } from '../../core/platform/index.ts';

/** The program as a trader starts it, for tests: a process of its own on a data directory of its own. */

const ROOT = join(import.meta.dirname, '..', '..');
const TRADEBOT = join(ROOT, 'scripts', 'tradebot.mjs');

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end. */
export function tradebot(...args: readonly string[]): CommandResult {
  const run = spawnSync(process.execPath, [TRADEBOT, ...args], { encoding: 'utf8', env: cleanEnvironment() });
  return { exitCode: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** The same without holding this process up: for commands that talk to a server in the test. */
export function tradebotBeside(...args: readonly string[]): Promise<CommandResult> {
  return tradebotWith({}, ...args);
}

/** The same from another folder, with secrets, say, in its environment. */
export async function tradebotWith(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CommandResult> {
  const env = { ...cleanEnvironment(), ...environment };
  const child = spawn(process.execPath, [TRADEBOT, ...args], { env, cwd: tmpdir() });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout, stderr };
}

/** How the trading loop is started on a directory, with the flags that follow. */
export function runFlags(directory: string, flags: readonly string[]): readonly string[] {
  return ['run', '--headless', '--no-open', '--port', '0', '--data-dir', directory, ...flags];
}

/** A process of the program's. @param isTalkedTo whether its parent sends it messages. */
export function spawnProgram(
  [executable = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  isTalkedTo = false,
): ChildProcess {
  return spawn(executable, args, {
    stdio: ['ignore', 'pipe', 'pipe', ...(isTalkedTo ? (['ipc'] as const) : [])],
    env: { ...cleanEnvironment(), ...environment },
  });
}

/** The URL at which a program is ready. @throws Error when it ends before. */
export async function readyAt(child: ChildProcess): Promise<string> {
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += String(chunk);
  });
  return new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      const found = /^Ready: (\S+)$/m.exec(String(chunk));
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`the program ended with ${code}: ${complaints}`)));
  });
}

export class RunningProgram {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #directory: string;

  constructor(url: string, process: ChildProcess, directory: string) {
    this.url = url;
    this.#process = process;
    this.#directory = directory;
  }

  /** Starts the headless host and waits until it is ready. */
  static start(directory: string, ...flags: readonly string[]): Promise<RunningProgram> {
    return RunningProgram.startWith({}, directory, ...flags);
  }

  /** The same with secrets, say, in its environment. */
  static async startWith(
    environment: Readonly<Record<string, string>>,
    directory: string,
    ...flags: readonly string[]
  ): Promise<RunningProgram> {
    const command = [process.execPath, TRADEBOT, ...runFlags(directory, flags)];
    const child = spawnProgram(command, environment);
    return new RunningProgram(await readyAt(child), child, directory);
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Of its own process. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** A REST call with the API token. */
  async get(path: string): Promise<unknown> {
    const response = await fetch(`${this.origin}/api/v1/${path}`, { headers: this.#headers() });
    return response.json();
  }

  /** Calls a method of the contract. */
  async call(method: string, params: object): Promise<unknown> {
    const response = await fetch(`${this.origin}/api/v1/call/${method}`, {
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (!response.ok) throw new Error(answer.error?.message ?? `status ${response.status}`);
    return answer.result;
  }

  #headers(): { authorization: string } {
    const token = readFileSync(join(this.#directory, 'api-token'), 'utf8').trim();
    return { authorization: `Bearer ${token}` };
  }

  /** Ends it politely and waits. Under Windows no program hears another's signal: it is asked as by `tradebot stop`. */
  async stop(): Promise<void> {
    if (PLATFORM !== 'win32') return this.#end('SIGTERM');
    await this.#endBy(() => requestStop(this.#directory, this.pid, Date.now()));
  }

  /** Ends it as a crash would: nothing is cleaned up. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Holds it up where it is, as a machine that swaps does, or a debugger; `thaw` lets it go on. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    return this.#endBy(() => void this.#process.kill(signal));
  }

  async #endBy(ask: () => void): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    ask();
    await ended;
  }
}

/** A folder for one test, removed by the disposer. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tradebot-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Programs of one test file know of each other, and of no others. */
const RUNTIME_FOLDER = mkdtempSync(join(tmpdir(), 'tradebot-running-'));
process.once('exit', () => rmSync(RUNTIME_FOLDER, { recursive: true, force: true }));

/** The environment without settings and running programs of the machine's own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TRADEBOT_'));
  return { ...Object.fromEntries(others), TRADEBOT_RUNTIME_DIR: RUNTIME_FOLDER };
}
