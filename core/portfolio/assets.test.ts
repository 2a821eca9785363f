import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AssetAmount,
  assetAmount,
  baseAmount,
  type Fill,
  type Instrument,
  price,
  quoteAmount,
  simulatedInstrument,
  text,
} from '../domain/index.ts';
import { VenueAccount } from '../execution/exchanges/simulated/venue-account.ts';
import { accountEvent, fill, portfolioOf } from './testing/account.ts';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'BTC/USDT:USDT', 'ETH/BTC'];
const INSTRUMENTS: ReadonlyMap<string, Instrument> = new Map(
  SYMBOLS.map((symbol) => [symbol, simulatedInstrument(symbol, 100)]),
);

const anyFill = fc
  .record({
    symbol: fc.constantFrom(...SYMBOLS),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    units: fc.integer({ min: 1, max: 10_000 }),
    cents: fc.integer({ min: 1, max: 1_000_000 }),
    feeIn: fc.constantFrom('base', 'quote', 'third'),
    bps: fc.integer({ min: -5, max: 100 }),
  })
  .map(({ symbol, side, units, cents, feeIn, bps }) => {
    const { base, quote, kind } = INSTRUMENTS.get(symbol) ?? { base: '', quote: '', kind: 'spot' };
    const amount = baseAmount(units).div(1_000);
    const at = price(cents).div(100);
    const coins = amount.times(bps).div(10_000);
    const worth = coins.times(at).toFixed();
    const inBase = { asset: base, coins: coins.toFixed() };
    const inQuote = { asset: quote, coins: worth };
    const inThird = { asset: 'BNB', coins: coins.times(at).div(7).toDecimalPlaces(12).toFixed() };
    // A derivative holds no coins that a fee could be taken of.
    const fee = feeIn === 'third' ? inThird : feeIn === 'quote' || kind !== 'spot' ? inQuote : inBase;
    return fill(side, amount.toFixed(), at.toFixed(), { symbol, fee: worth, ...fee });
  });

/** Assets that there are any of, in a fixed order. */
const told = (assets: ReadonlyMap<string, AssetAmount>) =>
  [...assets]
    .filter(([, amount]) => !amount.isZero())
    .map(([asset, amount]) => [asset, text(amount)])
    .sort();

const NEW_VENUE = { balances: new Map(), positions: new Map(), fillCounts: new Map() };

/** The balances of a venue at which these fills happened. */
function atVenue(fills: readonly Fill[]): ReadonlyMap<string, AssetAmount> {
  const capital = { asset: 'USDT', amount: quoteAmount(10_000) };
  const account = new VenueAccount(INSTRUMENTS, capital, NEW_VENUE, { fills: () => [] });
  for (const each of fills) {
    const instrument = INSTRUMENTS.get(each.symbol);
    const { fee } = each;
    if (instrument !== undefined && fee !== null) account.settle({ ...each, fee }, instrument);
  }
  return account.balances();
}

describe('the assets that are ours', () => {
  test('are what the venue says it holds, to the last digit, whatever was traded and fees were taken in', () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
        const portfolio = portfolioOf();
        for (const each of fills) portfolio.apply(each);
        expect(told(portfolio.assets())).toEqual(told(atVenue(fills)));
      }),
      { numRuns: 300 },
    );
  });

  test('are the same when the fees are told late', () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 20 }), (fills) => {
        const portfolio = portfolioOf();
        for (const each of fills) {
          portfolio.apply({ ...each, fee: null });
          if (each.fee === null) continue;
          const { asset, amount, quoteValue } = each.fee;
          const more = { asset, worth: text(quoteValue.negated() as typeof quoteValue), symbol: each.symbol };
          portfolio.applyAccountEvent(accountEvent('fee', amount.negated().toFixed(), more));
        }
        expect(told(portfolio.assets())).toEqual(told(atVenue(fills)));
      }),
    );
  });

  test('move with everything else that came or went', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '1', '100'));
    portfolio.applyAccountEvent(accountEvent('deposit', 5, { asset: 'BNB', worth: 3_000 }));
    portfolio.applyAccountEvent(accountEvent('funding', '-0.5'));
    portfolio.applyAccountEvent(accountEvent('withdrawal', '-0.25', { asset: 'BTC', worth: -25 }));
    expect(told(portfolio.assets())).toEqual([
      ['BNB', '5'],
      ['BTC', '0.75'],
      ['USDT', '9899.5'],
    ]);
  });

  test('of a derivative are its realised profit, its fees and its funding alone', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '3', '100', { symbol: 'BTC/USDT:USDT', fee: '0.3' }));
    portfolio.mark('BTC/USDT:USDT', 500, 9);
    expect(told(portfolio.assets())).toEqual([['USDT', '9999.7']]);
    portfolio.apply(fill('sell', '1', '130', { symbol: 'BTC/USDT:USDT', fee: '0.1' }));
    portfolio.applyAccountEvent(accountEvent('funding', '-1', { symbol: 'BTC/USDT:USDT' }));
    expect(told(portfolio.assets())).toEqual([['USDT', assetAmount('10028.6').toFixed()]]);
  });
});
