import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { METRIC_NAMES, MetricsViewSchema } from '../contract/index.ts';
import { type EquityRecord, float, text } from '../domain/index.ts';
import { accountMetrics, metricsView, type Portfolio } from './index.ts';
import { accountEvent, DAY, fill, MONDAY, OPENING, portfolioOf } from './testing/account.ts';

type Step =
  | { readonly price: number }
  | { readonly paid: number }
  | { readonly side: 'buy' | 'sell'; readonly fee: string; readonly asset: string; readonly coins: string };

const HOUR = DAY / 24;

/** One coin is traded, at the last price; a step is an hour, and each is a closed bar. */
function liveThrough(
  steps: readonly Step[],
  { portfolio = portfolioOf(), from = 0 } = {},
): { readonly portfolio: Portfolio; readonly records: readonly EquityRecord[] } {
  const records: EquityRecord[] = [];
  let last = portfolio.markPrice('BTC/USDT') || 100;
  portfolio.mark('BTC/USDT', last, MONDAY + from * HOUR);
  for (const [index, step] of steps.entries()) {
    const time = MONDAY + (from + index) * HOUR;
    if ('price' in step) {
      // Between two bars the price is where no point of the curve tells it.
      portfolio.mark('BTC/USDT', step.price * 1.25, time + 1);
      portfolio.mark('BTC/USDT', step.price * 0.8, time + 2);
      portfolio.mark('BTC/USDT', step.price, time + 3);
      last = step.price;
    } else if ('paid' in step) {
      portfolio.applyAccountEvent(
        accountEvent(step.paid > 0 ? 'deposit' : 'withdrawal', step.paid, { time: time + 4 }),
      );
    } else {
      const { side, fee, asset, coins } = step;
      portfolio.apply(fill(side, '1', String(last), { time: time + 5, fee, asset, coins }));
    }
    portfolio.sampleEquity(time + HOUR);
    records.push(portfolio.equityRecord(time + HOUR));
  }
  return { portfolio, records };
}

const trade = (side: 'buy' | 'sell', fee = '0', asset = 'USDT', coins = fee): Step => ({
  side,
  fee,
  asset,
  coins,
});
const figuresOf = (portfolio: Portfolio, minSample = 1) => {
  const metrics = accountMetrics(portfolio, minSample);
  return Object.fromEntries(METRIC_NAMES.map((name) => [name, metrics[name].value]));
};

describe('the figures of an account, by hand', () => {
  test('without a trade there is nothing to say of trades', () => {
    expect(figuresOf(portfolioOf())).toMatchObject({
      totalPnl: '0',
      timeWeightedReturnPct: 0,
      maxDrawdownPct: 0,
      sharpe: null,
      sortino: null,
      trades: 0,
      winRate: null,
      profitFactor: null,
      expectancy: null,
      exposurePct: 0,
      turnover: '0',
      feeShare: null,
    });
    expect(accountMetrics(portfolioOf(), 0).expectancy.value).toBeNull();
  });

  test('one trade that won', () => {
    const { portfolio } = liveThrough([trade('buy', '1'), { price: 120 }, trade('sell', '2')]);
    expect(figuresOf(portfolio)).toMatchObject({
      totalPnl: '17',
      dailyPnl: '17',
      weeklyPnl: '17',
      trades: 1,
      winRate: 1,
      profitFactor: null,
      expectancy: '17',
      turnover: '220',
      fees: '3',
      feeShare: 3 / 20,
      exposurePct: 0,
    });
  });

  test('a trade that made nothing after its fees is no win, nor has it lost', () => {
    const { portfolio } = liveThrough([
      ...[trade('buy', '2'), { price: 105 }, trade('sell', '3')],
      ...[trade('buy'), { price: 110 }, trade('sell')],
    ]);
    const { trades, wins, made, lost } = portfolio.tally;
    expect([trades, wins, text(made), text(lost)]).toEqual([2, 1, '5', '0']);
    expect(figuresOf(portfolio)).toMatchObject({ winRate: 0.5, profitFactor: null });
  });

  test('below the minimum sample an estimate is left out, and its sample is not', () => {
    const { portfolio } = liveThrough([trade('buy'), { price: 120 }, trade('sell')]);
    const { winRate, expectancy, trades } = accountMetrics(portfolio);
    expect([winRate, expectancy, trades.value]).toEqual([
      { value: null, sampleSize: 1, interval: null },
      { value: null, sampleSize: 1, interval: null },
      1,
    ]);
  });

  test('two that won and one that lost', () => {
    const { portfolio } = liveThrough([
      ...[trade('buy'), { price: 130 }, trade('sell'), trade('buy'), { price: 110 }, trade('sell')],
      ...[trade('buy'), { price: 140 }, trade('sell')],
    ]);
    expect(figuresOf(portfolio)).toMatchObject({
      totalPnl: '40',
      winRate: 2 / 3,
      profitFactor: 3,
      expectancy: '13.33333333',
    });
  });

  test('all that won: nothing was lost that the profit could be set against', () => {
    const { portfolio } = liveThrough([
      ...[trade('buy'), { price: 110 }, trade('sell'), trade('buy'), { price: 125 }, trade('sell')],
    ]);
    expect(figuresOf(portfolio)).toMatchObject({
      ...{ totalPnl: '25', winRate: 1, profitFactor: null, expectancy: '12.5' },
    });
  });

  test('an equity that never moves has neither return, fall nor ratio', () => {
    const { portfolio } = liveThrough(Array.from({ length: 24 * 5 }, () => ({ price: 100 })));
    expect(portfolio.curve.dailyReturns.length).toBeGreaterThan(2);
    expect(figuresOf(portfolio, FEW)).toMatchObject({
      ...{ totalPnl: '0', timeWeightedReturnPct: 0, maxDrawdownPct: 0, drawdownPct: 0 },
      ...{ sharpe: null, sortino: null, winRate: null, exposurePct: 0, feeShare: null },
    });
  });

  test('what is open counts at its last price, and its worth is the exposure', () => {
    const { portfolio } = liveThrough([trade('buy'), { price: 200 }]);
    expect(figuresOf(portfolio)).toMatchObject({ totalPnl: '100', exposurePct: (100 * 200) / 10_100 });
  });

  test('fees in three currencies count at their worth', () => {
    const { portfolio } = liveThrough([
      trade('buy', '1'),
      { price: 110 },
      trade('sell', '2', 'BNB', '0.01'),
      trade('buy', '3', 'KCS', '0.4'),
    ]);
    expect(figuresOf(portfolio)).toMatchObject({ fees: '6', totalPnl: '4', feeShare: 0.6 });
  });

  test('a deposit bends neither return nor drawdown, and is no profit of the day or the week', () => {
    const steps = (paid: readonly Step[]): Step[] => [trade('buy'), { price: 200 }, ...paid, { price: 150 }];
    const without = figuresOf(liveThrough(steps([{ price: 200 }])).portfolio);
    const withPayment = liveThrough(steps([{ paid: 5_000 }])).portfolio;
    const figures = figuresOf(withPayment);
    expect(figures).toMatchObject({ totalPnl: '50', dailyPnl: '50', weeklyPnl: '50' });
    expect(Number(without.totalPnl)).toBe(50);
    // 10,150 after 10,000, and at twice the money the next fall counts for less: linked, not added.
    expect(figures.timeWeightedReturnPct).toBeCloseTo((10_100 / 10_000) * (15_050 / 15_100) * 100 - 100, 9);
  });

  test('the week begins on Monday, the day at midnight', () => {
    const untilSunday = Array.from({ length: 7 * 24 - 1 }, (): Step => ({ price: 150 }));
    const { portfolio } = liveThrough([trade('buy'), ...untilSunday, { price: 160 }, { price: 175 }]);
    // Of the 75 that it has gained 50 came in the first week.
    expect(figuresOf(portfolio)).toMatchObject({ totalPnl: '75', dailyPnl: '25', weeklyPnl: '25' });
    const onTuesday = liveThrough(
      Array.from({ length: 24 }, (): Step => ({ price: 180 })),
      { portfolio, from: 170 },
    );
    expect(figuresOf(onTuesday.portfolio)).toMatchObject({ dailyPnl: '0', weeklyPnl: '30' });
  });

  test('an account that has lost everything has a return of minus 100 percent for ever', () => {
    const portfolio = portfolioOf();
    portfolio.curve.passTime(MONDAY);
    portfolio.curve.observe(-50);
    portfolio.curve.passTime(MONDAY + DAY);
    portfolio.curve.transfer(1_050);
    portfolio.curve.observe(2_000);
    portfolio.curve.passTime(MONDAY + 2 * DAY);
    expect(portfolio.curve.timeWeightedReturn).toBe(-1);
  });

  test('an account with nothing in it has no exposure and no return', () => {
    const portfolio = portfolioOf({ accountEvents: [] });
    expect(figuresOf(portfolio)).toMatchObject({
      exposurePct: null,
      timeWeightedReturnPct: 0,
      feeShare: null,
    });
  });

  test('Sharpe comes with its interval, which is reckoned once a day', () => {
    const { portfolio } = liveThrough([
      trade('buy'),
      ...Array.from(
        { length: 25 * 24 },
        (_, hour): Step => ({ price: 100 + ((hour / 24) % 3) * 20 + hour / 24 }),
      ),
    ]);
    const { sharpe } = accountMetrics(portfolio);
    expect(sharpe).toMatchObject({
      sampleSize: 25,
      interval: { low: expect.any(Number), high: expect.any(Number) },
    });
    expect(accountMetrics(portfolio).sharpe.interval).toBe(sharpe.interval);
  });

  test('they cross a process boundary as they are', () => {
    const view = metricsView(portfolioOf(), MONDAY);
    expect(MetricsViewSchema.parse(view)).toEqual(view);
    expect(view).toMatchObject({ time: MONDAY, quote: 'USDT', minSample: 20 });
  });
});

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ price: fc.integer({ min: 20, max: 400 }) }),
  fc.record({ paid: fc.constantFrom(2_500, 10_000, -1_000) }),
  fc.constantFrom(
    trade('buy', '0.1'),
    trade('sell', '0.2'),
    trade('buy', '0.3', 'BNB', '0.001'),
    trade('sell', '0', 'KCS', '1'),
  ),
);
const steps = fc.array(step, { maxLength: 80 });
/** Nobody looks at hours: 80 of them are a few days. */
const FEW = 1;

/** The same figures from everything that happened, each by its textbook formula, in the plainest way. */
function slowFigures(portfolio: Portfolio, records: readonly EquityRecord[]) {
  const results = portfolio.roundTrips.map((trip) => float(trip.netPnl));
  const won = results.filter((each) => each > 0);
  const lost = results.filter((each) => each <= 0);
  const total = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);
  const last = records.at(-1);
  const returns = portfolio.curve.dailyReturns;
  const average = total(returns) / returns.length;
  const deviation = Math.sqrt(total(returns.map((each) => (each - average) ** 2)) / (returns.length - 1));
  const downside = Math.sqrt(total(returns.map((each) => (each < 0 ? each * each : 0))) / returns.length);
  return {
    totalPnl: last === undefined ? 0 : Number(last.equity) - Number(last.capital),
    winRate: results.length === 0 ? null : won.length / results.length,
    profitFactor: total(lost) === 0 ? null : total(won) / -total(lost),
    expectancy: results.length === 0 ? null : total(results) / results.length,
    sharpe: deviation > 1e-12 ? (average / deviation) * Math.sqrt(365) : null,
    sortino: downside > 1e-12 ? (average / downside) * Math.sqrt(365) : null,
  };
}

test('they are what a slow reckoning from everything that happened makes of it', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const { portfolio, records } = liveThrough(taken);
      const slow = slowFigures(portfolio, records);
      const figures = figuresOf(portfolio, FEW);
      for (const [name, expected] of Object.entries(slow)) {
        if (expected === null) {
          // A deviation that is nothing but rounding has no ratio.
          if (name !== 'sharpe' && name !== 'sortino') expect([name, figures[name]]).toEqual([name, null]);
        } else expect(Number(figures[name]), name).toBeCloseTo(expected, 6);
      }
    }),
  );
});

describe('after a restart', () => {
  const again = (given: Portfolio, records: readonly EquityRecord[], taken: readonly Step[]): Portfolio => {
    const paid = taken.flatMap((each, index) =>
      'paid' in each
        ? [accountEvent(each.paid > 0 ? 'deposit' : 'withdrawal', each.paid, { time: MONDAY + index * HOUR })]
        : [],
    );
    const restored = portfolioOf({
      fills: fillsOf(taken),
      accountEvents: [OPENING, ...paid],
      equity: records,
    });
    restored.mark('BTC/USDT', given.markPrice('BTC/USDT') ?? 0, MONDAY + taken.length * HOUR);
    return restored;
  };
  const fillsOf = (taken: readonly Step[]) => {
    let last = 100;
    return taken.flatMap((each, index) => {
      if ('price' in each) last = each.price;
      if (!('side' in each)) return [];
      const { side, fee, asset, coins } = each;
      return [fill(side, '1', String(last), { time: MONDAY + index * HOUR + 5, fee, asset, coins })];
    });
  };

  test('every figure is what it was, to the last digit', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { portfolio, records } = liveThrough(taken);
        const restored = again(portfolio, records, taken);
        const [before, after] = [figuresOf(portfolio, FEW), figuresOf(restored, FEW)];
        expect(restored.curve.dailyReturns).toEqual(portfolio.curve.dailyReturns);
        expect(after).toEqual(before);
      }),
    );
  });

  test('it goes on as if there had been none', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const { portfolio, records } = liveThrough(first);
        const restored = again(portfolio, records, first);
        const from = first.length;
        const figures = [portfolio, restored].map((each) => {
          liveThrough(second, { portfolio: each, from });
          return figuresOf(each, FEW);
        });
        expect(figures[1]).toEqual(figures[0]);
      }),
    );
  });

  test('a fall between the closes of two bars is remembered', () => {
    const { portfolio, records } = liveThrough([trade('buy'), { price: 100 }, { price: 100 }]);
    expect(portfolio.curve.maxDrawdown).toBeCloseTo(45 / 10_025, 12);
    expect(again(portfolio, records, [trade('buy')]).curve.maxDrawdown).toBe(portfolio.curve.maxDrawdown);
  });

  test('points of before there were marks tell what they can', () => {
    const { portfolio, records } = liveThrough([trade('buy'), { price: 120 }, { price: 90 }]);
    const bare = records.map(({ time, equity, capital }) => ({ time, equity, capital, marks: null }));
    expect(again(portfolio, bare, [trade('buy')]).curve.maxDrawdown).toBeCloseTo(1 - 9_990 / 10_020, 12);
  });
});
