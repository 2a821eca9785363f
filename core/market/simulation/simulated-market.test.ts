import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Candle,
  candleFault,
  mean,
  type OrderBook,
  TIMEFRAME_MS,
  TIMEFRAMES,
  type Timeframe,
} from '../../domain/index.ts';
import { newMarket, type SimulatedBar, SimulatedMarket } from '../index.ts';
import { HOUR_MS, START } from '../testing/candles.ts';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'NEW/USDT'];

type BookedBar = SimulatedBar & { readonly book: OrderBook };

function run(
  bars: number,
  options: { seed?: number; timeframe?: Timeframe; symbols?: readonly string[] } = {},
): BookedBar[] {
  const { seed = 42, timeframe = '1h', symbols = SYMBOLS } = options;
  const market = new SimulatedMarket(timeframe, newMarket(symbols, seed, START), { books: true });
  const made = Array.from({ length: bars }, () => market.nextBar()).flat();
  return made.map(({ book, ...bar }) => {
    if (book === undefined) throw new Error('a book was asked for');
    return { ...bar, book };
  });
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const candlesOf = (bars: readonly SimulatedBar[], symbol: string): Candle[] =>
  bars.filter((bar) => bar.symbol === symbol).map(({ candle }) => candle);

function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let index = 0; index < a.length; index += 1) {
    const fromA = (a[index] ?? 0) - meanA;
    const fromB = (b[index] ?? 0) - meanB;
    both += fromA * fromB;
    squaresA += fromA * fromA;
    squaresB += fromB * fromB;
  }
  return both / Math.sqrt(squaresA * squaresB);
}

const lagged = (values: readonly number[], lag: number): number =>
  correlation(values.slice(lag), values.slice(0, -lag));

describe('stylised facts', () => {
  const bars = run(8_000);
  const returnsOf = (symbol: string): number[] =>
    candlesOf(bars, symbol).map(({ open, close }) => Math.log(close / open));

  describe.each(SYMBOLS)('%s', (symbol) => {
    const candles = candlesOf(bars, symbol);
    const returns = returnsOf(symbol);
    const sizes = returns.map(Math.abs);

    test('returns have fat tails', () => {
      const centre = mean(returns);
      const variance = mean(returns.map((value) => (value - centre) ** 2));
      const excessKurtosis = mean(returns.map((value) => (value - centre) ** 4)) / variance ** 2 - 3;
      expect(excessKurtosis).toBeGreaterThan(2);
    });

    test('volatility comes in clusters, returns have no memory', () => {
      expect(Math.abs(lagged(returns, 1))).toBeLessThan(0.08);
      expect(lagged(sizes, 1)).toBeGreaterThan(0.12);
      expect(lagged(sizes, 10)).toBeGreaterThan(Math.abs(lagged(returns, 10)));
      expect(lagged(sizes, 20)).toBeGreaterThan(0.02);
    });

    test('volume goes with the size of the move', () => {
      expect(
        correlation(
          sizes,
          candles.map(({ volume }) => volume),
        ),
      ).toBeGreaterThan(0.25);
    });

    test('takers buy more when the price rises', () => {
      const shares = candles.map(({ volume, takerBuyVolume = 0 }) => takerBuyVolume / volume);
      expect(correlation(returns, shares)).toBeGreaterThan(0.3);
      expect(mean(shares)).toBeCloseTo(0.5, 1);
    });

    test('the day has busy and quiet hours', () => {
      const meanSize = (hour: number): number => mean(sizes.filter((_, index) => index % 24 === hour));
      const meanVolume = (hour: number): number =>
        mean(candles.filter((_, index) => index % 24 === hour).map(({ volume }) => volume));
      expect(meanSize(14) / meanSize(4)).toBeGreaterThan(1.5);
      expect(meanVolume(14) / meanVolume(4)).toBeGreaterThan(1.5);
    });
  });

  test('coins move together, the large ones most', () => {
    const [btc, eth, , other] = SYMBOLS.map(returnsOf);
    expect(correlation(btc ?? [], eth ?? [])).toBeGreaterThan(0.6);
    expect(correlation(btc ?? [], other ?? [])).toBeGreaterThan(0.4);
    expect(correlation(btc ?? [], eth ?? [])).toBeLessThan(0.95);
  });

  test('there are trends and ranges: some hundred bars move the price far, others leave it', () => {
    const closes = candlesOf(bars, 'BTC/USDT').map(({ close }) => close);
    const moves = Array.from({ length: 79 }, (_, part) =>
      Math.abs(Math.log((closes[(part + 1) * 100] ?? 1) / (closes[part * 100] ?? 1))),
    );
    expect(Math.max(...moves)).toBeGreaterThan(0.12);
    expect(Math.min(...moves)).toBeLessThan(0.01);
  });
});

describe('bars', () => {
  const anyRun = fc.record({
    seed: fc.nat(),
    timeframe: fc.constantFrom(...TIMEFRAMES),
    symbols: fc.subarray([...SYMBOLS, 'DOGE/USDT', 'BTC/USDT:USDT'], { minLength: 1 }),
  });
  const exactTicks = (price: number): boolean => Number(price.toFixed(8)) === price;

  test('are sound, made of sixty sound steps that join without a jump', () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        const lastClose = new Map<string, number>();
        for (const { symbol, steps, candle } of run(3, options)) {
          const stepMs = TIMEFRAME_MS[options.timeframe] / 60;
          expect(steps.map(({ openTime }) => (openTime - candle.openTime) / stepMs)).toEqual(
            Array.from({ length: 60 }, (_, index) => index),
          );
          for (const step of [...steps, candle]) {
            expect(candleFault(step)).toBeUndefined();
            expect(step.takerBuyVolume).toBeLessThanOrEqual(step.volume);
            expect([step.open, step.high, step.low, step.close].every(exactTicks)).toBe(true);
          }
          let previous = lastClose.get(symbol) ?? candle.open;
          for (const step of steps) {
            expect(step.open).toBe(previous);
            previous = step.close;
          }
          expect(candle).toMatchObject({
            open: steps[0]?.open,
            close: previous,
            high: Math.max(...steps.map(({ high }) => high)),
            low: Math.min(...steps.map(({ low }) => low)),
          });
          lastClose.set(symbol, candle.close);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('come with a book of 25 levels a side around the close, never crossed', () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        for (const { candle, book } of run(3, options)) {
          const bids = book.bids.map(([price]) => price);
          const asks = book.asks.map(([price]) => price);
          expect(book.time).toBe(candle.openTime + TIMEFRAME_MS[options.timeframe]);
          expect([bids.length, asks.length]).toEqual([25, 25]);
          const downward = [...asks.toReversed(), ...bids];
          for (const [index, price] of downward.entries())
            expect(price).toBeLessThan(downward[index - 1] ?? Number.POSITIVE_INFINITY);
          expect(bids[0]).toBeLessThanOrEqual(candle.close);
          expect(asks[0]).toBeGreaterThanOrEqual(candle.close);
          expect(bids.at(-1)).toBeGreaterThan(0);
          for (const [, amount] of [...book.bids, ...book.asks]) expect(amount).toBeGreaterThan(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('are the same whether their books are built or not', () => {
    fc.assert(
      fc.property(anyRun, ({ seed, timeframe, symbols }) => {
        const market = new SimulatedMarket(timeframe, newMarket(symbols, seed, START));
        const bars = Array.from({ length: 3 }, () => market.nextBar()).flat();
        const booked = run(3, { seed, timeframe, symbols });
        expect(bars).toEqual(booked.map(({ book: _, ...bar }) => bar));
      }),
      { numRuns: 30 },
    );
  });

  test('have wider and thinner books when the market is in turmoil', () => {
    const bars = run(3_000, { symbols: ['SOL/USDT'] });
    const ranges = bars.map(({ candle }) => (candle.high - candle.low) / candle.open);
    const spreads = bars.map(({ book }) => (book.asks[0]?.[0] ?? 0) / (book.bids[0]?.[0] ?? 1) - 1);
    const depths = bars.map(({ book }) =>
      book.bids.reduce((total, [price, amount]) => total + price * amount, 0),
    );
    expect(correlation(ranges, spreads)).toBeGreaterThan(0.4);
    expect(correlation(ranges, depths)).toBeLessThan(-0.3);
  });
});

test('after 100,000 bars prices are still plausible', () => {
  const market = new SimulatedMarket('1h', newMarket(['SOL/USDT'], 5, START));
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
  for (let bar = 0; bar < 100_000; bar += 1) {
    for (const { candle } of market.nextBar()) {
      lowest = Math.min(lowest, candle.low);
      highest = Math.max(highest, candle.high);
    }
  }
  expect(lowest).toBeGreaterThan(150 / 8);
  expect(highest).toBeLessThan(150 * 8);
});

describe('a price far from where it began', () => {
  const closeAfter = (price: number, bars: number): number => {
    const market = newMarket(['ADA/USDT'], 1, START);
    const coins = Object.fromEntries(
      Object.entries(market.coins).map(([symbol, coin]) => [symbol, { ...coin, price }]),
    );
    const moved = new SimulatedMarket('1d', { ...market, coins });
    let close = 0;
    for (let bar = 0; bar < bars; bar += 1) close = moved.nextBar()[0]?.candle.close ?? 0;
    return close;
  };

  test('is drawn back', () => {
    expect(closeAfter(4.5, 400)).toBeLessThan(2);
    expect(closeAfter(0.045, 400)).toBeGreaterThan(0.1);
  });

  test('never falls below a hundredth of it', () => {
    expect(closeAfter(1e-7, 1)).toBeGreaterThanOrEqual(0.0045);
  });
});

describe('the same seed', () => {
  test('gives these bytes on every machine', () => {
    expect(digest(run(50))).toBe('5dd7d0b634b7129409750f0c78cc6c204b64610880d0faf7574fd08f3f92c841');
  });

  test('gives another market than another seed', () => {
    expect(digest(run(2, { seed: 1 }))).not.toBe(digest(run(2, { seed: 2 })));
  });

  test('gives a symbol the same path whatever others there are', () => {
    expect(candlesOf(run(20), 'SOL/USDT')).toEqual(
      candlesOf(run(20, { symbols: ['SOL/USDT', 'ADA/USDT'] }), 'SOL/USDT'),
    );
  });

  test('moves spot and perpetual of one coin alike', () => {
    const bars = run(20, { symbols: ['BTC/USDT', 'BTC/USDT:USDT'] });
    const closes = (symbol: string): number[] => candlesOf(bars, symbol).map(({ close }) => close);
    expect(closes('BTC/USDT:USDT')).toEqual(closes('BTC/USDT'));
  });

  test('goes on from a state as if it had never stopped, also through JSON', () => {
    const market = new SimulatedMarket('5m', newMarket(SYMBOLS, 3, START));
    for (let bar = 0; bar < 50; bar += 1) market.nextBar();
    const restored = new SimulatedMarket('5m', JSON.parse(JSON.stringify(market.state())));
    const next = (one: SimulatedMarket) => Array.from({ length: 50 }, () => one.nextBar());
    expect(digest(next(restored))).toBe(digest(next(market)));
    expect(restored.state()).toEqual(market.state());
  });
});

test('something that is no symbol is refused', () => {
  expect(() => newMarket(['bitcoin'], 1, START)).toThrow('bitcoin is not a symbol such as BTC/USDT');
});

test('volatility grows with the square root of the bar, so that a timeframe changes nothing else', () => {
  const deviation = (timeframe: Timeframe): number => {
    const returns = run(3_000, { timeframe, symbols: ['BTC/USDT'] }).map(
      ({ candle }) => candle.close / candle.open - 1,
    );
    return Math.sqrt(mean(returns.map((value) => value * value)) / (TIMEFRAME_MS[timeframe] / HOUR_MS));
  };
  expect(deviation('1m') / deviation('1h')).toBeCloseTo(1, 0);
  expect(deviation('1d') / deviation('1h')).toBeCloseTo(1, 0);
});
