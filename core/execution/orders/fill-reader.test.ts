import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import { testVenue } from '../../../tests/contracts/simulated-venue.ts';
import { type FillQuery, ManualClock, type VenueFill, type VenueProfile } from '../../domain/index.ts';
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
  const exchange = {
    profile: { ...testVenue().exchange.profile, fillsLookBackMs },
    fills: async (query: FillQuery) => {
      queries.push(query);
      const from =
        query.cursor === null ? fills.findIndex(({ time }) => time >= query.since) : Number(query.cursor);
      const start = from === -1 ? fills.length : from;
      const page = fills.slice(start, start + 2);
      const end = start + page.length;
      return { fills: page, cursor: String(end), more: end < fills.length };
    },
  };
  const reader = new FillReader({
    exchange,
    clock,
    onFill: ({ tradeId }) => told.push(tradeId),
    overlapMs: 2 * HOUR_MS,
  });
  return { reader, fills, queries, told, clock };
}

describe('reading fills', () => {
  test('goes from page to page until nothing is left', async () => {
    const { reader, told, queries } = build(5);
    await reader.read('BTC/USDT', 0);
    expect(told).toEqual(['t0', 't1', 't2', 't3', 't4']);
    expect(queries.map(({ cursor }) => cursor)).toEqual([null, '2', '4']);
  });

  test('an order of three weeks ago does not have three weeks of fills read again', async () => {
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
