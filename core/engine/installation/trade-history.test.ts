import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import {
  type AccountEvent,
  accountEventId,
  add,
  assetAmount,
  baseAmount,
  type Decision,
  decisionId,
  type Fill,
  float,
  quoteAmount,
  type RoundTrip,
  simulatedInstrument,
  text,
  tradeId,
  ZERO_QUOTE,
} from '../../domain/index.ts';
import { Portfolio, termsOf } from '../../portfolio/index.ts';
import {
  openDatabase,
  SqliteDecisionStore,
  SqliteOrderLedger,
  SqliteTradeQueries,
  type TradeRow,
} from '../../storage/index.ts';

const SPOT = 'BTC/USDT';
const PERPETUAL = 'ETH/USDT:USDT';
const instrumentOf = (symbol: string) => ({
  ...simulatedInstrument(symbol, 100),
  lotSize: baseAmount('0.01'),
});
const marketOf = (symbol: string) => {
  const { isSpot, base, lotSize } = termsOf(symbol, instrumentOf(symbol));
  return { asset: isSpot ? base : null, lot: lotSize };
};

function eventOf(id: string, given: Partial<AccountEvent> = {}): AccountEvent {
  return {
    id: accountEventId(id),
    kind: 'opening',
    asset: 'USDT',
    amount: assetAmount(10_000),
    quoteValue: quoteAmount(10_000),
    symbol: null,
    tradeId: null,
    time: 1,
    note: '',
    ...given,
  };
}

function books() {
  const database = openDatabase({ file: ':memory:', owner: 'demo' });
  const ledger = new SqliteOrderLedger(database);
  ledger.trades.tellMarkets(marketOf);
  ledger.appendAccountEvent(eventOf('opening'));
  return { database, ledger, rows: () => [...ledger.trades.rows()] };
}

/** A decision as it is recorded; only what the rows have of it matters. */
function decisionOf(id: string): Decision {
  return {
    id: decisionId(id),
    symbol: SPOT,
    timeframe: '1h',
    barOpenTime: 0,
    time: 1,
    close: 100,
    consensus: {
      action: 'BUY',
      reason: { code: 'agreed', message: 'they agree' },
      regime: 'trending',
      support: { BUY: 0.6, SELL: 0, HOLD: 0.1 },
      threshold: 0.2,
      weights: { bull: 0.5, bear: 0.5, ensemble: 0 },
      margin: 0.6,
    },
    votes: [
      {
        ...{ kind: 'vote', voter: 'bull', source: 'rules', action: 'BUY', confidence: 0.8 },
        ...{ thesis: 'up', evidence: [], invalidation: 'down', horizonBars: 5 },
      },
      { kind: 'abstention', voter: 'bear', source: 'rules', code: 'off', message: 'off' },
    ],
    verdicts: [],
    action: 'BUY',
    outcome: 'traded',
    strategy: 'rules',
    reasonCode: 'agreed',
    reason: 'they agree',
    features: { rsi: 41 },
    positionQuantity: baseAmount(0),
    orderIds: [],
    thinkingMs: null,
  };
}

describe('the trade history', () => {
  test('has a row of each round trip, from its first fill on, by hand', () => {
    const { ledger, rows } = books();
    ledger.appendIntent(intentOf('in', { type: 'limit', limitPrice: 100, amount: 3 }));
    ledger.appendFill(fillOf('1', 'in', { amount: 1, price: 100, time: 10 }));
    ledger.appendFill(fillOf('2', 'in', { amount: 2, price: 106, time: 20 }));
    const open = {
      timestamp: 10,
      trade_id: 'BTC/USDT 1 buy',
      symbol: SPOT,
      side: 'buy',
      order_type: 'limit',
      amount: '3',
      entry_price: '104',
    };
    const nothing = {
      market_regime: null,
      agent_votes: null,
      signals: null,
      strategy: null,
      decision_id: null,
    };
    expect(rows()).toEqual([
      expect.objectContaining({
        ...{ ...open, ...nothing, exit_price: null, realized_pnl: '-0.2', fees: '0.2' },
        ...{ won: null, closed: 0, close_timestamp: null, exit_reason: null },
      }),
    ]);

    ledger.appendIntent(intentOf('out', { side: 'sell', purpose: 'exit', amount: 3 }));
    ledger.appendFill(fillOf('3', 'out', { side: 'sell', purpose: 'exit', amount: 3, price: 110, time: 30 }));
    expect(rows()).toEqual([
      expect.objectContaining({
        ...{
          ...open,
          ...nothing,
          exit_price: '110',
          realized_pnl: '17.7',
          pnl_pct: '5.6730769231',
          fees: '0.3',
        },
        ...{ won: 1, closed: 1, close_timestamp: 30, exit_reason: 'exit' },
      }),
    ]);
  });

  test('says of the decision that opened it the same, whether that was recorded before its fill or after', () => {
    const columns = [true, false].map((before) => {
      const { database, ledger, rows } = books();
      const decisions = new SqliteDecisionStore(database);
      const intent = intentOf('in', { decisionId: decisionId('d') });
      const decision = { ...decisionOf('d'), orderIds: [intent.clientOrderId] };
      ledger.appendIntent(intent);
      if (before) decisions.append(decision);
      ledger.appendFill(fillOf('1', 'in'));
      if (!before) decisions.append(decision);
      return rows();
    });
    expect(columns[0]).toEqual(columns[1]);
    expect(columns[0]).toEqual([
      expect.objectContaining({
        ...{
          market_regime: 'trending',
          bull_confidence: 0.8,
          bear_confidence: null,
          decision_confidence: 0.6,
        },
        ...{ strategy: 'rules', decision_id: 'd' },
      }),
    ]);
    const [row] = columns[0] ?? [];
    expect(JSON.parse(row?.signals ?? '')).toMatchObject({ action: 'BUY', features: { rsi: 41 } });
    expect(JSON.parse(row?.agent_votes ?? '')).toHaveLength(2);
  });

  test('is one with the account’s round trips, and the same when it is made anew', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 30, maxLength: 60 }), (steps) => {
        const { database, ledger, rows } = books();
        ledger.appendIntent(intentOf('a', { amount: 1_000 }));
        const told: RoundTrip[] = [];
        const portfolio = new Portfolio({
          quote: 'USDT',
          instruments: instrumentOf,
          history: { fills: [], accountEvents: ledger.accountEvents(), equity: [] },
        });
        steps.forEach((step, number) => {
          const written = step(number);
          if ('kind' in written) {
            if (ledger.appendAccountEvent(written)) portfolio.applyAccountEvent(written);
          } else if (ledger.appendFill(written)) {
            const closed = portfolio.apply(written);
            if (closed !== undefined) told.push(closed);
          }
        });
        const before = rows();
        expect(ledger.trades.fault).toBeNull();
        expect(closedOf(before)).toEqual(told.map(figuresOf).sort());
        expect(closedOf(before)).toEqual(portfolio.roundTrips.map(figuresOf).sort());
        const open = before.filter(({ closed }) => closed === 0).map(({ symbol }) => symbol);
        const positions = portfolio.positions().map(({ symbol }) => symbol);
        expect(open).toEqual(expect.arrayContaining(positions));

        const totals = new SqliteTradeQueries(database).totals('symbol', 'USDT');
        const byHand = [PERPETUAL, SPOT].flatMap((symbol) => {
          const trips = portfolio.roundTrips.filter((trip) => trip.symbol === symbol);
          const net = trips.reduce((sum, { netPnl }) => add(sum, netPnl), ZERO_QUOTE);
          return trips.length === 0 ? [] : [[symbol, trips.length, float(net)]];
        });
        const near = ([symbol, trades, net]: (string | number)[]) => [
          symbol,
          trades,
          expect.closeTo(Number(net), 9),
        ];
        expect(totals.map(({ key, trades, netPnl }) => [key, trades, Number(netPnl)])).toEqual(
          byHand.toSorted().map(near),
        );

        const outbox = database.prepare('SELECT * FROM outbox').all();
        expect(ledger.trades.rebuild()).toBe(before.length);
        expect(JSON.stringify(rows())).toBe(JSON.stringify(before));
        expect(new SqliteTradeQueries(database).totals('symbol', 'USDT')).toEqual(totals);
        // What has not changed is not told again.
        expect(database.prepare('SELECT * FROM outbox').all()).toEqual(outbox);
        database.close();
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test('a database from before it is folded from its first fill on', () => {
    const { database, ledger, rows } = books();
    ledger.appendIntent(intentOf('in'));
    ledger.appendFill(fillOf('1', 'in'));
    const before = rows();
    database.exec(`DELETE FROM trade_history; DELETE FROM trade_positions; DELETE FROM trade_markets;
      UPDATE trade_fold SET fills = 0, events = 0`);
    new SqliteOrderLedger(database).trades.tellMarkets(marketOf);
    expect(rows()).toEqual(before);
  });

  test('another lot makes the rows anew, as the account is', () => {
    const { ledger, rows } = books();
    ledger.appendIntent(intentOf('in'));
    ledger.appendFill(fillOf('1', 'in', { amount: 1 }));
    ledger.appendFill(fillOf('2', 'in', { side: 'sell', purpose: 'exit', amount: '0.95' }));
    expect(rows().map(({ closed }) => closed)).toEqual([0]);
    ledger.trades.tellMarkets((symbol) => ({ ...marketOf(symbol), lot: baseAmount('0.1') }));
    expect(rows().map(({ closed }) => closed)).toEqual([1]);
  });

  test('what its fold cannot do keeps no fill from the ledger, and is made up for', () => {
    const { database, ledger, rows } = books();
    ledger.appendIntent(intentOf('in'));
    database.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON trade_history BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    expect(ledger.appendFill(fillOf('1', 'in'))).toBe(true);
    expect([...ledger.fills()]).toHaveLength(1);
    expect(ledger.trades.fault).toMatch(/cannot follow the ledger/);
    database.exec('DROP TRIGGER broken');
    ledger.appendFill(fillOf('2', 'in'));
    expect(ledger.trades.fault).toBeNull();
    expect(rows()).toEqual([expect.objectContaining({ trade_id: 'BTC/USDT 1 buy', amount: '2' })]);
  });

  test('what cannot be compared with the markets at the start keeps no program from starting, and is made up for', () => {
    const { database, ledger, rows } = books();
    ledger.appendIntent(intentOf('in'));
    ledger.appendFill(fillOf('1', 'in', { amount: 1 }));
    ledger.appendFill(fillOf('2', 'in', { side: 'sell', purpose: 'exit', amount: '0.95' }));
    database.exec(
      "CREATE TRIGGER broken BEFORE UPDATE ON trade_history BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    ledger.trades.tellMarkets((symbol) => ({ ...marketOf(symbol), lot: baseAmount('0.1') }));
    expect(ledger.trades.fault).toMatch(/cannot follow the ledger/);
    database.exec('DROP TRIGGER broken');
    ledger.appendFill(fillOf('3', 'in', { time: 99 }));
    expect(ledger.trades.fault).toBeNull();
    expect(rows().map(({ trade_id, closed }) => [trade_id, closed])).toEqual([
      ['BTC/USDT 3 buy', 0],
      ['BTC/USDT 1 buy', 1],
    ]);
  });

  test('a row and its place in the outbox are kept or lost with their fill', () => {
    const { database, ledger } = books();
    ledger.appendIntent(intentOf('in'));
    const count = () =>
      database
        .prepare(
          'SELECT (SELECT count(*) FROM fills) + (SELECT count(*) FROM trade_history) + (SELECT count(*) FROM outbox)',
        )
        .pluck()
        .get();
    database.exec('BEGIN');
    ledger.appendFill(fillOf('1', 'in'));
    expect(count()).toBe(3);
    database.exec('ROLLBACK');
    expect(count()).toBe(0);
  });
});

type Step = (number: number) => Fill | AccountEvent;

const amounts = fc.integer({ min: 1, max: 400 }).map((hundredths) => (hundredths / 200).toFixed(3));
const prices = fc.integer({ min: 50, max: 150 });
const symbols = fc.constantFrom(SPOT, PERPETUAL);

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        symbols,
        fc.boolean(),
        amounts,
        prices,
        fc.constantFrom('quote', 'coin', 'none', 'other'),
        fc.integer({ min: 0, max: 3 }),
      )
      .map(
        ([symbol, buys, amount, price, fee, hands]): Step =>
          (number) =>
            fillOf(`t${number % 9}`, hands === 0 ? null : 'a', {
              ...{ symbol, amount, price, side: buys ? 'buy' : 'sell', time: number + 1 },
              purpose: hands === 0 ? 'external' : 'entry',
              fee: feeOf(fee),
            }),
      ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(symbols, fc.integer({ min: -3, max: 3 }), fc.boolean()).map(
      ([symbol, ahead, coin]): Step =>
        (number) =>
          eventOf(`e${number}`, {
            ...{
              kind: 'fee',
              symbol,
              tradeId: tradeId(`t${Math.max(0, number + ahead) % 9}`),
              asset: coin ? 'BTC' : 'USDT',
            },
            ...{ amount: assetAmount('-0.02'), quoteValue: quoteAmount('-2'), time: number + 1 },
          }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('interest', 'external', 'conversion').map(
      (kind): Step =>
        (number) =>
          eventOf(`e${number}`, {
            ...{
              kind,
              asset: 'BTC',
              amount: assetAmount('-0.3'),
              quoteValue: quoteAmount('-30'),
              time: number + 1,
            },
          }),
    ),
  },
);

function feeOf(kind: string): Fill['fee'] {
  if (kind === 'none') return null;
  const asset = { quote: 'USDT', coin: 'BTC' }[kind] ?? 'BNB';
  return { asset, amount: assetAmount('0.001'), quoteValue: quoteAmount('0.1') };
}

/** The figures of a round trip, comparable as text. */
function figuresOf(trip: RoundTrip): string {
  const { symbol, direction, quantity, entryPrice, exitPrice, netPnl, fees, closedAt, exitPurpose } = trip;
  const side = direction === 'long' ? 'buy' : 'sell';
  const money = [quantity, entryPrice, exitPrice, netPnl, fees].map(text);
  return [symbol, side, ...money, closedAt, exitPurpose, netPnl.gt(0) ? 1 : 0].join(' ');
}

function closedOf(rows: readonly TradeRow[]): readonly string[] {
  return rows
    .filter(({ closed }) => closed === 1)
    .map((row) =>
      [
        ...[row.symbol, row.side, row.amount, row.entry_price, row.exit_price, row.realized_pnl, row.fees],
        ...[row.close_timestamp, row.exit_reason, row.won],
      ].join(' '),
    )
    .sort();
}
