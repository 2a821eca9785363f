import { existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { StopOrigin } from '../../core/contract/index.ts';
import { LATCH_FILE } from '../../core/safety/index.ts';
import { booksInTrade, until } from './books-in-trade.ts';
import { TroubledProgram } from './ways/troubled-program.ts';

/**
 * The ways into the emergency stop of the real program, several at once, with a position and its stop at a venue, while
 * something is wrong. The venue's own lists say whether it worked.
 */

interface Fault {
  /** Puts it in force. @returns what puts it right again. */
  readonly plant: (troubled: TroubledProgram) => Promise<() => void | Promise<void>>;
  /** Whether the latch cannot be kept meanwhile: it holds in the program alone. */
  readonly inMemory?: boolean;
  /** Whether it may not hear who presses once more. */
  readonly isDeaf?: boolean;
  /** When it is put right; absent: when everything is closed. */
  readonly until?: (troubled: TroubledProgram) => boolean;
}

const nothing = (): void => undefined;
const BLOCKED_MS = 10_000;
/** Of whichever thread writes the latch. */
const THREADS = [0, 1, 2, 3, 4];

/** A file that takes nothing, which Linux has. */
const FULL = '/dev/full';

const FAULTS = {
  'nothing is wrong': { plant: async () => nothing },
  'the books are locked by another process': {
    async plant({ books }) {
      const other = new Sqlite(join(books.directory, 'sandbox.sqlite'));
      other.exec('BEGIN IMMEDIATE');
      return () => void other.close();
    },
  },
  'the books have no room for one more row': {
    async plant(troubled) {
      await troubled.get({ kind: 'books', full: true });
      return () => troubled.get({ kind: 'books', full: false });
    },
  },
  'the disk is full': {
    async plant({ books, program }) {
      const files = THREADS.map((thread) =>
        join(books.directory, `${LATCH_FILE}.${program.pid}.${thread}.tmp`),
      );
      for (const file of files) symlinkSync(FULL, file);
      return () => {
        for (const file of files) rmSync(file, { force: true });
      };
    },
    inMemory: true,
  },
  'the program cannot note itself': {
    async plant({ runtimeFolder }) {
      renameSync(runtimeFolder, `${runtimeFolder}-before`);
      writeFileSync(runtimeFolder, '');
      return nothing;
    },
  },
  'the program can open nothing more': {
    async plant(troubled) {
      await troubled.get({ kind: 'descriptors', taken: true });
      return () => troubled.get({ kind: 'descriptors', taken: false });
    },
    inMemory: true,
    isDeaf: true,
  },
  'the venue is down': {
    plant: async ({ books: { venue } }) =>
      venue.faults.raise({ name: 'bad-gateway', times: Number.POSITIVE_INFINITY }),
    until: ({ books: { venue } }) => venue.faults.strikes.some(({ subject }) => subject.startsWith('DELETE')),
  },
  'a comparison is under way': {
    plant: async ({ books: { venue } }) =>
      venue.faults.raise({ name: 'late-answer', on: 'GET', ms: 1_500, times: 6 }),
  },
  'the event loop stands still': {
    async plant(troubled) {
      await troubled.get({ kind: 'block', ms: BLOCKED_MS });
      return nothing;
    },
  },
} satisfies Record<string, Fault>;

interface Way {
  readonly from: StopOrigin;
  readonly press: (troubled: TroubledProgram) => Promise<unknown>;
  /** What it answers to who pressed. */
  readonly answer: (isDurable: boolean) => unknown;
}

const signed = (durable: boolean) => ({ status: 200, body: { engaged: true, durable } });
const WAYS = {
  button: {
    from: 'button',
    press: (troubled) => troubled.button(),
    answer: (isDurable) => ({
      engaged: true,
      failures: isDurable ? [] : [expect.stringContaining('cannot be written')],
    }),
  },
  'the button of a page that is gone': {
    from: 'button',
    press: (troubled) => troubled.lastButton(),
    answer: () => undefined,
  },
  'a signed request to the API': {
    from: 'signed-request',
    press: (troubled) => troubled.signed('api'),
    answer: signed,
  },
  'a signed request beside it': {
    from: 'signed-request',
    press: (troubled) => troubled.signed('kill-port'),
    answer: signed,
  },
  'tradebot kill': {
    from: 'command-line',
    press: (troubled) => troubled.command('--data-dir', troubled.books.directory),
    answer: () => ({ exitCode: 0, stderr: '', stdout: expect.stringContaining('flat, verified') }),
  },
} satisfies Record<string, Way>;

const TRIED: readonly (readonly [keyof typeof FAULTS, readonly (keyof typeof WAYS)[]])[] = [
  ['nothing is wrong', ['button', 'a signed request beside it', 'tradebot kill']],
  ['the books are locked by another process', ['a signed request to the API', 'tradebot kill']],
  ['the books have no room for one more row', ['a signed request beside it', 'button']],
  ['the disk is full', ['button', 'a signed request beside it']],
  ['the program cannot note itself', ['tradebot kill']],
  ['the program can open nothing more', ['button', 'tradebot kill']],
  ['the venue is down', ['the button of a page that is gone', 'a signed request beside it']],
  ['a comparison is under way', ['a signed request to the API', 'button']],
  ['the event loop stands still', ['a signed request beside it', 'tradebot kill']],
];
const HERE = TRIED.filter(([fault]) => fault !== 'the disk is full' || existsSync(FULL));

test.each(HERE)('while %s everything is latched first, and closed once, by %j', async (name, names) => {
  const books = await booksInTrade('binance-spot');
  const troubled = await TroubledProgram.on(books, onTestFinished);
  const { truth, venue } = books;
  const { plant, inMemory = false, isDeaf = false, until: isOver }: Fault = FAULTS[name];
  const ways: readonly Way[] = names.map((each) => WAYS[each]);
  await troubled.openPage();
  expect([truth.held(), truth.working()]).toEqual([['BTC'], 1]);
  const isLatched: boolean[] = [];
  venue.onArrival((route) => {
    if (/^(POST|DELETE) .*order/i.test(route)) isLatched.push(troubled.latch() !== undefined);
  });

  const mend = await plant(troubled);
  const answering = Promise.all(ways.map(({ press }) => press(troubled)));
  if (isOver !== undefined) {
    await until(() => isOver(troubled));
    expect([truth.held(), truth.working()]).toEqual([['BTC'], 1]);
    await mend();
  }
  const answers = await answering;
  expect(answers).toMatchObject(ways.map(({ answer }) => answer(!inMemory)));
  await until(() => truth.held().length === 0 && truth.working() === 0);
  await mend();
  await until(async () => (await troubled.status()).killSwitch.stage === 'flat');
  await until(() => troubled.latch() !== undefined);

  expect(await troubled.status()).toMatchObject({ trading: 'halted', killSwitch: { engaged: true } });
  expect([truth.held(), truth.working()]).toEqual([[], 0]);
  expect(isLatched.length).toBeGreaterThan(0);
  if (!inMemory) expect(new Set(isLatched)).toEqual(new Set([true]));
  // What is latched in memory alone no other process knows of.
  const activations = await troubled.history();
  if (!inMemory) expect(activations).toHaveLength(1);
  const origins = activations.flatMap(({ from, again }) => [from, ...again.map((press) => press.from)]);
  const heard = ways.filter(({ from }) => !isDeaf || origins.includes(from));
  expect(new Set(origins)).toEqual(new Set(heard.map(({ from }) => from)));
  expect(origins.length).toBeGreaterThan(0);
});
