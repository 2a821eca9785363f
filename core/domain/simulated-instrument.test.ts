import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFilters,
  baseAmount,
  PERPETUALS_IN_PART,
  price,
  simulatedInstrument,
  simulationNotes,
  text,
} from './index.ts';

describe('a simulated instrument', () => {
  test.each([
    ['BTC/USDT', 60_000, '0.01', '0.00001'],
    ['DOGE/USDT', 0.5, '0.0000001', '1'],
    ['DOGE/USDT', 0.01, '0.00000001', '1'],
    ['PEPE/USDT', 0.000_005, '0.000000000001', '1'],
    ['PEPE/BTC', 9.4e-9, '0.000000000000001', '1'],
    ['PEPE/BTC', 1.5e-12, '0.000000000000000001', '1'],
    ['BTC/JPY', 20_000_000, '1', '0.00000001'],
    ['BTC/IDR', 1_600_000_000, '1', '0.0000000001'],
    ['ETH/BTC', 0.03, '0.00000001', '0.0001'],
  ])('%s at %d has ticks of %s and lots of %s', (symbol, at, tick, lot) => {
    const { tickSize, lotSize, minAmount } = simulatedInstrument(symbol, at);
    expect([tickSize, lotSize, minAmount].map(text)).toEqual([tick, lot, lot]);
  });

  test.each([
    ['BTC/USDT', '10'],
    ['BTC/IDR', '10'],
    ['ETH/BTC', '0.0001'],
    ['LINK/ETH', '0.005'],
    ['SOL/BNB', '0.05'],
  ])('%s takes orders worth %s of its quote currency', (symbol, minNotional) => {
    expect(text(simulatedInstrument(symbol, 1).minNotional)).toBe(minNotional);
  });

  test('tells its market as its symbol does', () => {
    expect(simulatedInstrument('kPEPE/USDC:USDC', 0.01)).toMatchObject({
      symbol: 'kPEPE/USDC:USDC',
      base: 'kPEPE',
      quote: 'USDC',
      settle: 'USDC',
      kind: 'perpetual',
      isLinear: true,
      status: 'trading',
    });
    expect(simulatedInstrument('BTC/USD:BTC', 60_000)).toMatchObject({ settle: 'BTC', isLinear: false });
  });

  test('prices to a millionth and trades to a tenth of the smallest order, at every price', () => {
    const anyPrice = fc
      .tuple(fc.integer({ min: -12, max: 9 }), fc.double({ min: 1, max: 9.999_999, noNaN: true }))
      .map(([exponent, mantissa]) => Number(`${mantissa.toFixed(6)}e${exponent}`));
    fc.assert(
      fc.property(anyPrice, fc.constantFrom('USDT', 'BTC', 'ETH', 'IDR'), (at, quote) => {
        const instrument = simulatedInstrument(`X/${quote}`, at);
        const { tickSize, lotSize, minNotional } = instrument;
        expect(tickSize.gt(0) && tickSize.lte(price(at).times('1e-6'))).toBe(true);
        expect(lotSize.gt(0) && lotSize.times(at).times(10).lte(minNotional)).toBe(true);
        const worthTwice = baseAmount(minNotional.times(2).div(at).toFixed());
        const order = { side: 'buy', type: 'market', reduceOnly: false, amount: worthTwice } as const;
        expect(applyFilters(instrument, order, price(at)).ok).toBe(true);
      }),
    );
  });

  test('needs the symbol of a spot market or perpetual, and a price', () => {
    expect(() => simulatedInstrument('bitcoin', 1)).toThrow('bitcoin is not a symbol such as BTC/USDT');
    expect(() => simulatedInstrument('BTC/USDT:USDT-250328', 1)).toThrow(
      'BTC/USDT:USDT-250328 expires, and simulated markets do not',
    );
    expect(() => simulatedInstrument('BTC/USDT', 0)).toThrow(
      'BTC/USDT needs a reference price above 0, not 0',
    );
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => simulatedInstrument('BTC/USDT', at)).toThrow(TypeError);
    }
  });
});

test('what a simulation leaves out is said where there is a perpetual, once', () => {
  const spot = simulatedInstrument('BTC/USDT', 1);
  const perpetual = simulatedInstrument('BTC/USDT:USDT', 1);
  expect(simulationNotes([])).toEqual([]);
  expect(simulationNotes([spot])).toEqual([]);
  expect(simulationNotes([perpetual, spot, perpetual])).toEqual([PERPETUALS_IN_PART]);
});
