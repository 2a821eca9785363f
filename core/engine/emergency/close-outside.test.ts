import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import { type DeskUnderTest, DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { baseAmount, SILENT_LOGGER } from '../../domain/index.ts';
import { KillSwitch, OwnedFile } from '../../safety/index.ts';
import { openDatabase, SqliteOrderLedger, SqliteStateStore } from '../../storage/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { type BooksAtRest, booksAtRest, hasBooks } from './books-at-rest.ts';
import { closeOutside, type OutsideOutcome, type OutsideParts } from './close-outside.ts';

const { folder } = temporaryDatabases();

/** A program with 2 coins of ours, their stop and an order, beside 5 coins and an order of the trader's, that hangs. */
async function hung(given: { readonly owned?: boolean } = {}) {
  const directory = folder();
  const file = join(directory, 'live.sqlite');
  const database = openDatabase({ file, owner: 'live' });
  const desk = executionDesk({
    symbols: [SPOT],
    profile: { ...DOUBTFUL, account: 'shared' },
    ledger: new SqliteOrderLedger(database),
    state: new SqliteStateStore(database),
  });
  desk.exchange.mute = true;
  await desk.venue.exchange.submit(intentOf('by-hand', { amount: 5 }));
  await desk.venue.exchange.submit(intentOf('resting', { limitPrice: 50 }));
  desk.venue.step(SPOT, flat(100));
  desk.exchange.mute = false;
  desk.protect(90);
  const time = desk.venue.clock.now();
  await desk.enter(desk.ids.make({ symbol: SPOT, time, purpose: 'entry', ordinal: 0 }), 100, { amount: 2 });
  await desk.place(desk.ids.make({ symbol: SPOT, time, purpose: 'entry', ordinal: 1 }), { limitPrice: 60 });
  desk.desk.close();
  database.close();
  if (given.owned === true) {
    const owned = new OwnedFile({
      ...{ directory, mode: 'live', orderIdPrefix: 'test', clock: desk.venue.clock, log: SILENT_LOGGER },
    });
    owned.note(new Map([[SPOT, baseAmount(2)]]));
    await owned.settled();
  }
  const killSwitch = new KillSwitch({ directory, clock: desk.venue.clock });
  killSwitch.latch('it hangs', 'a test');
  const coins = async () => (await desk.venue.exchange.account()).assets.get('BTC')?.total.toFixed();
  return { directory, file, desk, killSwitch, coins };
}

/** As if an older copy had been put in the place of the books. */
function setBack(file: string): void {
  for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true });
  openDatabase({ file, owner: 'live' }).close();
}

/** Closes from outside in virtual time, while the market goes on. */
async function outside(
  { desk, killSwitch }: { readonly desk: DeskUnderTest; readonly killSwitch: KillSwitch },
  books: BooksAtRest,
  given: Partial<OutsideParts> & { readonly onLine?: (line: string) => unknown } = {},
): Promise<OutsideOutcome & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const ended: OutsideOutcome[] = [];
  const { onLine = () => undefined, ...others } = given;
  const work = closeOutside({
    ...{ symbols: [SPOT], orderIdPrefix: 'test', books, venue: desk.exchange, killSwitch },
    ...{ clock: desk.venue.clock, timers: desk.timers, log: SILENT_LOGGER },
    mayClose: () => null,
    onProgress: (line) => {
      lines.push(line);
      onLine(line);
    },
    ...others,
  });
  void work.then((outcome) => ended.push(outcome));
  while (ended.length === 0) {
    await desk.timers.pass(100);
    desk.venue.step(SPOT, flat(100));
  }
  books.close();
  return { ...(await work), lines };
}

describe('what a program that hangs has open', () => {
  test('is closed by its books, and the trader’s own coins and orders are left', async () => {
    const { directory, coins, ...scene } = await hung();
    const result = await outside(scene, booksAtRest({ directory, mode: 'live' }));
    expect(result).toMatchObject({
      flat: true,
      failures: [],
      symbols: [{ venue: scene.desk.exchange.id, symbol: SPOT, before: '2, 2 orders', after: 'flat' }],
    });
    expect(result.lines.at(-1)).toContain('still flat');
    expect(await coins()).toBe('5');
    expect(await scene.desk.there()).toEqual(['resting']);
  });

  test('is closed by the file beside the latch where the books cannot be read, which is said', async () => {
    const { directory, file, coins, ...scene } = await hung({ owned: true });
    writeFileSync(file, 'damaged');
    const books = booksAtRest({ directory, mode: 'live' });
    const result = await outside(scene, books);
    expect(await coins()).toBe('5');
    expect(await scene.desk.there()).toEqual(['resting']);
    expect(result).toMatchObject({ flat: false, failures: [expect.stringContaining('cannot be read')] });
  });

  test('is not closed once more from the trader’s own coins when a kill is run again by that file', async () => {
    const { directory, file, coins, ...scene } = await hung({ owned: true });
    writeFileSync(file, 'damaged');
    await outside(scene, booksAtRest({ directory, mode: 'live' }));
    // Longer than a fill may take to show up among older ones.
    for (let step = 0; step < 60; step += 1) scene.desk.venue.step(SPOT, flat(100));
    await outside(scene, booksAtRest({ directory, mode: 'live' }));
    expect(await coins()).toBe('5');
  });

  test('is closed by that file where the books were set back to before it was bought, which is said', async () => {
    const { directory, file, coins, ...scene } = await hung({ owned: true });
    setBack(file);
    const result = await outside(scene, booksAtRest({ directory, mode: 'live' }));
    expect(await coins()).toBe('5');
    expect(await scene.desk.there()).toEqual(['resting']);
    expect(result).toMatchObject({ flat: false, failures: [expect.stringContaining('is older than')] });
  });

  test('is closed once by that file, also where the clock by which it was written is ahead of the venue', async () => {
    const { directory, file, coins, ...scene } = await hung();
    const clock = { now: () => scene.desk.venue.clock.now() + 1e10 };
    const owned = new OwnedFile({
      directory,
      mode: 'live',
      orderIdPrefix: 'test',
      clock,
      log: SILENT_LOGGER,
    });
    owned.note(new Map([[SPOT, baseAmount(2)]]));
    await owned.settled();
    writeFileSync(file, 'damaged');
    await outside(scene, booksAtRest({ directory, mode: 'live' }));
    expect(await coins()).toBe('5');
  });

  test('is closed by its books where the file is older than they are', async () => {
    const { directory } = await hung({ owned: true });
    const clock = { now: () => 0 };
    const owned = new OwnedFile({
      directory,
      mode: 'live',
      orderIdPrefix: 'test',
      clock,
      log: SILENT_LOGGER,
    });
    owned.note(new Map([[SPOT, baseAmount(3)]]));
    await owned.settled();
    const books = booksAtRest({ directory, mode: 'live' });
    expect(books.fault).toBeNull();
    expect(books.holdings(() => undefined).owned()).toEqual(new Map([[SPOT, baseAmount(2)]]));
    books.close();
  });

  test('is not sold where nobody knows what is ours: our orders are taken back', async () => {
    const { directory, file, coins, ...scene } = await hung();
    writeFileSync(file, 'damaged');
    const result = await outside(scene, booksAtRest({ directory, mode: 'live' }));
    expect(await scene.desk.there()).toEqual(['resting']);
    expect(await coins()).toBe('7');
    expect(result.flat).toBe(false);
    expect(result.failures[0]).toContain('only orders are found, by their ids');
  });

  test('is left when the right to close it is lost', async () => {
    const { directory, coins, ...scene } = await hung();
    const result = await outside(scene, booksAtRest({ directory, mode: 'live' }), {
      mayClose: () => 'the right is lost',
    });
    expect(result.flat).toBe(false);
    expect(result.failures.join()).toContain('the right is lost');
    expect(result.symbols).toMatchObject([{ after: expect.stringContaining('the right is lost') }]);
    expect(await coins()).toBe('7');
  });

  test('and arrives at the venue after that was flat is closed as well', async () => {
    const { directory, coins, ...scene } = await hung();
    const { desk } = scene;
    const late = desk.ids.make({ symbol: SPOT, time: desk.venue.clock.now(), purpose: 'entry', ordinal: 9 });
    const arrivals: Promise<unknown>[] = [];
    const result = await outside(scene, booksAtRest({ directory, mode: 'live' }), {
      onLine: (line) => {
        if (arrivals.length > 0 || !line.includes('once more')) return;
        arrivals.push(desk.venue.exchange.submit(intentOf(late, { limitPrice: 40, amount: 1 })));
      },
    });
    await Promise.all(arrivals);
    expect(result.flat).toBe(true);
    expect(result.lines.join()).toContain('something has appeared');
    expect(await desk.there()).toEqual(['resting']);
  });

  test('is not verified where the venue falls silent after it was flat', async () => {
    const { directory, coins, ...scene } = await hung();
    const { desk } = scene;
    const result = await outside(scene, booksAtRest({ directory, mode: 'live' }), {
      onLine: () => {
        desk.exchange.instead.account = () => Promise.reject(new Error('nobody answers'));
      },
    });
    expect(await coins()).toBe('5');
    expect(result.flat).toBe(false);
    expect(result.failures.join()).toContain('has not answered since');
  });
});

test('a mode has books where it has a database or a file of what is its own', async () => {
  const { directory } = await hung();
  expect(hasBooks({ directory, mode: 'live' })).toBe(true);
  expect(hasBooks({ directory, mode: 'sandbox' })).toBe(false);
});
