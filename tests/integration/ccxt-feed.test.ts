import { describe, expect, onTestFinished, test } from 'vitest';
import { type MarketEvent, SILENT_LOGGER } from '../../core/domain/index.ts';
import { dialectOf, openCcxt } from '../../core/execution/index.ts';
import { CcxtFeed } from '../../core/market/index.ts';
import type { VenueOptions } from '../venue/start-venue.ts';
import { during, passing, timersOf } from '../venue/testing/venue-time.ts';
import { testVenue } from '../venue/testing/with-venue.ts';
import type { Venue } from '../venue/venue.ts';

const BTC = 'BTC/USDT';
const ETH = 'ETH/USDT';
const MINUTE_MS = 60_000;

/** ccxt's own class on the local venue, in the venue's time, and what the feed on it told. */
async function listening(symbols: readonly string[] = [BTC], options: VenueOptions = {}) {
  const venue = await testVenue({ symbols: [BTC, ETH], ...options });
  const dialect = dialectOf(options.dialect === 'binance-usdm' ? 'binanceusdm' : 'binance');
  if (dialect === undefined) throw new TypeError('there is no dialect of this venue');
  const clock = { now: () => venue.now() };
  const timers = timersOf(venue);
  const endpoint = { rest: venue.restUrl, ws: venue.wsUrl };
  const opened = await openCcxt({ dialect, endpoint, clock, timers, log: SILENT_LOGGER });
  const feed = new CcxtFeed({
    ccxt: opened,
    timeframe: '1m',
    clock,
    timers,
    log: SILENT_LOGGER,
  });
  const stop = new AbortController();
  onTestFinished(async () => {
    stop.abort();
    await feed.close();
  });
  await during(venue, feed.open({ symbols }));
  const events: MarketEvent[] = [];
  void (async () => {
    for (let event = await feed.next(stop.signal); event !== undefined; event = await feed.next(stop.signal))
      events.push(event);
  })();
  const bars = (symbol: string) =>
    events.flatMap((event) => (event.kind === 'bar' && event.symbol === symbol ? [event.candle] : []));
  return { venue, feed, events, bars };
}

/** The venue's own candles of these minutes, as it lists them. */
async function listed(venue: Venue, times: readonly number[], root = '/api/v3'): Promise<readonly unknown[]> {
  const url = new URL(
    `${root}/klines?symbol=BTCUSDT&interval=1m&startTime=${times[0]}&limit=${times.length}`,
    venue.restUrl,
  );
  const rows = (await (await fetch(url)).json()) as readonly (readonly unknown[])[];
  return rows.map((row) => row.slice(0, 6).map(Number));
}

const told = (candles: readonly { openTime: number }[]): unknown[] =>
  candles.map((candle) => {
    const { openTime, open, high, low, close, volume } = candle as Record<string, number>;
    return [openTime, open, high, low, close, volume];
  });

describe('the market data of a venue through ccxt’s own class', () => {
  test('has the history and then every bar as the venue lists it', async () => {
    const { venue, feed, bars, events } = await listening([BTC, ETH]);
    expect(feed.warmUp(BTC).length).toBeGreaterThanOrEqual(119);
    await passing(venue, 6 * MINUTE_MS);
    const candles = bars(BTC);
    expect(candles.length).toBeGreaterThanOrEqual(5);
    expect(bars(ETH).length).toBeGreaterThanOrEqual(5);
    expect(told(candles)).toEqual(
      await listed(
        venue,
        candles.map(({ openTime }) => openTime),
      ),
    );
    expect(candles[0]?.openTime).toBe((feed.warmUp(BTC).at(-1)?.openTime ?? 0) + MINUTE_MS);
    expect(events.some(({ kind }) => kind === 'gap')).toBe(false);
    expect(feed.connection(BTC)).toEqual({ state: 'connected', message: '' });
  });

  test('of perpetuals likewise', async () => {
    const perpetual = 'BTC/USDT:USDT';
    const { venue, bars, feed } = await listening([perpetual], { dialect: 'binance-usdm' });
    await passing(venue, 4 * MINUTE_MS);
    const candles = bars(perpetual);
    expect(candles.length).toBeGreaterThanOrEqual(3);
    const times = candles.map(({ openTime }) => openTime);
    expect(told(candles)).toEqual(await listed(venue, times, '/fapi/v1'));
    expect(feed.connection(perpetual).state).toBe('connected');
  });

  test.each([
    ['sockets that drop', [{ name: 'dropped-sockets', at: 90_000 }]],
    ['sockets that are half open', [{ name: 'half-open-sockets', at: 90_000, forMs: 100_000 }]],
    [
      'bodies that are cut',
      [
        { name: 'half-open-sockets', at: 90_000 },
        { name: 'cut-json', at: 80_000, forMs: 70_000, on: '/klines' },
      ],
    ],
    [
      'a gateway that fails',
      [
        { name: 'half-open-sockets', at: 90_000 },
        { name: 'bad-gateway', at: 80_000, forMs: 70_000, on: '/klines' },
      ],
    ],
    ['a frame of garbage', [{ name: 'garbage-frame', at: 80_000 }]],
    [
      'everything at once',
      [
        { name: 'half-open-sockets', at: 80_000 },
        { name: 'bad-gateway', at: 82_000, forMs: 48_000, on: '/klines' },
        { name: 'cut-json', at: 130_000, forMs: 30_000, on: '/klines' },
        { name: 'dropped-sockets', at: 230_000 },
      ],
    ],
  ] as const)('comes through %s with every bar once, in order and whole', async (_, faults) => {
    const { venue, bars, events, feed } = await listening([BTC], { faults });
    await passing(venue, 7 * MINUTE_MS);
    const candles = bars(BTC);
    const times = candles.map(({ openTime }) => openTime);
    expect(times).toEqual(times.map((_time, index) => (times[0] ?? 0) + index * MINUTE_MS));
    expect(times.at(-1)).toBeGreaterThanOrEqual(venue.now() - 3 * MINUTE_MS);
    expect(told(candles)).toEqual(await listed(venue, times));
    expect(events.some(({ kind }) => kind === 'gap')).toBe(false);
    expect(feed.connection(BTC).state).toBe('connected');
    const struck = new Set(venue.faults.strikes.map(({ name }) => name));
    expect(struck).toEqual(new Set(faults.map(({ name }) => name)));
  });
});
