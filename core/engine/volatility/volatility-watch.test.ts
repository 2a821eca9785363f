import { afterAll, describe, expect, it } from 'vitest';
import type { Candle, Timeframe } from '../../domain/index.ts';
import { generatedCandles, HOUR_MS, START } from '../../features/testing/generated-candles.ts';
import { DirectRunner, type FoundVolatilitySet, ModelRefusal } from '../../inference/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { openVolatilitySets } from '../voices/volatility.ts';
import { historicalOutlooks } from './historical-outlooks.ts';
import { VolatilityWatch } from './volatility-watch.ts';

const DAY_MS = 24 * HOUR_MS;
const SYMBOLS = ['BTC/USDT', 'ETH/USDT'];
const [BTC = '', ETH = ''] = SYMBOLS;
const shipped = openVolatilitySets();
const runner = new DirectRunner();
afterAll(() => runner.close());

/** Made-up hours that end when this moment comes. */
function hours(seed: number, count: number, end: string): Candle[] {
  const shift = Date.parse(end) - count * HOUR_MS - START;
  return generatedCandles(seed, count).map((candle) => ({ ...candle, openTime: candle.openTime + shift }));
}

interface WatchOptions {
  readonly found?: readonly FoundVolatilitySet[];
  readonly timeframe?: Timeframe;
  readonly state?: MemoryStateStore;
  readonly now?: string;
}

function watchOf({
  found = shipped,
  timeframe = '1h',
  state = new MemoryStateStore(),
  now = '2026-01-01',
}: WatchOptions = {}) {
  return new VolatilityWatch({ found, runner, timeframe, symbols: SYMBOLS, state, now: Date.parse(now) });
}

/** Bars of both symbols, the warm-up apart from what comes after it. */
function market(after: number, end = '2026-01-01') {
  const lengths = { warm: 900, all: 900 + after };
  const last = new Date(Date.parse(end) + after * HOUR_MS).toISOString();
  const all = new Map(SYMBOLS.map((symbol, seed) => [symbol, hours(seed + 1, lengths.all, last)]));
  const warmUp = new Map([...all].map(([symbol, bars]) => [symbol, bars.slice(0, lengths.warm)]));
  return { all, warmUp, end: Date.parse(end) };
}

async function run(
  watch: VolatilityWatch,
  { all, warmUp }: ReturnType<typeof market>,
  after: number,
): Promise<void> {
  await watch.warmUp(warmUp);
  for (let bar = 900; bar < 900 + after; bar += 1) {
    for (const [symbol, bars] of all) await watch.take(symbol, bars.slice(Math.max(0, bar - 24), bar + 1));
  }
}

describe('a forecast of volatility', () => {
  it('is there after the warm-up, of every symbol, with bands about 0 that hold one another', async () => {
    const watch = watchOf();
    const bars = market(0);
    await watch.warmUp(bars.warmUp);
    const { forecasts, set, message } = watch.view(bars.end);
    expect(set?.setId).toBe('volatility-2025-07');
    expect(message).toBe(
      'shown, recorded, and what the cost gate takes spread and slippage by; no direction comes of it',
    );
    expect(forecasts.map(({ symbol, at }) => [symbol, at])).toEqual(
      SYMBOLS.map((symbol) => [symbol, bars.end]),
    );
    for (const { sigma, low95, low80, high80, high95 } of forecasts.flatMap(({ horizons }) => horizons)) {
      expect(sigma).toBeGreaterThan(0);
      expect([low95, low80, 0, high80, high95]).toEqual(
        [low95, low80, 0, high80, high95].sort((a, b) => a - b),
      );
    }
  });

  it('follows what was measured: a market that moves ten times as much is foretold to', async () => {
    const still = market(0);
    const calm = new Map([...still.warmUp].map(([symbol, bars]) => [symbol, bars.map(calmed)]));
    const [loud, quiet] = [watchOf(), watchOf()];
    await loud.warmUp(still.warmUp);
    await quiet.warmUp(calm);
    const sigma = (watch: VolatilityWatch) => watch.of(BTC)?.horizons[0]?.sigma ?? Number.NaN;
    expect(sigma(loud) / sigma(quiet)).toBeGreaterThan(3);
  });

  it('is of the same bits whether bars came one by one or as a warm-up', async () => {
    const bars = market(30);
    const [one, other] = [watchOf(), watchOf()];
    await run(one, bars, 30);
    await other.warmUp(bars.all);
    // The bands may have learned something meanwhile; what is foretold is the same.
    expect(one.of(ETH)?.horizons[1]).toEqual(other.of(ETH)?.horizons[1]);
  });

  it('is the same whoever comes first of a moment: the others wait for bitcoin', async () => {
    const bars = market(3);
    const [first, last] = [watchOf(), watchOf()];
    await run(first, bars, 3);
    await last.warmUp(bars.warmUp);
    for (let bar = 900; bar < 903; bar += 1) {
      for (const symbol of [ETH, BTC])
        await last.take(symbol, (bars.all.get(symbol) ?? []).slice(bar - 24, bar + 1));
    }
    expect(last.of(ETH)).toEqual(first.of(ETH));
  });

  it('waits no longer than an hour for a bitcoin that does not come', async () => {
    const bars = market(2);
    const watch = watchOf();
    await watch.warmUp(bars.warmUp);
    const of = (symbol: string, bar: number) => (bars.all.get(symbol) ?? []).slice(bar - 24, bar + 1);
    await watch.take(ETH, of(ETH, 900));
    await watch.take(ETH, of(ETH, 901));
    await watch.take(BTC, of(BTC, 901));
    expect(watch.of(ETH)?.at).toBe(bars.end + 2 * HOUR_MS);
  });

  it('is none before 800 bars, and none of bars of another length', async () => {
    const young = watchOf();
    await young.warmUp(new Map([[BTC, hours(1, 700, '2026-01-01')]]));
    expect(young.of(BTC)).toBeUndefined();
    const minutes = watchOf({ timeframe: '15m' });
    await minutes.warmUp(market(0).warmUp);
    expect(minutes.view(Date.parse('2026-01-01')).message).toContain("read hourly bars, the chart's are 15m");
  });

  it('comes from the set that was valid at the moment', async () => {
    const bars = market(2, '2025-06-30T23:00:00Z');
    const watch = watchOf({ now: '2025-06-30T23:00:00Z' });
    await watch.warmUp(bars.warmUp);
    expect(watch.view(bars.end).set?.setId).toBe('volatility-2025-01');
    await watch.take(BTC, (bars.all.get(BTC) ?? []).slice(0, 902));
    expect(watch.view(bars.end).set?.setId).toBe('volatility-2025-07');
  });
});

describe('what was foretold before a bar', () => {
  it('is of the bar before it, and of no other', async () => {
    const watch = watchOf();
    const bars = market(2);
    await run(watch, bars, 2);
    const last = bars.end + 2 * HOUR_MS;
    expect(watch.before(ETH, last)?.at).toBe(last);
    expect(watch.before(ETH, last - HOUR_MS)?.at).toBe(last - HOUR_MS);
    expect(watch.before(ETH, last - 2 * HOUR_MS)).toBeNull();
    expect(watch.before(ETH, last + HOUR_MS)).toBeNull();
    expect(watch.before('SOL/USDT', last)).toBeNull();
  });

  it('is waited for by who asks whether it is under way', async () => {
    const watch = watchOf();
    const bars = market(0);
    expect(watch.underWay).toBeUndefined();
    const work = watch.warmUp(bars.warmUp);
    await watch.underWay;
    expect(watch.before(BTC, bars.end)).not.toBeNull();
    await work;
    expect(watch.underWay).toBeUndefined();
  });

  it('is the same over history as while the market moved', async () => {
    const watch = watchOf();
    const bars = market(30);
    const series = [...bars.all].map(([symbol, all]) => {
      return { symbol, bars: all.slice(900), warmUp: all.slice(0, 900) };
    });
    const sets = shipped.flatMap(({ set }) => (set === null ? [] : [set]));
    const over = await historicalOutlooks(series, '1h', sets, runner);
    await watch.warmUp(bars.warmUp);
    for (let bar = 900; bar < 930; bar += 1) {
      for (const [symbol, all] of bars.all) {
        const openTime = all[bar]?.openTime ?? Number.NaN;
        const { low80: _1, high80: _2, low95: _3, high95: _4, ...day } = over(symbol, openTime)?.day ?? {};
        // What the bands have learned while the program ran a run over history has not.
        expect(watch.before(symbol, openTime)).toMatchObject({ ...over(symbol, openTime), day });
      }
      for (const [symbol, all] of bars.all) await watch.take(symbol, all.slice(bar - 24, bar + 1));
    }
    expect(watch.before(ETH, bars.end + 30 * HOUR_MS)).toMatchObject({ past: 16, ahead: null });
  });

  it('over history is none of bars before every set, of another length, or without a set', async () => {
    const bars = market(10, '2024-12-31T20:00:00Z');
    const series = [...bars.all].map(([symbol, all]) => ({ symbol, bars: all }));
    const sets = shipped.flatMap(({ set }) => (set === null ? [] : [set]));
    const over = await historicalOutlooks(series, '1h', sets, runner);
    const first = Date.parse('2025-01-01');
    expect(over(BTC, first - HOUR_MS)).toBeNull();
    expect(over(BTC, first)?.setId).toBe('volatility-2025-01');
    expect((await historicalOutlooks(series, '15m', sets, runner))(BTC, first)).toBeNull();
    expect((await historicalOutlooks(series, '1h', [], runner))(BTC, first)).toBeNull();
  });

  it('does not change when the future is rewritten', async () => {
    const bars = market(20);
    const sets = shipped.flatMap(({ set }) => (set === null ? [] : [set]));
    const at = bars.end + 10 * HOUR_MS;
    const over = (change: (candle: Candle) => Candle) =>
      historicalOutlooks(
        [...bars.all].map(([symbol, all]) => {
          return { symbol, bars: all.map((one) => (one.openTime >= at ? change(one) : one)) };
        }),
        '1h',
        sets,
        runner,
      );
    const [own, other] = [await over((one) => one), await over(calmed)];
    expect(own(ETH, at)).not.toBeNull();
    expect(other(ETH, at)).toEqual(own(ETH, at));
    expect(other(ETH, at + 5 * HOUR_MS)).not.toEqual(own(ETH, at + 5 * HOUR_MS));
  });
});

describe('the record of what was foretold', () => {
  it('compares every eighth hour with what came, a day later, and outlives a restart', async () => {
    const state = new MemoryStateStore();
    const bars = market(49);
    const watch = watchOf({ state });
    await run(watch, bars, 49);
    const { live } = watch.view(bars.end);
    // Foretold at 0, 8 and 16 o'clock of two days and at the last midnight, of two symbols; the first day has come true.
    expect([live.matured, live.waiting]).toEqual([8, 6]);
    expect(live.within80).toBeGreaterThanOrEqual(0);
    expect(live.qlike?.used).toBeGreaterThan(0);
    expect(live.qlike?.formula).toBeGreaterThan(0);
    expect(watchOf({ state }).view(bars.end).live).toEqual(live);
  });

  it('begins anew with another set', async () => {
    const state = new MemoryStateStore();
    await run(watchOf({ state }), market(30), 30);
    const before = watchOf({ state, now: '2025-03-01' }).view(0).live;
    expect([before.matured, before.waiting]).toEqual([0, 0]);
  });

  it('forgets what was foretold when its bars never came', async () => {
    const bars = market(100);
    const watch = watchOf();
    await watch.warmUp(bars.warmUp);
    const [late] = (bars.all.get(BTC) ?? []).slice(-1);
    await watch.take(BTC, late === undefined ? [] : [late]);
    expect(watch.view(bars.end).live).toMatchObject({ matured: 0, waiting: 1 });
  });
});

describe('the end of a set', () => {
  it('is told once, 60 days before, and once more when it has come', () => {
    const watch = watchOf();
    const end = Date.parse('2028-01-01');
    expect(watch.notice(end - 62 * DAY_MS)).toBeNull();
    expect(watch.notice(end - 60 * DAY_MS)?.title).toBe('The volatility models expire soon');
    expect(watch.notice(end - 59 * DAY_MS)).toBeNull();
    expect(watch.notice(end + DAY_MS)?.title).toBe('The volatility models have expired');
    expect(watch.view(end - 30 * DAY_MS).message).toContain('volatility-2025-07 is good until 2028-01-01');
  });

  it('is not told of a set that another one follows', () => {
    expect(watchOf({ now: '2025-06-20' }).notice(Date.parse('2025-06-20'))).toBeNull();
  });

  it('leaves nothing foretold', async () => {
    const watch = watchOf({ now: '2028-02-01' });
    await watch.warmUp(market(0, '2028-02-01').warmUp);
    const view = watch.view(Date.parse('2028-02-01'));
    expect([view.set, view.forecasts]).toEqual([null, []]);
    expect(view.message).toContain('foretells nothing any more');
  });
});

describe('a set whose manifest was changed by hand', () => {
  it.each([1e6, -1e6])('shows nothing that cannot be: a scale of %s', async (scale) => {
    const found = shipped.map((each): FoundVolatilitySet => {
      if (each.set === null) return each;
      const { manifest } = each.set;
      const [day, week] = manifest.pool;
      const pool: typeof manifest.pool = [{ ...day, scale }, week];
      return { ...each, set: { ...each.set, manifest: { ...manifest, pool } } };
    });
    const watch = watchOf({ found });
    await watch.warmUp(market(0).warmUp);
    const { forecasts, message } = watch.view(Date.parse('2026-01-01'));
    expect(forecasts).toEqual([]);
    expect(message).toContain('foretells what cannot be');
  });
});

describe('without a set that may be used', () => {
  it('says why, and asks nobody', async () => {
    const refusal = new ModelRefusal('hash-mismatch', 'lstm.onnx: its SHA-256 is not the manifest’s');
    const watch = watchOf({ found: [{ folder: '', set: null, refusal }] });
    await watch.warmUp(market(0).warmUp);
    expect(watch.view(0)).toMatchObject({
      set: null,
      forecasts: [],
      message: refusal.message,
      expiresInDays: null,
    });
    expect(watchOf({ found: [] }).view(0).message).toContain('nothing is foretold');
  });
});

/** A tenth of every move, about the price it opened at. */
function calmed(candle: Candle): Candle {
  const tenth = (price: number) => 30_000 * (price / 30_000) ** 0.1;
  const [open, high, low, close] = [candle.open, candle.high, candle.low, candle.close].map(tenth);
  return { ...candle, open: open ?? 1, high: high ?? 1, low: low ?? 1, close: close ?? 1 };
}
