import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import { testVenue } from '../../../tests/contracts/simulated-venue.ts';
import {
  type FillQuery,
  ManualClock,
  SILENT_LOGGER,
  type StateStore,
  VenueError,
  type VenueFault,
  type VenueFill,
  type VenueProfile,
} from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { FillMarks } from './fill-marks.ts';
import { FillReader } from './fill-reader.ts';

const HOUR_MS = 3_600_000;

/** A list of fills an hour apart, told two at a time. */
function build(count: number, fillsLookBackMs: VenueProfile['fillsLookBackMs'] = null) {
  const fills: VenueFill[] = Array.from({ length: count }, (_, index) =>
    fillOf(`t${index}`, 'a', { time: (index + 1) * HOUR_MS }),
  );
  const queries: FillQuery[] = [];
  const told: string[] = [];
  const clock = new ManualClock(count * HOUR_MS);
  const refuses: { cursor: string; fault: VenueFault } = { cursor: '', fault: 'rejected' };
  const exchange = {
    profile: { ...testVenue().exchange.profile, fillsLookBackMs },
    fills: async (query: FillQuery) => {
      queries.push(query);
      if (query.cursor === refuses.cursor) throw new VenueError(refuses.fault, 'no such page');
      const from =
        query.cursor === null ? fills.findIndex(({ time }) => time >= query.since) : Number(query.cursor);
      const start = from === -1 ? fills.length : from;
      const page = fills.slice(start, start + 2);
      const end = start + page.length;
      return { fills: page, cursor: String(end), more: end < fills.length };
    },
  };
  const state = new MemoryStateStore();
  const durable = { until: Number.POSITIVE_INFINITY };
  /** A reader as each process has one. */
  const start = (venue = 'venue', store: StateStore = state) =>
    new FillReader({
      exchange,
      clock,
      marks: new FillMarks({
        state: store,
        venue,
        isDurable: (_symbol, until) => until <= durable.until,
        log: SILENT_LOGGER,
      }),
      onFill: ({ tradeId }) => told.push(tradeId),
      overlapMs: 2 * HOUR_MS,
    });
  return { reader: start(), start, fills, queries, told, clock, state, durable, refuses };
}

describe('reading fills', () => {
  test('goes from page to page until nothing is left', async () => {
    const { reader, told, queries } = build(5);
    await reader.read('BTC/USDT', 0);
    expect(told).toEqual(['t0', 't1', 't2', 't3', 't4']);
    expect(queries.map(({ cursor }) => cursor)).toEqual([null, '2', '4']);
  });

  test('V7 an order of three weeks ago does not have three weeks of fills read again', async () => {
    const { reader, told, queries, fills, clock } = build(500);
    await reader.read('BTC/USDT', 0);
    expect(queries).toHaveLength(250);
    told.length = 0;
    queries.length = 0;

    fills.push(fillOf('new', 'a', { time: 501 * HOUR_MS }));
    clock.advanceTo(501 * HOUR_MS);
    await reader.read('BTC/USDT', 0);
    expect(queries.length).toBeLessThanOrEqual(3);
    expect(told.at(-1)).toBe('new');
  });

  test('what may still show up late is read again', async () => {
    const { reader, told } = build(6);
    await reader.read('BTC/USDT', 0);
    told.length = 0;
    await reader.read('BTC/USDT', 0);
    // Fills of the last two hours, and what shares a page with them.
    expect(told).toEqual(['t2', 't3', 't4', 't5']);
  });

  test('asked for something earlier than it has read, it begins there', async () => {
    const { reader, told } = build(6);
    await reader.read('BTC/USDT', 5 * HOUR_MS);
    expect(told).toEqual(['t2', 't3', 't4', 't5']);
    told.length = 0;
    await reader.read('BTC/USDT', 0);
    expect(told).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
  });

  test('asked for less than it has read, it begins no earlier', async () => {
    const { reader, queries } = build(500);
    await reader.read('BTC/USDT', 0);
    queries.length = 0;
    await reader.read('BTC/USDT', 501 * HOUR_MS);
    expect(queries).toEqual([{ symbol: 'BTC/USDT', cursor: null, since: 499 * HOUR_MS }]);
  });

  test('does not ask for what the venue’s list no longer reaches', async () => {
    const { reader, queries, told } = build(500, 10 * HOUR_MS);
    await reader.read('BTC/USDT', 0);
    expect(queries[0]?.since).toBe(490 * HOUR_MS);
    expect(told[0]).toBe('t489');
  });

  test('a page that leads nowhere ends the reading', async () => {
    const stuck: FillQuery[] = [];
    const endless = new FillReader({
      exchange: {
        profile: testVenue().exchange.profile,
        fills: async (query) => {
          stuck.push(query);
          return { fills: [], cursor: 'here', more: true };
        },
      },
      clock: new ManualClock(0),
      marks: new FillMarks({
        state: new MemoryStateStore(),
        venue: 'venue',
        isDurable: () => true,
        log: SILENT_LOGGER,
      }),
      onFill: () => undefined,
    });
    await endless.read('BTC/USDT', 0);
    expect(stuck.map(({ cursor }) => cursor)).toEqual([null, 'here']);
  });

  test('each symbol has a place of its own', async () => {
    const { reader, queries } = build(500);
    await reader.read('BTC/USDT', 0);
    queries.length = 0;
    await reader.read('ETH/USDT', 0);
    expect(queries[0]).toEqual({ symbol: 'ETH/USDT', cursor: null, since: 0 });
  });
});

describe('after a restart', () => {
  test('what was read is not read again, and what came meanwhile is', async () => {
    const { reader, start, told, queries, fills, clock } = build(500);
    await reader.read('BTC/USDT', 0);
    told.length = 0;
    queries.length = 0;
    fills.push(fillOf('new', 'a', { time: 501 * HOUR_MS }));
    clock.advanceTo(501 * HOUR_MS);
    await start().read('BTC/USDT', 0);
    expect(queries.length).toBeLessThanOrEqual(3);
    expect(told).toEqual(['t496', 't497', 't498', 't499', 'new']);
  });

  test('on a venue that reaches back a while it goes on where it was, too', async () => {
    const { reader, start, told, clock } = build(500, 100 * HOUR_MS);
    await reader.read('BTC/USDT', 0);
    told.length = 0;
    clock.advanceTo(501 * HOUR_MS);
    await start().read('BTC/USDT', 0);
    expect(told).toEqual(['t497', 't498', 't499']);
  });

  test('it begins where it is needed after a time longer than the venue reaches back', async () => {
    const { reader, start, queries, clock } = build(500, 100 * HOUR_MS);
    await reader.read('BTC/USDT', 0);
    queries.length = 0;
    clock.advanceTo(700 * HOUR_MS);
    await start().read('BTC/USDT', 0);
    expect(queries).toEqual([{ symbol: 'BTC/USDT', cursor: null, since: 600 * HOUR_MS }]);
  });

  test('fills that were told and not yet written down are told again', async () => {
    const { reader, start, told, durable } = build(500);
    durable.until = 0;
    await reader.read('BTC/USDT', 0);
    told.length = 0;
    await start().read('BTC/USDT', 0);
    expect(told).toHaveLength(500);
  });

  test('and are not once they have been written down since', async () => {
    const { reader, start, told, durable, queries } = build(500);
    durable.until = 0;
    await reader.read('BTC/USDT', 0);
    durable.until = 1_000 * HOUR_MS;
    await reader.read('BTC/USDT', 0);
    told.length = 0;
    queries.length = 0;
    await start().read('BTC/USDT', 0);
    expect(queries.length).toBeLessThanOrEqual(3);
  });

  test('each symbol’s place is kept', async () => {
    const { reader, start, queries } = build(500);
    await reader.read('BTC/USDT', 0);
    await reader.read('ETH/USDT', 0);
    queries.length = 0;
    const again = start();
    await again.read('BTC/USDT', 0);
    await again.read('ETH/USDT', 0);
    expect(queries.map(({ cursor }) => cursor)).toEqual(['496', '498', '496', '498']);
  });

  test('another venue’s places are none', async () => {
    const { reader, start, queries } = build(500);
    await reader.read('BTC/USDT', 0);
    queries.length = 0;
    await start('another').read('BTC/USDT', 0);
    expect(queries[0]?.cursor).toBeNull();
  });

  test('a place that the venue no longer knows is none either', async () => {
    const { reader, start, told, queries, refuses } = build(500);
    await reader.read('BTC/USDT', 0);
    told.length = 0;
    queries.length = 0;
    refuses.cursor = '496';
    const again = start();
    await expect(again.read('BTC/USDT', 0)).rejects.toThrow('no such page');
    expect(queries.slice(0, 2).map(({ cursor }) => cursor)).toEqual(['496', null]);
    refuses.cursor = '';
    await again.read('BTC/USDT', 0);
    expect(told.at(-1)).toBe('t499');
  });

  test('a venue that does not answer is asked for the same place again', async () => {
    const { reader, start, queries, refuses } = build(500);
    await reader.read('BTC/USDT', 0);
    queries.length = 0;
    refuses.cursor = '496';
    refuses.fault = 'unavailable';
    const again = start();
    await expect(again.read('BTC/USDT', 0)).rejects.toThrow('no such page');
    refuses.cursor = '';
    await again.read('BTC/USDT', 0);
    expect(queries.map(({ cursor }) => cursor)).toEqual(['496', '496', '498']);
  });

  test('a document that cannot be read, or not be written, only means reading more', async () => {
    const { reader, start, told, state } = build(500);
    await reader.read('BTC/USDT', 0);
    state.write('fill-marks', { documentVersion: 1, value: { venue: 'venue', marks: [7] } });
    const broken: StateStore = {
      read: (name) => state.read(name),
      write: () => {
        throw new Error('disk full');
      },
    };
    told.length = 0;
    const again = start('venue', broken);
    await again.read('BTC/USDT', 0);
    expect(told).toHaveLength(500);
    told.length = 0;
    await again.read('BTC/USDT', 0);
    expect(told).toHaveLength(4);
  });
});

test('a list of fills without an end is not read for ever', async () => {
  const { clock, state } = build(0);
  let pages = 0;
  const exchange = {
    profile: testVenue().exchange.profile,
    fills: async () => {
      pages += 1;
      return { fills: [], cursor: String(pages), more: pages < 100_000 };
    },
  };
  const marks = new FillMarks({ state, venue: 'venue', isDurable: () => true, log: SILENT_LOGGER });
  const reader = new FillReader({ exchange, clock, marks, onFill: () => undefined });
  const failure = await reader.read('BTC/USDT', 0).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    fault: 'uncertain',
    message: "the list of BTC/USDT's fills has no end: 2000 pages were read",
  });
  expect(pages).toBe(2_000);
});
