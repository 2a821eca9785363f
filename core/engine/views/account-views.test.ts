import { expect, test } from 'vitest';
import { PortfolioViewSchema, PositionViewSchema, TradeViewSchema } from '../../contract/index.ts';
import {
  type AccountEvent,
  accountEventId,
  assetAmount,
  baseAmount,
  clientOrderId,
  type Fill,
  price,
  quoteAmount,
  simulatedInstrument,
  tradeId,
} from '../../domain/index.ts';
import { Portfolio } from '../../portfolio/index.ts';
import { portfolioView, positionView, tradeView } from './account-views.ts';

const NOON = Date.UTC(2024, 0, 1, 12);

function fill(side: 'buy' | 'sell', amount: string, at: string, time: number): Fill {
  return {
    tradeId: tradeId(`t${time}`),
    clientOrderId: clientOrderId('o'),
    venueOrderId: null,
    symbol: 'BTC/USDT',
    side,
    purpose: 'entry',
    price: price(at),
    amount: baseAmount(amount),
    fee: { asset: 'USDT', amount: assetAmount('0.1'), quoteValue: quoteAmount('0.1') },
    liquidity: 'taker',
    time,
  };
}

const transfer = (kind: 'opening' | 'deposit' | 'withdrawal', amount: number): AccountEvent => ({
  id: accountEventId(`${kind} of ${amount}`),
  kind,
  asset: 'USDT',
  amount: assetAmount(amount),
  quoteValue: quoteAmount(amount),
  symbol: null,
  tradeId: null,
  time: NOON,
  note: '',
});

const accountOf = (...accountEvents: readonly AccountEvent[]): Portfolio =>
  new Portfolio({
    quote: 'USDT',
    instruments: (symbol) => simulatedInstrument(symbol, 100),
    history: { fills: [], accountEvents, equity: [] },
  });

const portfolioOf = (...fills: readonly Fill[]): Portfolio => {
  const portfolio = accountOf(transfer('opening', 1_000));
  for (const each of fills) portfolio.apply(each);
  return portfolio;
};

test('the account as the trader sees it', () => {
  const portfolio = portfolioOf(
    fill('buy', '3', '100', NOON),
    fill('sell', '3', '110', NOON + 1),
    fill('buy', '2', '100', NOON + 2),
  );
  portfolio.mark('BTC/USDT', 90, NOON + 3);
  const view = portfolioView(portfolio, NOON + 3, 1);
  expect(PortfolioViewSchema.parse(view)).toEqual({
    time: NOON + 3,
    capital: '1000',
    equity: '1009.7',
    cash: '829.7',
    exposure: '180',
    realisedPnl: '30',
    unrealisedPnl: '-20',
    fees: '0.3',
    entryCost: null,
    funding: '0',
    returnPct: 0.97,
    dailyPnl: '9.7',
    drawdownPct: expect.closeTo((1 - 1_009.7 / 1_029.8) * 100, 9),
    maxDrawdownPct: expect.closeTo((1 - 1_009.7 / 1_029.8) * 100, 9),
    sharpe: { value: null, sampleSize: 0 },
    sortino: { value: null, sampleSize: 0 },
    winRate: { value: 1, sampleSize: 1 },
    trades: 1,
  });
});

test('funding is what was received less what was paid', () => {
  const funding = (amount: number): AccountEvent => ({ ...transfer('deposit', amount), kind: 'funding' });
  const portfolio = accountOf(transfer('opening', 1_000), funding(-3.5), funding(1.25));
  expect(portfolioView(portfolio, NOON)).toMatchObject({ funding: '-2.25', fees: '0', equity: '997.75' });
});

test.each([
  ['is measured against what was put in', [transfer('opening', 1_000), transfer('deposit', 1_000)], 5],
  [
    'stays a gain when more was taken out than put in',
    [transfer('opening', 1_000), transfer('withdrawal', -1_050)],
    10,
  ],
  ['is none where nothing was put in', [], 0],
])('a return %s', (_what, transfers, expected) => {
  const portfolio = accountOf(...transfers);
  portfolio.apply(fill('buy', '10', '100', NOON));
  portfolio.mark('BTC/USDT', 110.01, NOON + 1);
  expect(portfolioView(portfolio, NOON + 1).returnPct).toBeCloseTo(expected, 9);
});

test('without a word on the sample, one trade has no win rate', () => {
  const portfolio = portfolioOf(fill('buy', '3', '100', NOON), fill('sell', '3', '110', NOON + 1));
  expect(portfolioView(portfolio, NOON).winRate).toEqual({ value: null, sampleSize: 1 });
});

test('a position shows its average price without a tail of digits, and what protects it', () => {
  const portfolio = portfolioOf(fill('buy', '1', '100', NOON), fill('buy', '2', '101', NOON + 1));
  const context = { protection: 'venue', stopPrice: price('98.5'), entryThesis: 'breakout' } as const;
  const view = positionView(portfolio.position('BTC/USDT'), price('103'), context);
  expect(PositionViewSchema.parse(view)).toEqual({
    symbol: 'BTC/USDT',
    quantity: '3',
    averageEntryPrice: '100.666666667',
    markPrice: '103',
    notional: '309',
    unrealisedPnl: '7',
    unrealisedPnlPct: expect.closeTo((7 / 302) * 100, 9),
    realisedPnl: '0',
    fees: '0.2',
    stopPrice: '98.5',
    protection: 'venue',
    entryThesis: 'breakout',
    openedAt: NOON,
  });
});

test('a short has a negative quantity, a positive notional and gains below its price', () => {
  const portfolio = portfolioOf(fill('sell', '2', '100', NOON));
  const view = positionView(portfolio.position('BTC/USDT'), price('95'), {
    protection: 'none',
    stopPrice: null,
    entryThesis: null,
  });
  expect(PositionViewSchema.parse(view)).toMatchObject({
    quantity: '-2',
    averageEntryPrice: '100',
    notional: '190',
    unrealisedPnl: '10',
    unrealisedPnlPct: 5,
    stopPrice: null,
  });
});

test('a round trip shows its return on what was put in', () => {
  const [trip] = portfolioOf(fill('buy', '3', '100', NOON), fill('sell', '3', '110', NOON + 1)).roundTrips;
  expect(trip && TradeViewSchema.parse(tradeView(trip))).toEqual({
    id: `t${NOON + 1}`,
    symbol: 'BTC/USDT',
    direction: 'long',
    quantity: '3',
    entryPrice: '100',
    exitPrice: '110',
    grossPnl: '30',
    fees: '0.2',
    netPnl: '29.8',
    returnPct: expect.closeTo(29.8 / 3, 9),
    exitPurpose: 'entry',
    entryCost: null,
    openedAt: NOON,
    closedAt: NOON + 1,
  });
});

test('what getting in has cost is shown of each round trip, and of the account with what is open', () => {
  const decided = (each: Fill): Fill => ({ ...each, expected: { price: price(100), cost: 0.002 } });
  const portfolio = portfolioOf(
    decided(fill('buy', '2', '100.5', NOON)),
    fill('sell', '2', '110', NOON + 1),
    decided({ ...fill('buy', '2', '99.5', NOON + 2), liquidity: 'maker' }),
  );
  const [trip] = portfolio.roundTrips;
  const costOf = (view: object | undefined) => view && Reflect.get(view, 'entryCost');
  expect(costOf(trip && TradeViewSchema.parse(tradeView(trip)))).toEqual({
    ...{ expectedBps: 20, actualBps: 55, feeBps: 5, slippageBps: 50, madeShare: 0 },
    ...{ expected: '0.4', actual: '1.1' },
  });
  expect(costOf(PortfolioViewSchema.parse(portfolioView(portfolio, NOON + 3)))).toEqual({
    ...{ expectedBps: 20, actualBps: 5, feeBps: 5, slippageBps: 0, madeShare: 0.5 },
    ...{ expected: '0.8', actual: '0.2' },
  });
});
