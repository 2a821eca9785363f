import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFilters,
  baseAmount,
  coinsOf,
  contracts,
  type Instrument,
  price,
  quoteAmount,
  text,
} from './index.ts';

const spot: Instrument = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  settle: 'USDT',
  kind: 'spot',
  isLinear: true,
  status: 'trading',
  tickSize: price('0.1'),
  lotSize: baseAmount('0.001'),
  minAmount: baseAmount('0.002'),
  minNotional: quoteAmount(10),
  contractSize: baseAmount(1),
  maxPriceDeviation: 0.2,
};
const perpetual: Instrument = { ...spot, symbol: 'BTC/USDT:USDT', kind: 'perpetual' };
const mark = price(10_000);

describe('filters', () => {
  const base = { side: 'buy', type: 'market', reduceOnly: false, amount: baseAmount('0.0129') } as const;

  test('the amount goes down to the lot', () => {
    const result = applyFilters(spot, base, mark);
    expect(result.ok && text(result.order.amount)).toBe('0.012');
  });

  test.each([
    ['buy', 'limit', '100.1', '100.1'],
    ['buy', 'limit', '100.19', '100.1'],
    ['sell', 'limit', '100.11', '100.2'],
    ['sell', 'stop', '100.11', '100.2'],
    ['buy', 'stop', '100.19', '100.1'],
  ] as const)('a %s %s at %s becomes %s', (side, type, wanted, fitted) => {
    const prices = type === 'limit' ? { limitPrice: price(wanted) } : { stopPrice: price(wanted) };
    const result = applyFilters(
      spot,
      { side, type, reduceOnly: false, amount: baseAmount(1), ...prices },
      price(100),
    );
    const { limitPrice, stopPrice } = result.ok ? result.order : {};
    expect([limitPrice, stopPrice].flatMap((each) => (each ? [text(each)] : []))).toEqual([fitted]);
  });

  test.each([
    ['below the minimum amount', spot, { ...base, amount: baseAmount('0.0019') }, 'below-min-amount'],
    ['a negative amount', spot, { ...base, amount: baseAmount('-1') }, 'below-min-amount'],
    [
      'nothing, where the venue has no minimum',
      { ...spot, minAmount: baseAmount(0) },
      { ...base, amount: baseAmount('0.0009') },
      'below-min-amount',
    ],
    ['a limit order without price', spot, { ...base, type: 'limit' }, 'price-missing'],
    ['a stop order without price', spot, { ...base, type: 'stop' }, 'price-missing'],
    [
      'a limit that rounds to zero',
      spot,
      { ...base, type: 'limit', limitPrice: price('0.04') },
      'price-missing',
    ],
    ['far from the mark', spot, { ...base, type: 'limit', limitPrice: price('7999.9') }, 'price-deviation'],
  ] as const)('%s is refused', (_, instrument, order, code) => {
    const result = applyFilters(instrument, order, mark);
    expect(result).toMatchObject({ ok: false, code });
  });

  test('the minimum notional binds, but for a reduce-only order on derivatives', () => {
    const small = { ...base, amount: baseAmount('0.002') };
    const low = price(1_000);
    expect(applyFilters(spot, { ...small, reduceOnly: true }, low)).toMatchObject({
      ok: false,
      code: 'below-min-notional',
      message: "an order worth 2.00 USDT is below the venue's minimum of 10",
    });
    const inBitcoin = { ...spot, symbol: 'ETH/BTC', quote: 'BTC', minNotional: quoteAmount('0.0001') };
    expect(applyFilters(inBitcoin, small, price('0.02'))).toMatchObject({
      message: "an order worth 0.00004 BTC is below the venue's minimum of 0.0001",
    });
    expect(applyFilters(perpetual, small, low)).toMatchObject({ ok: false, code: 'below-min-notional' });
    expect(applyFilters(perpetual, { ...small, reduceOnly: true }, low).ok).toBe(true);
  });

  test('a venue without a rule on deviation accepts any price', () => {
    const { maxPriceDeviation: _, ...free } = spot;
    expect(applyFilters(free, { ...base, type: 'limit', limitPrice: price(5_000) }, mark).ok).toBe(true);
  });

  /** Orders and filters of markets from 1e-12 to 1e9 quote units a coin, spot or in contracts of some coins. */
  const scenario = fc
    .record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
      kind: fc.constantFrom('spot' as const, 'perpetual' as const),
      reduceOnly: fc.boolean(),
      magnitude: fc.integer({ min: -12, max: 9 }),
      tick: fc.constantFrom('0.0001', '0.001', '0.0025', '0.05'),
      contractSize: fc.constantFrom('1', '0.001', '10', '0.25'),
      step: fc.constantFrom('1', '0.1', '0.001'),
      minNotional: fc.constantFrom('0', '10'),
      /** In thousandths of a lot, and of a hundredth of the price. */
      amount: fc.integer({ min: 0, max: 10_000_000 }),
      limit: fc.integer({ min: 1, max: 200_000 }),
      stop: fc.integer({ min: 1, max: 200_000 }),
    })
    .map(({ magnitude, tick, contractSize, step, minNotional, amount, limit, stop, kind, ...order }) => {
      const level = price(`1e${magnitude}`);
      const lotSize = coinsOf(contracts(step), baseAmount(contractSize));
      const at = (count: number) => price(level.times(count).div(100_000).toFixed());
      const venue: Instrument = {
        ...spot,
        kind,
        tickSize: price(level.times(tick).toFixed()),
        lotSize,
        minAmount: lotSize,
        minNotional: quoteAmount(minNotional),
        contractSize: baseAmount(contractSize),
      };
      const wanted = baseAmount(lotSize.times(amount).div(1_000).toFixed());
      return {
        venue,
        step,
        level,
        order: { ...order, amount: wanted, limitPrice: at(limit), stopPrice: at(stop) },
      };
    });

  test("what comes out fits the venue, is never in the trader's disfavour, and fitting it again changes nothing", () => {
    let taken = 0;
    fc.assert(
      fc.property(scenario, ({ venue, step, level, order }) => {
        const result = applyFilters(venue, order, level);
        if (!result.ok) return;
        taken += 1;
        const { amount, limitPrice = price(0), stopPrice = price(0) } = result.order;
        expect(amount.mod(venue.lotSize).isZero() && amount.gte(venue.minAmount) && amount.gt(0)).toBe(true);
        expect(amount.div(venue.contractSize).mod(step).isZero()).toBe(true);
        expect(amount.lte(order.amount) && amount.plus(venue.lotSize).gt(order.amount)).toBe(true);
        for (const [fitted, asked] of [
          [limitPrice, order.limitPrice],
          [stopPrice, order.stopPrice],
        ] as const) {
          expect(fitted.mod(venue.tickSize).isZero()).toBe(true);
          expect(order.side === 'buy' ? fitted.lte(asked) : fitted.gte(asked)).toBe(true);
          expect(fitted.minus(asked).abs().lt(venue.tickSize)).toBe(true);
        }
        expect(applyFilters(venue, { ...order, ...result.order }, level)).toEqual(result);
      }),
      { numRuns: 1_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
