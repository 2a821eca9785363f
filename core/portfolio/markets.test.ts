import { describe, expect, test } from 'vitest';
import { type Fill, type Instrument, simulatedInstrument, text } from '../domain/index.ts';
import { Portfolio, type PortfolioHistory } from './index.ts';
import { accountEvent, external, fill, MONDAY, OPENING, portfolioOf } from './testing/account.ts';

/** An account at a venue that lists these symbols and no other. */
function listing(symbols: readonly string[], history: Partial<PortfolioHistory> = {}): Portfolio {
  const listed = new Map(
    symbols.map((symbol): [string, Instrument] => [symbol, simulatedInstrument(symbol, 100)]),
  );
  return new Portfolio({
    quote: 'USDT',
    instruments: (symbol) => listed.get(symbol),
    history: { fills: [], accountEvents: [OPENING], equity: [], ...history },
  });
}

const owned = (portfolio: Portfolio) => [...portfolio.owned()].map(([symbol, held]) => [symbol, text(held)]);
const assets = (portfolio: Portfolio) =>
  Object.fromEntries([...portfolio.assets()].map(([asset, held]) => [asset, text(held)]));

describe('a symbol that is not listed any more', () => {
  const fills = [
    fill('buy', '10', '20', { symbol: 'SOL/USDT' }),
    fill('sell', '9.9999', '30', { symbol: 'SOL/USDT' }),
    fill('buy', '1', '100'),
  ];

  test('keeps its trades, and what is left of it stays in the books at the price last paid', () => {
    const portfolio = listing(['BTC/USDT'], { fills });
    expect(text(portfolio.realisedPnl)).toBe('99.999');
    expect(portfolio.positions().map(({ symbol }) => symbol)).toEqual(['SOL/USDT', 'BTC/USDT']);
    expect(owned(portfolio)).toEqual([
      ['SOL/USDT', '0.0001'],
      ['BTC/USDT', '1'],
    ]);
    expect([portfolio.markPrice('SOL/USDT'), text(portfolio.equity())]).toEqual([30, '10100']);
  });

  test('is not waited for: no price of it will come', () => {
    const portfolio = listing(['BTC/USDT'], { fills });
    expect(portfolio.marked).toBe(false);
    portfolio.mark('BTC/USDT', 100, MONDAY);
    expect(portfolio.marked).toBe(true);
  });

  test('can still be valued and filled', () => {
    const portfolio = listing([], { fills: fills.slice(0, 1) });
    portfolio.mark('SOL/USDT', 40, MONDAY + 1);
    portfolio.mark('NEVER/USDT', 1, MONDAY + 1);
    expect(text(portfolio.equity())).toBe('10200');
    expect(portfolio.apply(fill('sell', '10', '41', { symbol: 'SOL/USDT', time: MONDAY + 2 }))).toBeDefined();
    expect(owned(portfolio)).toEqual([]);
  });
});

describe('coins too few to sell', () => {
  const fills = [
    fill('buy', '1', '100', { asset: 'BTC', coins: '0.0005', fee: '0.05' }),
    fill('sell', '0.999', '100'),
  ];

  test('are ours to close, and no position', () => {
    const portfolio = portfolioOf({ fills });
    expect(portfolio.positions()).toEqual([]);
    expect(owned(portfolio)).toEqual([['BTC/USDT', '0.0005']]);
  });

  test('are not waited for: the symbol may not be watched any more', () => {
    expect(portfolioOf({ fills }).marked).toBe(true);
  });
});

describe('amounts of two currencies', () => {
  const foreign = [
    fill('buy', '10', '0.05', { symbol: 'ETH/BTC', asset: 'BTC', fee: '0.001' }),
    fill('sell', '4', '0.06', { symbol: 'ETH/BTC', asset: 'BTC', fee: '0.001' }),
  ];

  test.each([
    ['ETH/BTC', 'of another quote currency'],
    ['BTC/USD:BTC', 'of an inverse contract'],
    ['BTC/USDT:USDC', 'of a contract settled in another currency'],
    ['btc-usdt', 'of a symbol that nobody can read'],
  ])('V16 are never added up: %s, %s', (symbol) => {
    const of = (each: Fill): Fill => ({ ...each, symbol });
    const portfolio = listing([], { fills: foreign.map(of) });
    expect(text(portfolio.equity())).toBe('10000');
    const sums = [portfolio.cash, portfolio.realisedPnl, portfolio.unrealisedPnl, portfolio.fees];
    expect(sums.map(text)).toEqual(['10000', '0', '0', '0']);
    expect([portfolio.exposures().size, portfolio.equityFloat(), portfolio.marked]).toEqual([
      0,
      10_000,
      true,
    ]);
    expect(portfolio.foreignQuotes).toEqual([symbol]);
    // Something is held all the same.
    expect(portfolio.isFlat).toBe(false);
    portfolio.mark(symbol, 9, MONDAY + 1);
    expect(portfolio.equityFloat()).toBe(10_000);
  });

  test.each([
    ['BTC/USD:BTC', 'has no asset but its fees: its profit is none in dollars', {}],
    ['BTC/USDC:USDC', 'has its profit where it is settled', { USDC: '0.04' }],
  ])('of %s: it %s', (symbol, _what, profit) => {
    const portfolio = listing([], { fills: foreign.map((each) => ({ ...each, symbol })) });
    expect(assets(portfolio)).toEqual({ USDT: '10000', BTC: '-0.002', ...profit });
  });

  test('of a symbol that was only ever valued nobody need be told', () => {
    const portfolio = listing([]);
    portfolio.mark('ETH/BTC', 0.05, MONDAY);
    expect([portfolio.foreignQuotes, portfolio.isFlat]).toEqual([[], true]);
  });

  test('leave the position to be closed, its round trip to be told, and the assets exact', () => {
    const portfolio = listing([], { fills: foreign });
    expect(portfolio.positions().map(({ symbol }) => symbol)).toEqual(['ETH/BTC']);
    expect(owned(portfolio)).toEqual([['ETH/BTC', '6']]);
    expect(assets(portfolio)).toEqual({ USDT: '10000', ETH: '6', BTC: '-0.262' });
    const closing = fill('sell', '6', '0.06', { symbol: 'ETH/BTC' });
    expect(portfolio.apply(closing)).toBeDefined();
    expect(portfolio.roundTrips).toEqual([]);
  });

  test('are not counted in a late fee either', () => {
    const portfolio = listing([], { fills: foreign });
    portfolio.applyAccountEvent(
      accountEvent('fee', '-0.001', { asset: 'BTC', worth: '-50', symbol: 'ETH/BTC' }),
    );
    portfolio.apply(fill('sell', '6', '0.06', { symbol: 'ETH/BTC', asset: 'BTC' }));
    portfolio.applyAccountEvent(
      accountEvent('fee', '-0.001', { asset: 'BTC', worth: '-50', symbol: 'ETH/BTC' }),
    );
    expect([text(portfolio.cash), text(portfolio.fees)]).toEqual(['10000', '0']);
    expect(assets(portfolio)).toEqual({ USDT: '10000', ETH: '0', BTC: '0.096' });
  });

  test('of a dated contract count where it is settled in its quote currency', () => {
    const symbol = 'BTC/USDT:USDT-250328';
    const portfolio = new Portfolio({
      quote: 'USDT',
      instruments: () => ({ ...simulatedInstrument('BTC/USDT:USDT', 100), symbol }),
      history: {
        fills: [fill('buy', '1', '100', { symbol, fee: '1' })],
        accountEvents: [OPENING],
        equity: [],
      },
    });
    expect([portfolio.foreignQuotes, text(portfolio.equity())]).toEqual([[], '9999']);
  });
});

describe('a fill of other hands', () => {
  test('on spot moves the trader’s own coins: neither position nor cash nor fees nor assets', () => {
    const theirs = external(fill('sell', '3', '100', { fee: '1' }));
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '10', '100'));
    expect(portfolio.apply(theirs)).toBeUndefined();
    portfolio.applyAccountEvent(accountEvent('fee', -1, { symbol: 'BTC/USDT', trade: theirs.tradeId }));
    expect(owned(portfolio)).toEqual([['BTC/USDT', '10']]);
    expect([text(portfolio.cash), text(portfolio.fees)]).toEqual(['9000', '0']);
    expect(assets(portfolio)).toEqual({ USDT: '9000', BTC: '10' });
    const again = portfolioOf({ fills: [fill('buy', '10', '100'), theirs] });
    expect(assets(again)).toEqual({ USDT: '9000', BTC: '10' });
  });

  test('#11 of a derivative moves the one position there is, as a liquidation does', () => {
    const symbol = 'BTC/USDT:USDT';
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '10', '100', { symbol }));
    const liquidation = external(fill('sell', '10', '80', { symbol, fee: '5', time: MONDAY + 1 }));
    const trip = portfolio.apply(liquidation);
    expect(trip).toMatchObject({ exitPurpose: 'external', direction: 'long' });
    expect(trip && text(trip.netPnl)).toBe('-205');
    expect([text(portfolio.equity()), owned(portfolio)]).toEqual(['9795', []]);
    expect(assets(portfolio)).toEqual({ USDT: '9795' });
    expect(portfolio.markPrice(symbol)).toBe(80);
  });
});
