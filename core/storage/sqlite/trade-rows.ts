import type { OrderType, Side, Voter } from '../../contract/index.ts';
import {
  averagePrice,
  baseAmount,
  type ClientOrderId,
  type Decision,
  notional,
  type Position,
  type Price,
  type QuoteAmount,
  quoteAmount,
  type RoundTrip,
  ratio,
  subtract,
  text,
  tradeId,
  type UtcMs,
} from '../../domain/index.ts';

/** A row of `trade_history` as SQLite gives and takes it. */
export interface TradeRow extends TradeFigures, OpeningColumns, DecisionColumns {
  readonly timestamp: UtcMs;
  readonly trade_id: string;
  readonly symbol: string;
}

/** What the fold over its fills says of a round trip. */
export interface TradeFigures {
  readonly side: Side;
  readonly amount: string;
  readonly entry_price: string;
  readonly exit_price: string | null;
  readonly realized_pnl: string;
  readonly pnl_pct: string;
  readonly fees: string;
  readonly won: 0 | 1 | null;
  readonly closed: 0 | 1;
  readonly close_timestamp: UtcMs | null;
  readonly exit_reason: string | null;
}

/** Of the order that opened it. */
export interface OpeningColumns {
  readonly order_type: OrderType | null;
  readonly decision_id: string | null;
}

/** Of the decision that opened it. */
export interface DecisionColumns {
  readonly market_regime: string | null;
  readonly bull_confidence: number | null;
  readonly bear_confidence: number | null;
  readonly decision_confidence: number | null;
  readonly agent_votes: string | null;
  readonly signals: string | null;
  readonly strategy: string | null;
}

/** The fill that opened a round trip. */
export interface Opening {
  readonly timestamp: UtcMs;
  /** By which its row is known. */
  readonly tradeId: string;
  readonly side: Side;
  readonly clientOrderId: ClientOrderId | null;
}

/** A symbol's position, and what its round trip was opened by; null between two. */
export interface Trip {
  readonly position: Position;
  readonly opening: Opening | null;
}

/** Beyond these decimals a share of a sum says nothing. */
const PERCENT_DECIMALS = 10;

export function figuresOfOpen(position: Position, opening: Opening): TradeFigures {
  const { entered, exited, realisedPnl, fees, quantity } = position;
  // Everything that was bought may have gone by another way than a trade.
  const entryPrice = entered.amount.isZero() ? null : averagePrice(entered.notional, entered.amount);
  const net = subtract(realisedPnl, fees);
  return {
    side: quantity.isZero() ? opening.side : quantity.gt(0) ? 'buy' : 'sell',
    amount: text(entered.amount),
    entry_price: entryPrice === null ? '0' : text(entryPrice),
    exit_price: exited.amount.isZero() ? null : text(averagePrice(exited.notional, exited.amount)),
    realized_pnl: text(net),
    pnl_pct: percentOf(net, entered.notional),
    fees: text(fees),
    ...{ won: null, closed: 0, close_timestamp: null, exit_reason: null },
  };
}

export function figuresOfClosed(trip: RoundTrip): TradeFigures {
  return {
    side: trip.direction === 'long' ? 'buy' : 'sell',
    amount: text(trip.quantity),
    entry_price: text(trip.entryPrice),
    exit_price: text(trip.exitPrice),
    realized_pnl: text(trip.netPnl),
    pnl_pct: percentOf(trip.netPnl, paidFor(trip.entryPrice, trip)),
    fees: text(trip.fees),
    won: trip.netPnl.gt(0) ? 1 : 0,
    closed: 1,
    close_timestamp: trip.closedAt,
    exit_reason: trip.exitPurpose,
  };
}

function paidFor(price: Price, { quantity }: RoundTrip): QuoteAmount {
  return notional(price, quantity);
}

function percentOf(net: QuoteAmount, paid: QuoteAmount): string {
  if (paid.isZero()) return '0';
  return ratio(net, paid).times(100).toDecimalPlaces(PERCENT_DECIMALS).toFixed();
}

export const NO_DECISION: DecisionColumns = {
  market_regime: null,
  bull_confidence: null,
  bear_confidence: null,
  decision_confidence: null,
  agent_votes: null,
  signals: null,
  strategy: null,
};

/** What a decision's record says of the trades that it opened. */
export function columnsOfDecision(decision: Decision): DecisionColumns {
  const { consensus, votes, features, action, reason } = decision;
  const confidence = (name: Voter): number | null => {
    const vote = votes.find(({ voter }) => voter === name);
    return vote?.kind === 'vote' ? vote.confidence : null;
  };
  return {
    market_regime: consensus.regime,
    bull_confidence: confidence('bull'),
    bear_confidence: confidence('bear'),
    decision_confidence: consensus.margin,
    agent_votes: JSON.stringify(votes),
    signals: JSON.stringify({ action, reason, support: consensus.support, features }),
    strategy: decision.strategy ?? null,
  };
}

/** A trip as JSON text. What its entry had been expected to cost is in no row, and is left out. */
export function writeTrip({ position, opening }: Trip): string {
  const { quantity, cost, realisedPnl, fees, openedAt, entered, exited, lastTradeId } = position;
  return JSON.stringify({
    ...{ quantity: text(quantity), cost: text(cost), realisedPnl: text(realisedPnl), fees: text(fees) },
    entered: [text(entered.amount), text(entered.notional)],
    exited: [text(exited.amount), text(exited.notional)],
    ...{ openedAt, lastTradeId, opening },
  });
}

/** Reads what `writeTrip` wrote. The document comes from our own database, written by this very function. */
export function readTrip(symbol: string, document: string): Trip {
  const stored = JSON.parse(document) as {
    readonly quantity: string;
    readonly cost: string;
    readonly realisedPnl: string;
    readonly fees: string;
    readonly entered: readonly [string, string];
    readonly exited: readonly [string, string];
    readonly openedAt: UtcMs;
    readonly lastTradeId: string | null;
    readonly opening: Opening | null;
  };
  return {
    position: {
      symbol,
      quantity: baseAmount(stored.quantity),
      cost: quoteAmount(stored.cost),
      realisedPnl: quoteAmount(stored.realisedPnl),
      fees: quoteAmount(stored.fees),
      openedAt: stored.openedAt,
      entered: sumsOf(stored.entered),
      exited: sumsOf(stored.exited),
      lastTradeId: stored.lastTradeId === null ? null : tradeId(stored.lastTradeId),
    },
    opening: stored.opening,
  };
}

function sumsOf([amount, worth]: readonly [string, string]): Position['entered'] {
  return { amount: baseAmount(amount), notional: quoteAmount(worth) };
}
