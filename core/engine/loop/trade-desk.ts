import type { Settings, Side, StrategyId } from '../../contract/index.ts';
import {
  absolute,
  add,
  type Brief,
  type ClientOrderId,
  type ConsensusResult,
  type DecisionId,
  type EntryThesis,
  floorTo,
  notional,
  type Opinion,
  price,
  type QuoteAmount,
  subtract,
  sum,
  text,
  type UtcMs,
  type Verdict,
  type Vote,
  ZERO_QUOTE,
} from '../../domain/index.ts';
import type { ClientOrderIds, OrderManager, PlaceResult } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import { type Account, type EntryReview, exitReview, type FeedHealth } from '../../safety/index.ts';
import type { EntryTheses } from './entry-theses.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/** What became of a wish to trade. */
export interface TradeOutcome {
  readonly outcome: 'traded' | 'held' | 'blocked';
  readonly reasonCode: string;
  readonly reason: string;
  readonly verdicts: readonly Verdict[];
  readonly orderIds: readonly ClientOrderId[];
}

/** What a line-up has said about a bar. */
export interface Choice {
  readonly strategy: StrategyId;
  readonly votes: readonly Vote[];
  readonly consensus: ConsensusResult;
}

export interface TradeDeskParts {
  readonly settings: Pick<Settings, 'safety'>;
  readonly review: EntryReview;
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly portfolio: Portfolio;
  readonly theses: EntryTheses;
  readonly feedHealth: () => FeedHealth;
}

const HOUR_MS = 3_600_000;

/** Steps 6 and 7 for one decision: asks safety, sizes, remembers the thesis, and places the order. */
export class TradeDesk {
  readonly #parts: TradeDeskParts;
  /** When entries were placed, for the throttle. */
  #entryTimes: readonly UtcMs[];

  constructor(parts: TradeDeskParts, entryTimes: readonly UtcMs[] = []) {
    this.#parts = parts;
    this.#entryTimes = entryTimes;
  }

  /** Opens a position on a closed bar, when every safety layer allows it. */
  async enter(
    desk: SymbolDesk,
    brief: Brief,
    { strategy, votes, consensus }: Choice,
    id: DecisionId,
    now: UtcMs,
  ): Promise<TradeOutcome> {
    const { review, orders, ids, theses, feedHealth } = this.#parts;
    const { instrument } = desk;
    const side: Side = consensus.action === 'BUY' ? 'buy' : 'sell';
    const thesis = leadingThesis(votes, consensus);
    this.#entryTimes = this.#entryTimes.filter((time) => time > now - HOUR_MS);
    const result = review.review({
      symbol: instrument.symbol,
      side,
      strategyId: strategy,
      instrument,
      markPrice: desk.markPrice,
      atr: desk.averageTrueRange,
      // A random walk's spread over the horizon, times how sure the voters are (its lead, 0 to 1).
      expectedMove: consensus.margin * brief.feature('natr_14') * Math.sqrt(thesis.horizonBars),
      roundTripCost: desk.roundTripCost,
      account: this.#account(strategy),
      feed: feedHealth(),
      barsSinceExit: this.#barsSinceExit(desk),
      entriesLastHour: this.#entryTimes.length,
    });
    const { verdicts, plan } = result;
    if (plan === undefined) return { ...refusalOf(verdicts), verdicts, orderIds: [] };

    theses.remember(instrument.symbol, {
      ...thesis,
      barOpenTime: brief.barOpenTime,
      decisionId: id,
      strategyId: strategy,
      stopPrice: text(plan.stopPrice),
    });
    const clientOrderId = ids.make({
      symbol: instrument.symbol,
      time: brief.barOpenTime,
      purpose: 'entry',
      ordinal: 0,
    });
    this.#entryTimes = [...this.#entryTimes, now];
    const placed = await orders.place({
      clientOrderId,
      symbol: instrument.symbol,
      side,
      type: 'market',
      purpose: 'entry',
      amount: plan.amount,
      limitPrice: null,
      stopPrice: null,
      reduceOnly: false,
      decisionId: id,
    });
    // An entry that is not at the venue needs no thesis; one in doubt does.
    if (placed.outcome === 'rejected' || placed.outcome === 'refused') theses.forget(instrument.symbol);
    return this.#outcomeOf(placed, verdicts, `${consensus.action}: ${thesis.thesis}`, 'entry');
  }

  /** Closes the position of a symbol with a market order. Stops and emergencies do not come this way. */
  async exit(
    desk: SymbolDesk,
    brief: Brief,
    reason: { readonly code: string; readonly message: string },
    id: DecisionId,
  ): Promise<TradeOutcome> {
    const { settings, portfolio, orders, ids } = this.#parts;
    const { symbol } = desk.instrument;
    const verdict = exitReview({ purpose: 'exit', barsHeld: brief.position.barsHeld }, settings.safety);
    const verdicts = [verdict];
    if (!verdict.allowed) return { ...refusalOf(verdicts), verdicts, orderIds: [] };
    const { quantity } = portfolio.position(symbol);
    const placed = await orders.place({
      clientOrderId: ids.make({ symbol, time: brief.barOpenTime, purpose: 'exit', ordinal: 0 }),
      symbol,
      side: quantity.isPositive() ? 'sell' : 'buy',
      type: 'market',
      purpose: 'exit',
      amount: floorTo(absolute(quantity), desk.instrument.lotSize),
      limitPrice: null,
      stopPrice: null,
      reduceOnly: true,
      decisionId: id,
    });
    return this.#outcomeOf(placed, verdicts, reason.message, reason.code);
  }

  #outcomeOf(placed: PlaceResult, verdicts: readonly Verdict[], reason: string, code: string): TradeOutcome {
    switch (placed.outcome) {
      case 'placed':
      case 'known':
        return {
          outcome: 'traded',
          reasonCode: code,
          reason,
          verdicts,
          orderIds: [placed.order.clientOrderId],
        };
      case 'unknown':
        return {
          outcome: 'traded',
          reasonCode: 'order-unknown',
          reason: `${reason}; the venue has not confirmed the order yet`,
          verdicts,
          orderIds: [placed.order.clientOrderId],
        };
      case 'rejected':
        return {
          outcome: 'blocked',
          reasonCode: 'venue-rejected',
          reason: placed.order.reason ?? 'the venue rejected the order',
          verdicts,
          orderIds: [placed.order.clientOrderId],
        };
      case 'refused':
        return {
          outcome: 'blocked',
          reasonCode: placed.code,
          reason: placed.message,
          verdicts,
          orderIds: placed.order === null ? [] : [placed.order.clientOrderId],
        };
    }
  }

  /** Positions and open entry orders against the limits. Each belongs to the strategy that opened it. */
  #account(strategy: StrategyId): Account {
    const { portfolio, orders, theses } = this.#parts;
    const exposures = new Map<string, QuoteAmount>(portfolio.exposures());
    for (const { purpose, symbol, amount, filledAmount } of orders.unfinished()) {
      const mark = portfolio.markPrice(symbol);
      if (purpose !== 'entry' || mark === undefined) continue;
      const open = notional(price(mark), subtract(amount, filledAmount));
      exposures.set(symbol, add(exposures.get(symbol) ?? ZERO_QUOTE, open));
    }
    const own = [...exposures].filter(([symbol]) => (theses.of(symbol)?.strategyId ?? strategy) === strategy);
    return {
      equity: portfolio.equity(),
      cash: portfolio.cash,
      exposures,
      strategyExposure: sum(
        ZERO_QUOTE,
        own.map(([, worth]) => worth),
      ),
      openPositions: exposures.size,
    };
  }

  #barsSinceExit(desk: SymbolDesk): number | null {
    const { symbol } = desk.instrument;
    const last = this.#parts.portfolio.roundTrips.findLast((trip) => trip.symbol === symbol);
    return last === undefined ? null : desk.barsSince(last.closedAt);
  }
}

/** The case of the most confident voter that says what the consensus does. */
function leadingThesis(votes: readonly Vote[], consensus: ConsensusResult): EntryThesis {
  const agreeing = votes
    .filter((vote): vote is Opinion => vote.kind === 'vote' && vote.action === consensus.action)
    .sort((a, b) => b.confidence - a.confidence);
  const [leader] = agreeing;
  if (leader === undefined) throw new TypeError(`no voter said ${consensus.action}`);
  const { thesis, invalidation, horizonBars } = leader;
  return { thesis, invalidation, horizonBars };
}

function refusalOf(verdicts: readonly Verdict[]): Pick<TradeOutcome, 'outcome' | 'reasonCode' | 'reason'> {
  const refused = verdicts.find(({ allowed }) => !allowed);
  if (refused === undefined) throw new TypeError('no safety layer refused');
  return { outcome: 'blocked', reasonCode: `${refused.layer}:${refused.code}`, reason: refused.message };
}
