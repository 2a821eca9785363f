import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PerformanceDaysSchema, SettingsSchema } from '../../contract/index.ts';
import type { Candle } from '../../domain/index.ts';
import { EquityCurve } from '../../portfolio/index.ts';
import { MemoryHistoryStore } from '../../storage/index.ts';
import { performanceDays } from './performance-days.ts';

const DAY = 86_400_000;
/** Half a percent for each unit that is bought or sold. */
const COSTS = { ...SettingsSchema.parse({}).simulation, takerFeeBps: 40, spreadBps: 10, slippageBps: 5 };
const COST = 0.005;

/** An account whose days ended at these equities, beside coins with these daily closes, from a first day on. */
function account(
  equities: readonly number[],
  closes: Readonly<Record<string, readonly number[]>>,
  shares: readonly number[] | null,
) {
  const curve = new EquityCurve(equities[0] ?? 0);
  // The first equity is that of a midnight, the others are those of the next.
  curve.passTime(100 * DAY);
  for (const [day, equity] of equities.entries()) if (day > 0) curve.sample((100 + day) * DAY - 1, equity);
  curve.passTime((99 + equities.length) * DAY);
  const history = new MemoryHistoryStore();
  for (const [symbol, values] of Object.entries(closes)) {
    const candles = values.map(
      (close, day): Candle => ({
        ...{ openTime: (99 + day) * DAY, open: close, high: close, low: close, close, volume: 1 },
      }),
    );
    history.append(symbol, '1d', candles);
  }
  const exposure = {
    daily: () =>
      (shares ?? []).map((meanShare, day) => ({
        ...{
          day: new Date((100 + day) * DAY).toISOString().slice(0, 10),
          points: 1,
          closingExposure: '0',
          closingEquity: '1',
        },
        ...{ meanShare, highestShare: meanShare },
      })),
  };
  const parts = {
    ...{ portfolio: { curve }, exposure, history, symbols: Object.keys(closes) },
    ...{ timeframe: '1d' as const, costs: COSTS, minSample: 2 },
  };
  return async (period = {}) => PerformanceDaysSchema.parse(await performanceDays(parts, period));
}

describe('the days of an account beside its baselines', () => {
  test('are none before the first has ended', async () => {
    const ask = account([100], { 'BTC/USDT': [10, 11] }, null);
    expect(await ask()).toMatchObject({
      ...{ days: [], averageInvestedPct: null, figures: { account: null, hold: null } },
    });
  });

  test('by hand: one coin, fees, and half of it at stake', async () => {
    const ask = account([100, 110, 99], { 'BTC/USDT': [10, 11, 12.1] }, [0.25, 0.75]);
    const { days, figures, averageInvestedPct } = await ask();
    expect(averageInvestedPct).toBe(50);
    expect(days.map(({ day, account: level }) => [day, level])).toEqual([
      ['1970-04-11', expect.closeTo(1.1, 12)],
      ['1970-04-12', expect.closeTo(0.99, 12)],
    ]);
    // Bought on the first morning; a share of 1 drifts to 1.1 of 1.095 and is brought back.
    const first = 0.1 - COST;
    const second = 0.1 - COST * (1.1 / (1 + first) - 1);
    expect(days.map(({ hold }) => hold)).toEqual([
      expect.closeTo(1 + first, 12),
      expect.closeTo((1 + first) * (1 + second), 12),
    ]);
    expect(days[0]?.holdAtEqualExposure).toBeCloseTo(1 + first / 2, 12);
    expect(figures.account).toMatchObject({
      returnPct: expect.closeTo(-1, 10),
      maxDrawdownPct: expect.closeTo(10, 10),
    });
    expect(figures.hold?.maxDrawdownPct).toBe(0);
  });

  test('what is at stake today, which is not over, is not of the finished days', async () => {
    const ask = account([100, 110], { 'BTC/USDT': [10, 11] }, [0.25, 0.75]);
    expect((await ask()).averageInvestedPct).toBe(25);
  });

  test('an account that began within a day is held against the coins from then on, not from midnight', async () => {
    const HOUR = 3_600_000;
    const curve = new EquityCurve(100);
    curve.passTime(100 * DAY + 16.5 * HOUR);
    curve.passTime(102 * DAY);
    const history = new MemoryHistoryStore();
    // Doubled before the account was there, then 10 % more, and nothing on the day after.
    history.append(
      'BTC/USDT',
      '1h',
      Array.from({ length: 72 }, (_, hour): Candle => {
        const [open, close] =
          hour < 24 + 17 ? [10, hour < 24 + 16 ? 10 : 20] : [hour === 24 + 17 ? 20 : 22, 22];
        return { openTime: 99 * DAY + hour * HOUR, open, high: 22, low: 10, close, volume: 1 };
      }),
    );
    const parts = {
      ...{ portfolio: { curve }, exposure: { daily: () => [] }, history, symbols: ['BTC/USDT'] },
      ...{ timeframe: '1h' as const, costs: COSTS, minSample: 2 },
    };
    const { days } = await performanceDays(parts, {});
    expect(days.map(({ day, hold }) => [day, hold])).toEqual([
      ['1970-04-11', expect.closeTo(1 + 0.1 - COST, 12)],
      ['1970-04-12', expect.closeTo(1 + 0.1 - COST, 3)],
    ]);
  });

  test('what was at stake is not known, then neither is what equal exposure came to', async () => {
    const { days, figures } = await account([100, 110, 99], { 'BTC/USDT': [10, 11, 12] }, null)();
    expect(figures.holdAtEqualExposure).toBeNull();
    expect(days.map(({ holdAtEqualExposure }) => holdAtEqualExposure)).toEqual([null, null]);
    expect(figures.hold).not.toBeNull();
  });

  test('no prices are stored: the account stands alone', async () => {
    const { days, figures } = await account([100, 110], { 'BTC/USDT': [] }, null)();
    expect(days).toMatchObject([{ hold: null, volatilityManagedHold: null }]);
    expect(figures).toMatchObject({ hold: null, account: { returnPct: expect.closeTo(10, 10) } });
  });

  test('within a period, and too few days give no ratio', async () => {
    const ask = account([100, 110, 99, 120], { 'BTC/USDT': [10, 11, 12, 11] }, [1]);
    const { days, figures } = await ask({ from: 101 * DAY, to: 102 * DAY });
    expect(days.map(({ day }) => day)).toEqual(['1970-04-12']);
    expect(figures.account).toMatchObject({ sharpe: null, returnPctPerYear: null });
  });

  test('equal those of a slow account that buys and sells its coins every morning', async () => {
    const path = fc.array(fc.double({ min: 0.8, max: 1.25, noNaN: true }), { minLength: 3, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(path, path, async (one, other) => {
        const length = Math.min(one.length, other.length);
        const closesOf = (moves: readonly number[]): number[] => {
          let close = 100;
          return [100, ...moves.slice(0, length).map((move) => (close *= move))];
        };
        const closes = [closesOf(one), closesOf(other)] as const;
        const equities = Array.from({ length: length + 1 }, () => 1);
        const { days } = await account(equities, { 'BTC/USDT': closes[0], 'ETH/USDT': closes[1] }, [1])();
        // In money: a fee on what is traded to have half of the equity in each, then the prices move.
        let [equity, coins] = [1, [0, 0]];
        const levels: number[] = [];
        for (let day = 0; day < length; day += 1) {
          const worth = coins.map((amount, coin) => amount * (closes[coin]?.[day] ?? 0));
          const traded = worth.reduce((sum, each) => sum + Math.abs(equity / 2 - each), 0);
          coins = coins.map((_, coin) => equity / 2 / (closes[coin]?.[day] ?? 1));
          const gain = coins.reduce(
            (sum, amount, coin) =>
              sum + amount * ((closes[coin]?.[day + 1] ?? 0) - (closes[coin]?.[day] ?? 0)),
            0,
          );
          equity += gain - COST * traded;
          levels.push(equity);
        }
        for (const [day, level] of levels.entries()) expect(days[day]?.hold).toBeCloseTo(level, 9);
      }),
      { numRuns: 50 },
    );
  });
});
