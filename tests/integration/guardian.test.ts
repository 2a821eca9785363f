import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KillSwitch } from '../../core/safety/index.ts';
import { type BooksInTrade, booksInTrade, until } from './books-in-trade.ts';
import type { FromHost, Look, ToHost } from './guarded/host.ts';
import { temporaryFolder } from './program.ts';

/** Real processes: the program, its guardian, and a venue. The guardian's clock runs five times as fast as ours. */

const HOST = join(import.meta.dirname, 'guarded', 'host.ts');

class GuardedHost {
  readonly #child: ChildProcess;
  readonly #books: BooksInTrade;

  private constructor(child: ChildProcess, books: BooksInTrade) {
    this.#child = child;
    this.#books = books;
  }

  static async on(books: BooksInTrade, runtimeFolder: string): Promise<GuardedHost> {
    const child = fork(HOST, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const host = new GuardedHost(child, books);
    onTestFinished(() => host.crash());
    const { venue, directory, settings } = books;
    const { id } = settings.exchange;
    const keys = { [`exchange.${id}.apiKey`]: venue.apiKey, [`exchange.${id}.secret`]: venue.secret };
    host.#send({ kind: 'open', directory, runtimeFolder, settings, keys });
    const [answer] = (await once(child, 'message')) as [FromHost];
    if (answer.kind !== 'started') throw new Error(JSON.stringify(answer));
    await until(async () => (await host.guardian()).state === 'watching');
    return host;
  }

  async look(): Promise<Look> {
    this.#send({ kind: 'look' });
    const [answer] = (await once(this.#child, 'message')) as [FromHost];
    if (answer.kind !== 'look') throw new Error(JSON.stringify(answer));
    return answer;
  }

  async guardian(): Promise<{ readonly state: string; readonly restarts: number; readonly pid: number }> {
    const { guardian, guardianPid } = await this.look();
    return { ...(guardian as { state: string; restarts: number }), pid: guardianPid ?? 0 };
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#send({ kind: 'stop' });
    await ended;
  }

  async crash(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.signal('SIGKILL');
    await ended;
  }

  latch() {
    return new KillSwitch({ directory: this.#books.directory, clock: this.#books.venue.clock }).state();
  }

  #send(message: ToHost): void {
    this.#child.send(message);
  }
}

function runningFolder(): string {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  return join(folder.path, 'running');
}

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a guardian that is killed, or that hangs, is missed and started again, and closes for a program that hangs', async () => {
  const books = await booksInTrade('binance-spot');
  const { truth } = books;
  const host = await GuardedHost.on(books, runningFolder());
  const first = await host.guardian();
  process.kill(first.pid, 'SIGKILL');
  await until(async () => (await host.look()).alerts.includes('critical: The guardian has ended'));
  await until(async () => (await host.look()).alerts.includes('info: The guardian is back'));
  const second = await host.guardian();
  expect([second.restarts, second.pid === first.pid]).toEqual([1, false]);
  process.kill(second.pid, 'SIGSTOP');
  const alertsOf = async (words: string) =>
    (await host.look()).alerts.filter((line) => line === words).length;
  await until(async () => (await alertsOf('critical: The guardian has ended')) === 2);
  await until(async () => (await alertsOf('info: The guardian is back')) === 2);
  const { pid } = await host.guardian();
  expect([pid === second.pid, lives(second.pid)]).toEqual([false, false]);

  expect([truth.held().length > 0, truth.working() > 0]).toEqual([true, true]);
  host.signal('SIGSTOP');
  await until(() => host.latch() !== undefined);
  expect(host.latch()).toMatchObject({ by: 'the guardian', from: 'guardian' });
  await until(() => truth.held().length === 0 && truth.working() === 0);
  const sent = truth.sent();
  host.signal('SIGCONT');
  await until(async () => (await host.look()).stage === 'flat');
  expect((await host.look()).trading).toBe('halted');
  expect([truth.sent(), truth.held(), truth.working()]).toEqual([sent, [], 0]);
  expect(lives(pid)).toBe(true);
  await host.stop();
  await until(() => !lives(pid));
});

test('a crash with something open is closed for, but not where the program was started again or ended on purpose', async () => {
  const books = await booksInTrade('binance-spot');
  const { truth } = books;
  const running = runningFolder();
  const isOpen = () => truth.held().length > 0 && truth.working() > 0;

  const first = await GuardedHost.on(books, running);
  const { pid: ofFirst } = await first.guardian();
  await first.crash();
  const second = await GuardedHost.on(books, running);
  await until(() => !lives(ofFirst));
  expect([second.latch(), isOpen()]).toEqual([undefined, true]);

  const { pid: ofSecond } = await second.guardian();
  await second.stop();
  await until(() => !lives(ofSecond));
  expect([second.latch(), isOpen()]).toEqual([undefined, true]);

  const third = await GuardedHost.on(books, running);
  const { pid: ofThird } = await third.guardian();
  const shown = ['cmdline', 'environ'].map((name) => `/proc/${ofThird}/${name}`);
  // Where the system shows these as files.
  const seen = shown.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  expect(seen.join().includes(books.venue.secret)).toBe(false);
  await third.crash();
  // It goes when it has found everything flat, twice.
  await until(() => !lives(ofThird));
  expect(third.latch()).toMatchObject({ from: 'guardian' });
  expect([truth.held(), truth.working()]).toEqual([[], 0]);
});
