import { type ChildProcess, fork } from 'node:child_process';
import type { FromHost, SeenStatus, ToHost } from './host/messages.ts';

/** How it ended: by a signal, or by itself. */
export interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  /** The last that it said of its errors. */
  readonly errors: string;
}

const ERRORS_KEPT = 2_000;

/** One life of the program: a process of its own, which ends only by its death or its runner's. */
export class ProcessUnderTest {
  /** Told each failure in words. */
  readonly failures: string[] = [];
  readonly loaded: Promise<void>;
  readonly #child: ChildProcess;
  #status: SeenStatus | null = null;
  #started = false;
  #ended: Ended | null = null;
  #errors = '';
  #killed = false;
  /** Who waits for an answer or the end. */
  #waiting: (() => void)[] = [];

  /** @param file what `bundleHost` made. */
  constructor(file: string) {
    this.#child = fork(file, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    this.#child.stderr?.on('data', (words: Buffer) => {
      this.#errors = `${this.#errors}${words.toString()}`.slice(-ERRORS_KEPT);
    });
    // What was sent to a process that dies is lost with it; its end is heard below.
    this.#child.on('error', () => undefined);
    this.loaded = this.#answer();
    this.#child.on('message', (message: FromHost) => this.#hear(message));
    this.#child.on('exit', (code, signal) => {
      this.#ended = { code, signal, errors: this.#errors };
      this.#wake();
    });
  }

  get started(): boolean {
    return this.#started;
  }

  get status(): SeenStatus | null {
    return this.#status;
  }

  get ended(): Ended | null {
    return this.#ended;
  }

  /** Whether its end was its runner's wish. */
  get killed(): boolean {
    return this.#killed;
  }

  open(order: Omit<Extract<ToHost, { kind: 'open' }>, 'kind'>): void {
    this.#send({ kind: 'open', ...order });
  }

  /** Resolves when all had its turn, or with its end. */
  async time(now: number, skewMs: number): Promise<void> {
    await this.#ask({ kind: 'time', now, skewMs });
  }

  async turn(): Promise<void> {
    await this.#ask({ kind: 'turn' });
  }

  /** As `kill -9` does it; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#ended !== null) return;
    this.#killed = true;
    const gone = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
    });
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #ask(message: ToHost): Promise<void> {
    if (this.#ended !== null) return;
    const answer = this.#answer();
    this.#send(message);
    await answer;
  }

  #answer(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #send(message: ToHost): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #hear(message: FromHost): void {
    if (message.kind === 'loaded' || message.kind === 'turned') this.#wake();
    else if (message.kind === 'started') this.#started = true;
    else if (message.kind === 'status') this.#status = message.status;
    else this.failures.push(message.words);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
