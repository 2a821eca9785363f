import type { EntryCostView, PortfolioView, PositionView, TradeView } from '../../contract/index.ts';
import {
  absolute,
  add,
  averagePrice,
  type EntryCost,
  entryCostRates,
  float,
  type Money,
  notional,
  type Position,
  type Price,
  type QuoteAmount,
  type RoundTrip,
  ratio,
  rounded,
  subtract,
  text,
  type UtcMs,
  unrealisedPnl,
} from '../../domain/index.ts';
import { estimate, MIN_SAMPLE, sharpe, sortino } from '../../portfolio/performance.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';

/** What only others know of a position. */
export interface PositionContext {
  readonly protection: PositionView['protection'];
  readonly stopPrice: Price | null;
  readonly entryThesis: string | null;
  /** How it is led, in words; absent: by its stop alone. */
  readonly plan?: string;
}

/** Decimals shown of an amount of money, and significant digits of an average price. */
const AMOUNT_DECIMALS = 8;
const PRICE_DIGITS = 12;

/** The account as a whole. Ratios are null below `minSample` observations. */
export function portfolioView(portfolio: Portfolio, time: UtcMs, minSample = MIN_SAMPLE): PortfolioView {
  const { curve, tally, capital, paidIn } = portfolio;
  const equity = portfolio.equity();
  return {
    time,
    capital: text(capital),
    equity: shown(equity),
    cash: shown(portfolio.cash),
    exposure: shown(portfolio.exposure()),
    realisedPnl: shown(portfolio.realisedPnl),
    unrealisedPnl: shown(portfolio.unrealisedPnl),
    fees: shown(portfolio.fees),
    entryCost: entryCostView(portfolio.entryCost),
    funding: shown(portfolio.funding),
    // Of everything that was put in: what is left of the capital may be nothing, or less.
    returnPct: percent(subtract(equity, capital), paidIn),
    dailyPnl: shown(portfolio.dailyPnl),
    drawdownPct: curve.drawdown * 100,
    maxDrawdownPct: curve.maxDrawdown * 100,
    sharpe: sharpe(curve.dailyReturns, minSample),
    sortino: sortino(curve.dailyReturns, minSample),
    winRate: estimate(tally.wins / tally.trades, tally.trades, minSample),
    trades: tally.trades,
  };
}

/** An open position at a mark price. `unrealisedPnlPct` is in percent of what the position cost. */
export function positionView(position: Position, markPrice: Price, context: PositionContext): PositionView {
  const unrealised = unrealisedPnl(position, markPrice);
  return {
    symbol: position.symbol,
    quantity: text(position.quantity),
    averageEntryPrice: shownPrice(averagePrice(position.cost, position.quantity)),
    markPrice: text(markPrice),
    notional: shown(absolute(notional(markPrice, position.quantity))),
    unrealisedPnl: shown(unrealised),
    unrealisedPnlPct: percent(unrealised, absolute(position.cost)),
    realisedPnl: shown(position.realisedPnl),
    fees: shown(position.fees),
    stopPrice: context.stopPrice === null ? null : text(context.stopPrice),
    protection: context.protection,
    entryThesis: context.entryThesis,
    ...(context.plan === undefined ? {} : { plan: context.plan }),
    openedAt: position.openedAt,
  };
}

/** A finished round trip. `returnPct` is the net P&L in percent of what was put in. */
export function tradeView(trip: RoundTrip): TradeView {
  return {
    id: trip.id,
    symbol: trip.symbol,
    direction: trip.direction,
    quantity: text(trip.quantity),
    entryPrice: shownPrice(trip.entryPrice),
    exitPrice: shownPrice(trip.exitPrice),
    grossPnl: shown(trip.grossPnl),
    fees: shown(trip.fees),
    netPnl: shown(trip.netPnl),
    returnPct: percent(trip.netPnl, notional(trip.entryPrice, trip.quantity)),
    exitPurpose: trip.exitPurpose,
    entryCost: trip.entryCost === undefined ? null : entryCostView(trip.entryCost),
    openedAt: trip.openedAt,
    closedAt: trip.closedAt,
  };
}

function entryCostView(cost: EntryCost): EntryCostView | null {
  const rates = entryCostRates(cost);
  const actual = add(cost.fees, cost.slippage);
  return rates && { ...rates, expected: shown(cost.expected), actual: shown(actual) };
}

/** To the decimals that are shown of an amount of money. */
export function shown(amount: Money): string {
  return text(rounded(amount, AMOUNT_DECIMALS));
}

export function shownPrice(at: Price): string {
  return at.toSignificantDigits(PRICE_DIGITS).toFixed();
}

/** 0 of nothing. */
function percent(part: QuoteAmount, whole: QuoteAmount): number {
  return whole.isZero() ? 0 : float(ratio(part, whole)) * 100;
}
