import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../contract/index.ts';
import type { Candle } from '../domain/index.ts';
import type { HistorySeries } from '../engine/index.ts';
import { backtest } from './backtest.ts';
import { backtestTable } from './report.ts';

const HOUR = 3_600_000;

function wave(bars: number, symbol = 'BTC/USDT', phase = 0): HistorySeries {
  const closeAt = (hour: number): number =>
    1_000 + 100 * Math.sin(hour / 60 + phase) + 8 * Math.sin(hour * 1.7);
  const candles = Array.from({ length: bars }, (_, hour): Candle => {
    const [open, close] = [closeAt(hour - 1), closeAt(hour)];
    const high = Math.max(open, close) + 3;
    return { openTime: hour * HOUR, open, high, low: Math.min(open, close) - 3, close, volume: 5_000 };
  });
  const report = {
    symbol,
    bars,
    from: 0,
    to: (bars - 1) * HOUR,
    gaps: 0,
    missingBars: 0,
    duplicates: 0,
    detailTimeframe: null,
  };
  return { symbol, bars: candles, report };
}

/** The same market told in units of another size. */
function scaledBy(factor: number, series: HistorySeries): HistorySeries {
  const bars = series.bars.map(({ openTime, open, high, low, close, volume }) => ({
    openTime,
    open: open * factor,
    high: high * factor,
    low: low * factor,
    close: close * factor,
    volume: volume / factor,
  }));
  return { ...series, bars };
}

function run(series: readonly HistorySeries[], given: Partial<Parameters<typeof backtest>[0]> = {}) {
  let now = 0;
  return backtest({
    settings: SettingsSchema.parse({ strategy: { id: 'ensemble' }, safety: { stopAtr: 4 } }),
    series,
    agents: 'offline',
    modelSets: [],
    llm: null,
    monotonicMs: () => (now += 1_000),
    ...given,
  });
}

describe('a backtest', () => {
  it('says how far its trades went against it and in its favour, by regime and by exit', async () => {
    const result = await run([wave(2_500)], { auditCuts: 0 });
    const { excursions, trades } = result;
    expect(trades).toBeGreaterThan(0);
    expect(excursions.all).toMatchObject({ trades, rows: [{ key: '', trades }] });
    expect(excursions.regime.rows.every(({ key }) => key !== '')).toBe(true);
    for (const by of ['regime', 'exit', 'symbol', 'side'] as const)
      expect(excursions[by].rows.reduce((sum, row) => sum + row.trades, 0)).toBe(trades);
    const [all] = excursions.all.rows;
    expect(all?.r.adverse.count).toBe(trades);
    expect(all?.pct.adverse.ninetieth).toBeGreaterThan(0);
    expect(backtestTable(result).after.join('\n')).toContain('largest excursions while open');
  });

  it('#21 decides on every bar, counts fees, passes its audit and is the same each time', async () => {
    const result = await run([wave(2_500)]);
    expect(result).toMatchObject({
      bars: 2_500,
      decisions: 2_500,
      interrupted: false,
      audit: { passed: true },
    });
    expect(result.trades).toBeGreaterThan(3);
    expect(result.fees).toBeGreaterThan(0);
    expect(result.audit?.lookAhead.decisionsCompared).toBeGreaterThan(800);
    expect(result.audit?.warmUp.decisionsCompared).toBeGreaterThan(0);
    expect(Object.values(result.reasons).reduce((sum, count) => sum + count, 0)).toBe(2_500);
    expect((await run([wave(2_500)])).resultHash).toBe(result.resultHash);
  });

  it('says what getting in has cost, beside what had been expected; as a maker it costs less where it fills', async () => {
    const settings = (execution: object) =>
      SettingsSchema.parse({
        strategy: { id: 'ensemble' },
        execution,
        safety: { stopAtr: 4 },
        simulation: { makerFeeBps: 2, takerFeeBps: 10, spreadBps: 4, slippageBps: 3, latencyMs: 0 },
      });
    const taker = await run([wave(2_500)], { auditCuts: 0, settings: settings({}) });
    expect(taker.entryCost).toMatchObject({ madeShare: 0 });
    expect(taker.entryCost?.expectedBps).toBeCloseTo(15, 9);
    expect(taker.entryCost?.feeBps).toBeCloseTo(10, 1);
    const making = { entry: 'maker-first', timeoutMs: 3_600_000, afterTimeout: 'give-up' };
    const maker = await run([wave(2_500)], { auditCuts: 1, settings: settings(making) });
    expect(maker.audit?.passed).toBe(true);
    expect(maker.entryCost).toMatchObject({ madeShare: 1 });
    expect(maker.entryCost?.expectedBps).toBeCloseTo(2, 9);
    expect(maker.entryCost?.slippageBps).toBeLessThan(0);
    const again = await run([wave(2_500)], { auditCuts: 0, settings: settings(making) });
    expect(again.resultHash).toBe(maker.resultHash);
    const line = backtestTable(maker).after.find((each) => each.startsWith('getting in'));
    expect(line).toMatch(
      /^getting in cost -?[\d.]+ bps, 2\.0 were expected \(fees 2\.0, slippage -[\d.]+, 100 % /,
    );
  });

  it.each([
    ['taker', 60_000, 0],
    ['maker-first', 60_000, 1],
    ['maker-first', 3_600_000, 0],
  ] as const)(
    'entering as %s for %d ms, says where candles are too coarse for that',
    async (entry, timeoutMs, notes) => {
      const settings = SettingsSchema.parse({
        strategy: { id: 'ensemble' },
        execution: { entry, timeoutMs },
      });
      const result = await run([wave(900)], { auditCuts: 0, settings });
      expect(result.notes).toHaveLength(notes);
      for (const note of result.notes)
        expect(note).toMatch(/^execution\.timeoutMs of 60 s is shorter than the candles/);
    },
  );

  it('runs several symbols together and shares the capital of buy and hold', async () => {
    const result = await run([wave(1_200), wave(1_200, 'ETH/USDT', 2)], { auditCuts: 0 });
    expect(result).toMatchObject({ bars: 2_400, decisions: 2_400, audit: null });
    expect(result.baselines.buyAndHold.sharpe).toBeNull();
    expect(result.baselines.flat).toEqual({ netProfitPct: 0, maxDrawdownPct: 0, sharpe: null, fees: 0 });
  });

  it.each([
    ['under a satoshi', 1e-12],
    ['in the thousand millions', 1e6],
  ])('gives the same result at prices %s', async (_, factor) => {
    const usual = await run([wave(2_500)], { auditCuts: 0 });
    const scaled = await run([scaledBy(factor, wave(2_500))], { auditCuts: 0 });
    expect(usual.trades).toBeGreaterThan(3);
    expect(scaled.reasons).toEqual(usual.reasons);
    expect([scaled.trades, scaled.fills]).toEqual([usual.trades, usual.fills]);
    expect(scaled.netProfitPct).toBeCloseTo(usual.netProfitPct, 2);
    expect(scaled.fees / usual.fees).toBeCloseTo(1, 3);
  });

  it('says of perpetuals, before any figure, what their result leaves out', async () => {
    const words =
      'perpetuals are simulated without funding and liquidation: results flatter positions held long';
    const result = await run([wave(900, 'BTC/USDT:USDT')], { auditCuts: 0 });
    expect(result.notes).toEqual([words]);
    expect(backtestTable(result).before[0]).toBe(`note: ${words}`);
    expect((await run([wave(900)], { auditCuts: 0 })).notes).toEqual([]);
  });

  it.each([
    [['BTC/USDT', 'ETH/BTC'], 'ETH/BTC is counted in BTC and BTC/USDT in USDT'],
    [['BTC/USD:BTC'], 'BTC/USD:BTC is an inverse contract'],
  ])('of %j is refused', async (symbols, words) => {
    await expect(run(symbols.map((symbol) => wave(900, symbol)))).rejects.toThrow(words);
  });

  it('fills on finer candles where there are some, and says so', async () => {
    const bars = wave(900);
    const minutes = bars.bars.flatMap(({ openTime, open, high, low, close }): Candle[] => [
      { openTime, open, high, low, close: low, volume: 100 },
      { openTime: openTime + HOUR / 2, open: low, high: close, low, close, volume: 100 },
    ]);
    const report = { ...bars.report, detailTimeframe: '30m' as const };
    const result = await run([{ ...bars, detail: minutes, detailMs: HOUR / 2, report }], { auditCuts: 0 });
    expect(result.bars).toBe(900);
    expect(backtestTable(result).before[0]).toContain('filled on 30m bars');
  });

  it('stops when told to, with what was done, and without an audit of half a run', async () => {
    const stop = new AbortController();
    const result = await run([wave(6_000)], { signal: stop.signal, onProgress: () => stop.abort() });
    expect(result).toMatchObject({ interrupted: true, audit: null, bars: 2_000 });
    expect(backtestTable(result).after[0]).toContain('Stopped before the end');
  });

  it('shows a red audit first', async () => {
    const result = await run([wave(900)], { auditCuts: 0 });
    const check = { passed: true, cuts: 1, decisionsCompared: 1, mismatches: [] };
    const wrong = { symbol: 'BTC/USDT', barOpenTime: 0, expected: 'BUY', found: 'HOLD' };
    const red = { ...check, passed: false, mismatches: [wrong] };
    const table = backtestTable({ ...result, audit: { passed: false, lookAhead: red, warmUp: check } });
    expect(table.before[0]).toContain('audit, look-ahead: FAILED');
    expect(table.before[1]).toContain('BUY became HOLD');
    expect(table.before.at(-1)).toContain('900 bars');
  });

  it('gives no ratio where the sample is too small', async () => {
    const result = await run([wave(300)], { auditCuts: 0 });
    expect(result).toMatchObject({ sharpe: null, winRate: null });
    expect(backtestTable(result).after.join(' ')).toContain('too few for the ratios');
  });
});
