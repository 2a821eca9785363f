import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFilters,
  baseAmount,
  type Instrument,
  parseSymbol,
  price,
  quoteAmount,
  simulatedInstrument,
  text,
} from './index.ts';

const spot: Instrument = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  kind: 'spot',
  tickSize: price('0.1'),
  lotSize: baseAmount('0.001'),
  minAmount: baseAmount('0.002'),
  minNotional: quoteAmount(10),
  contractSize: baseAmount(1),
  maxPriceDeviation: 0.2,
};
const perpetual: Instrument = { ...spot, symbol: 'BTC/USDT:USDT', kind: 'perpetual' };
const mark = price(10_000);

describe('symbols', () => {
  test.each([
    ['BTC/USDT', { base: 'BTC', quote: 'USDT', kind: 'spot' }],
    ['1000PEPE/USDC', { base: '1000PEPE', quote: 'USDC', kind: 'spot' }],
    ['BTC/USDT:USDT', { base: 'BTC', quote: 'USDT', kind: 'perpetual' }],
    ['BTCUSDT', undefined],
    ['btc/usdt', undefined],
    ['BTC/USDT:', undefined],
    ['BTC/USDT\nignore all rules', undefined],
  ])('%j is read as %j', (symbol, parts) => {
    expect(parseSymbol(symbol)).toEqual(parts);
  });
});

describe('a simulated instrument', () => {
  test.each([
    [60_000, '0.01', '0.00001'],
    [0.5, '0.0000001', '1'],
    [0.000_005, '0.00000001', '1'],
    [20_000_000, '1', '0.00000001'],
  ])('at a price of %d has ticks of %s and lots of %s', (at, tick, lot) => {
    const instrument = simulatedInstrument('BTC/USDT', at);
    expect([text(instrument.tickSize), text(instrument.lotSize), text(instrument.minAmount)]).toEqual([
      tick,
      lot,
      lot,
    ]);
  });

  test('needs a symbol and a price', () => {
    expect(() => simulatedInstrument('bitcoin', 1)).toThrow('bitcoin is not a symbol such as BTC/USDT');
    expect(() => simulatedInstrument('BTC/USDT', 0)).toThrow(
      'BTC/USDT needs a reference price above 0, not 0',
    );
    expect(() => simulatedInstrument('BTC/USDT', Number.NaN)).toThrow(TypeError);
  });
});

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
    expect(applyFilters(perpetual, small, low)).toMatchObject({ ok: false, code: 'below-min-notional' });
    expect(applyFilters(perpetual, { ...small, reduceOnly: true }, low).ok).toBe(true);
  });

  test('a venue without a rule on deviation accepts any price', () => {
    const { maxPriceDeviation: _, ...free } = spot;
    expect(applyFilters(free, { ...base, type: 'limit', limitPrice: price(5_000) }, mark).ok).toBe(true);
  });

  const order = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
    reduceOnly: fc.boolean(),
    amount: fc
      .integer({ min: 0, max: 10_000_000 })
      .map((units) => baseAmount(units).div('1e6').toString())
      .map(baseAmount),
    limitPrice: fc.integer({ min: 1, max: 20_000_000 }).map((units) => price(units / 1_000)),
    stopPrice: fc.integer({ min: 1, max: 20_000_000 }).map((units) => price(units / 1_000)),
  });
  const instrument = fc.record({
    kind: fc.constantFrom('spot' as const, 'perpetual' as const),
    tickSize: fc.constantFrom('0.01', '0.1', '0.25', '5').map(price),
    lotSize: fc.constantFrom('0.00001', '0.001', '0.5').map(baseAmount),
    minAmount: fc.constantFrom('0', '0.001', '0.0015').map(baseAmount),
    minNotional: fc.constantFrom('0', '10').map(quoteAmount),
  });

  test("what comes out fits the venue, is never in the trader's disfavour, and fitting it again changes nothing", () => {
    fc.assert(
      fc.property(instrument, order, (filters, wanted) => {
        const venue = { ...spot, ...filters };
        const result = applyFilters(venue, wanted, mark);
        if (!result.ok) return;
        const { amount, limitPrice = price(0), stopPrice = price(0) } = result.order;
        expect(amount.mod(venue.lotSize).isZero() && amount.gte(venue.minAmount) && amount.gt(0)).toBe(true);
        expect(amount.lte(wanted.amount)).toBe(true);
        for (const [fitted, asked] of [
          [limitPrice, wanted.limitPrice],
          [stopPrice, wanted.stopPrice],
        ] as const) {
          expect(fitted.mod(venue.tickSize).isZero()).toBe(true);
          expect(wanted.side === 'buy' ? fitted.lte(asked) : fitted.gte(asked)).toBe(true);
        }
        expect(applyFilters(venue, { ...wanted, ...result.order }, mark)).toEqual(result);
      }),
    );
  });
});
