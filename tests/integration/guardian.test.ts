import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KillSwitch } from '../../core/safety/index.ts';
import { type BooksInTrade, booksInTrade, until, wait } from './books-in-trade.ts';
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

test('a guardian that is killed is missed and started again, and closes for a program that hangs', async () => {
  const books = await booksInTrade('binance-spot');
  const { truth } = books;
  const host = await GuardedHost.on(books, runningFolder());
  const first = await host.guardian();
  process.kill(first.pid, 'SIGKILL');
  await until(async () => (await host.guardian()).state === 'missing');
  await until(async () => (await host.guardian()).state === 'watching');
  const second = await host.guardian();
  expect([second.restarts, second.pid === first.pid]).toEqual([1, false]);
  expect((await host.look()).alerts).toEqual(
    expect.arrayContaining(['critical: The guardian has ended', 'info: The guardian is back']),
  );
  // What it was told of the keys is in no place where another program reads.
  const seen = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${second.pid}/${name}`, 'utf8'));
  expect(seen.join().includes(books.venue.secret)).toBe(false);

  expect([truth.held().length > 0, truth.working() > 0]).toEqual([true, true]);
  host.signal('SIGSTOP');
  await until(() => host.latch() !== undefined);
  expect(host.latch()).toMatchObject({ by: 'the guardian', from: 'guardian' });
  await until(() => truth.held().length === 0 && truth.working() === 0);
  const sent = truth.sent();
  await wait(4_000);
  host.signal('SIGCONT');
  await until(async () => (await host.look()).stage === 'flat');
  expect((await host.look()).trading).toBe('halted');
  expect([truth.sent(), truth.held(), truth.working()]).toEqual([sent, [], 0]);
  expect(lives(second.pid)).toBe(true);
  await host.stop();
  expect(lives(second.pid)).toBe(false);
});

describe('a program that crashes with something open', () => {
  test('is closed for, and then the guardian has nothing to do any more', async () => {
    const books = await booksInTrade('binance-spot');
    const { truth } = books;
    const host = await GuardedHost.on(books, runningFolder());
    const { pid } = await host.guardian();
    await host.crash();
    await until(() => truth.held().length === 0 && truth.working() === 0);
    await until(() => !lives(pid));
    expect(host.latch()).toMatchObject({ from: 'guardian' });
  });

  test('and is started again at once is not fought, nor is who ends it on purpose', async () => {
    const books = await booksInTrade('binance-spot');
    const { truth } = books;
    const running = runningFolder();
    const host = await GuardedHost.on(books, running);
    const { pid } = await host.guardian();
    await host.crash();
    const next = await GuardedHost.on(books, running);
    await until(() => !lives(pid));
    const { pid: nextPid } = await next.guardian();
    await next.stop();
    expect(lives(nextPid)).toBe(false);
    await wait(4_000);
    expect(next.latch()).toBeUndefined();
    expect([truth.held().length > 0, truth.working() > 0]).toEqual([true, true]);
  });
});
