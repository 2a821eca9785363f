import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseAmount, float, MoneyError, price, text } from '../domain/index.ts';
import type { Portfolio } from './index.ts';
import { DAY, fill, MONDAY, portfolioOf } from './testing/account.ts';

const figures = (portfolio: Portfolio) =>
  [
    portfolio.cash,
    portfolio.equity(),
    portfolio.exposure(),
    portfolio.realisedPnl,
    portfolio.unrealisedPnl,
    portfolio.fees,
  ].map(text);

describe('the fold', () => {
  test('before any fill there is the capital and nothing else', () => {
    const portfolio = portfolioOf();
    expect(figures(portfolio)).toEqual(['10000', '10000', '0', '0', '0', '0']);
    expect(portfolio.positions()).toEqual([]);
    expect(text(portfolio.position('BTC/USDT').quantity)).toBe('0');
    expect(portfolio.markPrice('BTC/USDT')).toBeUndefined();
    expect(text(portfolio.dailyPnl)).toBe('0');
    expect(portfolio.marked).toBe(true);
  });

  test('what getting in has cost is of finished round trips and of what is open together', () => {
    const entry = (symbol: string, at: string) => ({
      ...fill('buy', '10', at, { symbol, fee: '1' }),
      expected: { price: price('100'), cost: 0.001 },
    });
    const portfolio = portfolioOf();
    const costs = () => {
      const { notional, expected, fees, slippage } = portfolio.entryCost;
      return [notional, expected, fees, slippage].map(text);
    };
    expect(costs()).toEqual(['0', '0', '0', '0']);
    portfolio.apply(entry('BTC/USDT', '100.5'));
    expect(costs()).toEqual(['1000', '1', '1', '5']);
    portfolio.apply(fill('sell', '10', '100', { fee: '3' }));
    expect(costs()).toEqual(['1000', '1', '1', '5']);
    portfolio.apply(entry('ETH/USDT', '99.8'));
    expect(costs()).toEqual(['2000', '2', '2', '3']);
    // Of a fill of which nothing was expected it is not known.
    portfolio.apply(fill('buy', '10', '100', { symbol: 'SOL/USDT', fee: '1' }));
    expect(costs()).toEqual(['2000', '2', '2', '3']);
  });

  test('a long: bought, marked, partly sold, closed', () => {
    const portfolio = portfolioOf();
    expect(portfolio.apply(fill('buy', '10', '100', { fee: '1' }))).toBeUndefined();
    expect(figures(portfolio)).toEqual(['8999', '9999', '1000', '0', '0', '1']);
    portfolio.mark('BTC/USDT', 110, MONDAY + 1);
    expect(figures(portfolio)).toEqual(['8999', '10099', '1100', '0', '100', '1']);
    portfolio.apply(fill('sell', '4', '110', { time: MONDAY + 2, fee: '0.44' }));
    expect(figures(portfolio)).toEqual(['9438.56', '10098.56', '660', '40', '60', '1.44']);
    const trip = portfolio.apply(fill('sell', '6', '90', { time: MONDAY + 3, fee: '0.54' }));
    expect(trip && text(trip.netPnl)).toBe('-21.98');
    expect(figures(portfolio)).toEqual(['9978.02', '9978.02', '0', '-20', '0', '1.98']);
    expect(portfolio.roundTrips).toEqual([trip]);
  });

  test('a short gains when the price falls', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('sell', '10', '100'));
    portfolio.mark('BTC/USDT', 90, MONDAY + 1);
    expect(figures(portfolio)).toEqual(['11000', '10100', '900', '0', '100', '0']);
    expect([...portfolio.exposures()].map(([symbol, worth]) => [symbol, text(worth)])).toEqual([
      ['BTC/USDT', '900'],
    ]);
  });

  test('a fee in coins leaves the cash alone, a fee in a third asset counts as cash', () => {
    const coins = portfolioOf();
    coins.apply(fill('buy', '1', '100', { asset: 'BTC', coins: '0.001', fee: '0.1' }));
    expect(figures(coins)).toEqual(['9900', '9999.9', '99.9', '0', '0', '0.1']);
    const third = portfolioOf();
    third.apply(fill('buy', '1', '100', { asset: 'BNB', coins: '0.0003', fee: '0.1' }));
    expect(figures(third)).toEqual(['9899.9', '9999.9', '100', '0', '0', '0.1']);
  });

  test('coins too few to sell are not a position, but count in the equity', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '1', '100', { asset: 'BTC', coins: '0.0005', fee: '0.05' }));
    expect(portfolio.positions()).toHaveLength(1);
    const trip = portfolio.apply(fill('sell', '0.999', '100'));
    expect(trip).toBeDefined();
    expect(portfolio.positions()).toEqual([]);
    expect(portfolio.exposures().size).toBe(0);
    expect(figures(portfolio)).toEqual(['9999.9', '9999.95', '0', '0', '0', '0.05']);
  });

  test('equity is capital plus realised plus unrealised minus fees, exactly, whatever happened', () => {
    const anyFill = fc
      .record({
        symbol: fc.constantFrom('BTC/USDT', 'ETH/USDT'),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        units: fc.integer({ min: 1, max: 10_000 }),
        cents: fc.integer({ min: 1, max: 100_000 }),
        asset: fc.constantFrom('USDT', 'BTC', 'ETH', 'BNB'),
      })
      .map(({ symbol, side, units, cents, asset }) => {
        const coins = baseAmount(units).div(1_000_000);
        return fill(side, baseAmount(units).div(1_000).toFixed(), price(cents).div(100).toFixed(), {
          symbol,
          asset,
          coins: coins.toFixed(),
          fee: coins.times(cents).div(100).toFixed(),
        });
      });
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 20 }), (fills) => {
        const portfolio = portfolioOf();
        for (const each of fills) portfolio.apply(each);
        const { capital, realisedPnl, unrealisedPnl, fees } = portfolio;
        expect(text(portfolio.equity())).toBe(
          capital.plus(realisedPnl).plus(unrealisedPnl).minus(fees).toFixed(),
        );
        expect(portfolio.equityFloat()).toBeCloseTo(float(portfolio.equity()), 6);
      }),
    );
  });
});

describe('marking', () => {
  test('an older price changes nothing, and a fill marks what it traded', () => {
    const portfolio = portfolioOf();
    portfolio.mark('BTC/USDT', 100, MONDAY + 10);
    portfolio.mark('BTC/USDT', 50, MONDAY + 5);
    expect(portfolio.markPrice('BTC/USDT')).toBe(100);
    portfolio.apply(fill('buy', '1', '101', { time: MONDAY + 11 }));
    expect(portfolio.markPrice('BTC/USDT')).toBe(101);
    portfolio.apply(fill('buy', '1', '99', { time: MONDAY + 9 }));
    expect(portfolio.markPrice('BTC/USDT')).toBe(101);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a price of %d is refused', (wrong) => {
    expect(() => portfolioOf().mark('BTC/USDT', wrong, MONDAY)).toThrow(MoneyError);
  });

  test('the drawdown is measured from the peak of the marked equity', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '100', '100'));
    for (const [minute, at] of [120, 90, 108].entries()) portfolio.mark('BTC/USDT', at, MONDAY + minute + 1);
    expect(portfolio.curve.peak).toBe(12_000);
    expect(portfolio.curve.drawdown).toBeCloseTo(0.1, 12);
    expect(portfolio.curve.maxDrawdown).toBeCloseTo(0.25, 12);
  });

  test('the daily P&L starts again at midnight UTC', () => {
    const portfolio = portfolioOf();
    portfolio.mark('BTC/USDT', 100, MONDAY);
    portfolio.apply(fill('buy', '10', '100', { time: MONDAY + 1 }));
    portfolio.mark('BTC/USDT', 105, MONDAY + DAY - 1);
    expect(text(portfolio.dailyPnl)).toBe('50');
    portfolio.mark('BTC/USDT', 104, MONDAY + DAY);
    expect(text(portfolio.dailyPnl)).toBe('-10');
    portfolio.mark('BTC/USDT', 104, MONDAY + 4 * DAY);
    expect(text(portfolio.dailyPnl)).toBe('0');
    expect(portfolio.curve.dailyReturns).toEqual([10_050 / 10_000 - 1, 10_040 / 10_050 - 1, 0, 0]);
  });

  test('points of the curve are sampled, one for each time', () => {
    const portfolio = portfolioOf();
    portfolio.sampleEquity(MONDAY);
    portfolio.apply(fill('buy', '10', '100', { time: MONDAY + 1 }));
    portfolio.mark('BTC/USDT', 101, MONDAY + 60_000);
    portfolio.sampleEquity(MONDAY + 60_000);
    portfolio.mark('BTC/USDT', 102, MONDAY + 60_000);
    portfolio.sampleEquity(MONDAY + 60_000);
    expect(portfolio.curve.points).toEqual([
      { time: MONDAY, equity: 10_000 },
      { time: MONDAY + 60_000, equity: 10_020 },
    ]);
  });
});

describe('after a restart', () => {
  const fills = [
    fill('buy', '10', '100', { time: MONDAY }),
    fill('sell', '10', '150', { time: MONDAY + 10 }),
    fill('buy', '10', '40', { time: MONDAY + 20, symbol: 'ETH/USDT' }),
    fill('buy', '10', '100', { time: MONDAY + 30 }),
  ];

  test("the ledger's fills give the same books, and nothing is measured until every position has a price", () => {
    const equity = [
      { time: MONDAY, equity: '10000', capital: null },
      { time: MONDAY + DAY - 1, equity: '12000.5', capital: '10000' },
    ];
    const portfolio = portfolioOf({ fills, equity });
    expect(portfolio.roundTrips).toHaveLength(1);
    expect(text(portfolio.realisedPnl)).toBe('500');
    expect(text(portfolio.equity())).toBe('10500');
    expect([portfolio.marked, portfolio.curve.peak, portfolio.curve.drawdown]).toEqual([false, 12_000.5, 0]);

    portfolio.mark('BTC/USDT', 200, MONDAY + DAY + 1);
    portfolio.sampleEquity(MONDAY + DAY + 1);
    expect([portfolio.marked, portfolio.curve.drawdown, portfolio.curve.points.length]).toEqual([
      false,
      0,
      2,
    ]);

    portfolio.mark('ETH/USDT', 60, MONDAY + DAY + 2);
    expect(portfolio.marked).toBe(true);
    expect(portfolio.equityFloat()).toBe(11_700);
    expect(portfolio.curve.drawdown).toBeCloseTo(1 - 11_700 / 12_000.5, 12);
    expect(text(portfolio.dailyPnl)).toBe('-300.5');
  });

  test('a flat account needs no price', () => {
    const portfolio = portfolioOf({ fills: fills.slice(0, 2) });
    expect(portfolio.marked).toBe(true);
    expect(text(portfolio.cash)).toBe('10500');
  });
});
