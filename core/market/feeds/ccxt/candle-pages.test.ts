import { describe, expect, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { CandlePages } from './candle-pages.ts';
import { FakeCandleVenue, MINUTE_MS, OPENING } from './testing/fake-candle-venue.ts';
import { VenueTime } from './venue-time.ts';

const BTC = 'BTC/USDT';
const at = (minute: number): number => OPENING + minute * MINUTE_MS;

function scene(history: number, isThere?: (back: number) => boolean) {
  const timers = new VirtualTimers();
  const venue = new FakeCandleVenue(timers, [BTC]);
  venue.addHistory(BTC, history, isThere);
  const clock = { now: () => OPENING + timers.now() };
  const time = new VenueTime({ line: venue.line, clock, timers });
  return { venue, timers, time, pages: new CandlePages({ line: venue.line, timeframe: '1m', time }) };
}

const times = (candles: readonly { openTime: number }[]): number[] =>
  candles.map(({ openTime }) => (openTime - OPENING) / MINUTE_MS);

describe('candles by pages', () => {
  test('come whole over any number of pages, each of the size that the venue gives', async () => {
    const { venue, pages } = scene(1_000);
    const candles = await pages.all(BTC, at(-1_000), null);
    expect(times(candles)).toEqual(Array.from({ length: 1_000 }, (_, index) => index - 1_000));
    expect(venue.asked).toHaveLength(4);
  });

  test('a venue that answers with stretches of time is asked past a long silence', async () => {
    const { venue, pages } = scene(2_000, (back) => back > 1_800 || back <= 10);
    venue.answer = (rows) => {
      const since = venue.asked.at(-1)?.since ?? 0;
      return rows.filter(([time = 0]) => time < since + 300 * MINUTE_MS);
    };
    const candles = await pages.all(BTC, at(-2_000), null);
    expect(candles).toHaveLength(210);
    expect(times(candles).at(-1)).toBe(-1);
  });

  test('a venue that gives the newest whatever is asked for is taken as it is', async () => {
    const { venue, pages } = scene(500);
    venue.answer = (rows) => rows.slice(-50);
    expect(times(await pages.all(BTC, at(-20), at(-21)))).toEqual(times(await pages.all(BTC, at(-20), null)));
  });

  test('that there is nothing is believed when it is said twice', async () => {
    const { venue, pages } = scene(10);
    let cut = true;
    venue.answer = (rows) => {
      const answer = cut ? [] : rows;
      cut = false;
      return answer;
    };
    expect(await pages.all(BTC, at(-10), null)).toHaveLength(10);
  });

  test('an answer without the bar that the venue surely has is an error', async () => {
    const { venue, pages } = scene(10);
    venue.answer = (rows) => rows.slice(3);
    await expect(pages.page(BTC, at(-5), at(-6))).rejects.toThrow(
      'lacks the bar of 2024-12-31T23:54:00.000Z',
    );
  });

  test.each<[string, unknown, number]>([
    ['as ccxt says', { spot: { fetchOHLCV: { limit: 200 } } }, 200],
    ['500 where it says nothing', undefined, 500],
    ['500 where it says nothing of candles', { spot: { fetchTrades: {} } }, 500],
    ['500 where it says nonsense', { spot: { fetchOHLCV: { limit: 0 } } }, 500],
  ])('a page has as many as the venue gives: %s', async (_, features, size) => {
    const { venue, pages } = scene(2_000);
    Object.assign(venue, { features });
    const page = await pages.page(BTC, at(-2_000), null);
    expect(page.candles.length).toBe(size);
    expect(page.next).toBe(at(size - 2_000));
  });
});

describe("the venue's time", () => {
  test('is measured, and again after five minutes or when a clock has jumped', async () => {
    const { venue, timers } = scene(1);
    let jumpMs = 0;
    const clock = { now: () => OPENING + timers.now() + jumpMs };
    const time = new VenueTime({ line: venue.line, clock, timers });
    venue.aheadMs = 2_500;
    expect([time.isDue, time.settledMs]).toEqual([true, 30_000]);
    await time.measure();
    expect([time.isDue, time.settledMs]).toEqual([false, 2_000]);
    expect(time.now()).toBe(venue.now());
    jumpMs = -3_600_000;
    expect(time.isDue).toBe(true);
    await time.measure();
    expect(time.now()).toBe(venue.now());
    await timers.pass(299_000);
    expect(time.isDue).toBe(false);
    await timers.pass(1_000);
    expect(time.isDue).toBe(true);
  });

  test('is at least that of a bar that has begun there', async () => {
    const { venue, time, pages } = scene(1);
    venue.aheadMs = 5 * MINUTE_MS;
    venue.trade(BTC, 100);
    await pages.newest(BTC);
    expect(time.now()).toBe(at(5));
  });

  test('once it is measured, no bar that is yet to come moves it', async () => {
    const { venue, time, pages } = scene(3);
    await time.measure();
    venue.aheadMs = 5 * MINUTE_MS;
    venue.trade(BTC, 100);
    await expect(pages.newest(BTC)).rejects.toThrow('a bar that is yet to come');
    expect(time.now()).toBe(OPENING);
  });

  test('an answer that is no time changes nothing', async () => {
    const { venue, time } = scene(1);
    venue.fetchTime = async () => undefined;
    await expect(time.measure()).rejects.toThrow('does not say what time it is');
    expect(time.now()).toBe(OPENING);
  });
});
