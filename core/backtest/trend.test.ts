import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../contract/index.ts';
import { type Candle, SeededRandom } from '../domain/index.ts';
import type { HistorySeries } from '../engine/index.ts';
import { backtest } from './backtest.ts';
import { runOnce } from './run.ts';

const HOUR = 3_600_000;
const DAYS = 230;
const CUT = 190 * 24;

/** Trends of weeks, with noise; from `CUT` on by another seed where one is given. */
function history(symbol: string, seed: number, later = seed): HistorySeries {
  let random = new SeededRandom(seed);
  let [close, drift] = [1_000, 0];
  const bars = Array.from({ length: DAYS * 24 }, (_, hour): Candle => {
    if (hour === CUT && later !== seed) random = new SeededRandom(later);
    if (hour % 400 === 0) drift = (random.next() - 0.45) * 0.003;
    const open = close;
    close *= 1 + drift + (random.next() - 0.5) * 0.012;
    const [high, low] = [Math.max(open, close) * 1.001, Math.min(open, close) * 0.999];
    return { openTime: hour * HOUR, open, high, low, close, volume: 50_000 };
  });
  const report = { gaps: 0, missingBars: 0, duplicates: 0, detailTimeframe: null };
  return {
    symbol,
    bars,
    report: { ...report, symbol, bars: bars.length, from: 0, to: (bars.length - 1) * HOUR },
  };
}

const settings = SettingsSchema.parse({ strategy: { id: 'trend' } });
const shared = { settings, agents: 'offline', modelSets: [], llm: null } as const;
const series = [history('BTC/USDT', 3), history('ETH/USDT', 4)];

describe('trend over history', () => {
  it('changes no decision when the future is rewritten', async () => {
    const rewritten = [history('BTC/USDT', 3, 33), history('ETH/USDT', 4, 44)];
    const [before, after] = [
      await runOnce({ ...shared, series }),
      await runOnce({ ...shared, series: rewritten }),
    ];
    const known = (run: typeof before) => run.traces.filter(({ barOpenTime }) => barOpenTime < CUT * HOUR);
    expect(known(after)).toEqual(known(before));
    // And so that this means something: much was decided before, and other things after.
    expect(known(before).filter(({ outcome }) => outcome.includes('traded')).length).toBeGreaterThan(10);
    expect(after.traces).not.toEqual(before.traces);
  });

  it('passes the audit, and stands beside what it has to beat, year by year', async () => {
    let now = 0;
    const result = await backtest({ ...shared, series, auditCuts: 2, monotonicMs: () => (now += 1_000) });
    expect(result.audit).toMatchObject({ passed: true });
    expect(result.audit?.warmUp.decisionsCompared).toBeGreaterThan(0);
    const { comparison } = result;
    expect(comparison?.years).toHaveLength(1);
    expect(comparison?.random.draws).toBe(1_000);
    expect(comparison?.averageInvestedPct).toBeGreaterThan(1);
    // A third way to the same number: what the account came to.
    const [year] = comparison?.years ?? [];
    expect(year?.returnPct).toBeCloseTo(result.netProfitPct, 0);
    expect(comparison?.hold.maxDrawdownPct).toBeGreaterThan(
      comparison?.holdAtEqualExposure.maxDrawdownPct ?? 0,
    );
  });

  it('is audited also before one of its coins exists, whose share is kept for it', async () => {
    const [btc, eth] = series;
    if (btc === undefined || eth === undefined) throw new TypeError('there are two');
    const late = { ...eth, bars: eth.bars.slice(220 * 24) };
    let now = 0;
    const monotonicMs = () => (now += 1_000);
    const result = await backtest({ ...shared, series: [btc, late], auditCuts: 1, monotonicMs });
    expect(result.audit).toMatchObject({ passed: true, lookAhead: { cuts: 1 } });
    expect(result.audit?.lookAhead.decisionsCompared).toBeGreaterThan(800);
  });

  it('the features are warm at the first bar where the file holds the time before', async () => {
    const rules = SettingsSchema.parse({ strategy: { id: 'rules' } });
    const run = async (more: object) => {
      const late = series.map((one) => ({ ...one, bars: one.bars.slice(CUT), ...more }));
      return runOnce({ ...shared, settings: rules, series: late });
    };
    const [btc] = series;
    const codes = ({ traces }: Awaited<ReturnType<typeof run>>) =>
      traces.map(({ outcome }) => outcome.split(' ')[2]);
    expect(codes(await run({}))).toContain('warming-up');
    const warm = await run({ warmUp: btc?.bars.slice(CUT - 1_000, CUT) });
    expect(codes(warm)).not.toContain('warming-up');
    // Nothing of that time is decided on.
    expect(warm.traces.every(({ barOpenTime }) => barOpenTime >= CUT * HOUR)).toBe(true);
  });

  it('looks back on what the file holds of the time before', async () => {
    const late = series.map((one) => {
      const bars = one.bars.slice(CUT);
      return { ...one, bars, before: { candles: one.bars.slice(0, CUT), durationMs: HOUR } };
    });
    const codes = (run: Awaited<ReturnType<typeof runOnce>>) =>
      run.traces.map(({ outcome }) => outcome.split(' ')[2]);
    const [with_, without] = [
      await runOnce({ ...shared, series: late }),
      await runOnce({ ...shared, series: late.map(({ before: _, ...one }) => one) }),
    ];
    expect(codes(with_)).not.toContain('warming-up');
    expect(codes(without)).toContain('warming-up');
  });
});
