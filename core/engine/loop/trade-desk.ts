import type { Settings, Side, StrategyId } from '../../contract/index.ts';
import {
  absolute,
  add,
  type Brief,
  type ConsensusResult,
  type DecisionId,
  type EntryThesis,
  float,
  floorTo,
  notional,
  type Opinion,
  type PositionBrief,
  type Price,
  price,
  type QuoteAmount,
  remainingOf,
  sum,
  TIMEFRAME_MS,
  text,
  type UtcMs,
  type Verdict,
  type Vote,
  ZERO_QUOTE,
} from '../../domain/index.ts';
import type { ClientOrderIds, OrderManager } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import {
  type Account,
  type EntryPlan,
  type EntryReview,
  exitReview,
  type FeedHealth,
  mayStillEnter,
} from '../../safety/index.ts';
import type { BarBrief } from './bar-brief.ts';
import type { EntryTheses } from './entry-theses.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { outcomeOf, refusalOf, type TradeOutcome } from './trade-outcome.ts';

export interface TradeDeskParts {
  readonly settings: Pick<Settings, 'safety' | 'timeframe'>;
  readonly review: EntryReview;
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly portfolio: Portfolio;
  readonly theses: EntryTheses;
  readonly feedHealth: (symbol: string) => FeedHealth;
  /** The market's clock. */
  readonly now: () => UtcMs;
}

/** A decision to open a position. */
export interface Entry {
  readonly desk: SymbolDesk;
  readonly brief: BarBrief;
  /** Who decided: the position counts as its. */
  readonly strategy: StrategyId;
  readonly consensus: ConsensusResult;
  readonly votes: readonly Vote[];
  readonly id: DecisionId;
  /** When the bar closed that was decided on. */
  readonly time: UtcMs;
  /** What the symbol trades at now. */
  readonly markPrice: Price;
}

/** A decision to close a position. */
export interface Exit {
  readonly desk: SymbolDesk;
  readonly brief: Brief;
  /** As it is now. */
  readonly position: PositionBrief;
  readonly reason: { readonly code: string; readonly message: string };
  readonly id: DecisionId;
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

  /** Opens a position, when every safety layer allows it. */
  async enter(entry: Entry): Promise<TradeOutcome> {
    const thesis = leadingThesis(entry.votes, entry.consensus);
    const now = Math.max(entry.time, this.#parts.now());
    const account = this.#account(entry.strategy);
    const { verdicts, plan } = this.#review(entry, thesis, account, now);
    if (plan === undefined) return { ...refusalOf(verdicts), verdicts, orderIds: [] };
    const atSending = this.#refusalAtSending(entry, plan, account);
    if (atSending !== null) {
      const all = [...verdicts, atSending];
      return { ...refusalOf(all), verdicts: all, orderIds: [] };
    }
    return this.#send(entry, thesis, plan, verdicts, now);
  }

  /** Closes the position of a symbol with a market order. Stops and emergencies do not come this way. */
  async exit({ desk, brief, position, reason, id }: Exit): Promise<TradeOutcome> {
    const { settings, portfolio, orders, ids } = this.#parts;
    const { symbol } = desk.instrument;
    const verdict = exitReview({ purpose: 'exit', barsHeld: position.barsHeld }, settings.safety);
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
      expiresAt: null,
    });
    return outcomeOf(placed, verdicts, reason);
  }

  #review(
    { desk, brief, strategy, consensus, markPrice }: Entry,
    thesis: EntryThesis,
    account: Account,
    now: UtcMs,
  ) {
    const { review, feedHealth } = this.#parts;
    const { instrument } = desk;
    this.#entryTimes = this.#entryTimes.filter((time) => time > now - HOUR_MS);
    return review.review({
      symbol: instrument.symbol,
      side: sideOf(consensus),
      strategyId: strategy,
      instrument,
      markPrice,
      atr: brief.averageTrueRange,
      // A random walk's spread over the horizon, times how sure the voters are (its lead, 0 to 1).
      expectedMove: consensus.margin * brief.feature('natr_14') * Math.sqrt(thesis.horizonBars),
      roundTripCost: desk.roundTripCost,
      account,
      feed: feedHealth(instrument.symbol),
      barsSinceExit: this.#barsSinceExit(desk),
      entriesLastHour: this.#entryTimes.length,
    });
  }

  /** Why the entry may not be made any more at the price of this moment, right before it leaves; null: it may. */
  #refusalAtSending(
    { desk, brief, consensus, markPrice }: Entry,
    plan: EntryPlan,
    account: Account,
  ): Verdict | null {
    const { settings } = this.#parts;
    // Nothing has moved since the decision: what the review has just planned at this price still fits there.
    if (float(markPrice) === brief.close) return null;
    const { symbol, quote } = desk.instrument;
    const entry = {
      symbol,
      quote,
      side: sideOf(consensus),
      amount: plan.amount,
      stopPrice: plan.stopPrice,
      decisionPrice: price(brief.close),
      atr: brief.averageTrueRange,
    };
    const verdict = mayStillEnter(entry, account, markPrice, settings.safety);
    return verdict.allowed ? null : verdict;
  }

  async #send(
    { desk, brief, strategy, consensus, id, time }: Entry,
    thesis: EntryThesis,
    plan: EntryPlan,
    verdicts: readonly Verdict[],
    now: UtcMs,
  ): Promise<TradeOutcome> {
    const { orders, ids, theses, settings } = this.#parts;
    const { symbol } = desk.instrument;
    const { barOpenTime } = brief;
    const clientOrderId = ids.make({ symbol, time: barOpenTime, purpose: 'entry', ordinal: 0 });
    // Before it leaves: its fill may be announced while it is being sent, and the stop's place is in the record.
    theses.remember({
      ...thesis,
      symbol,
      entryOrderId: clientOrderId,
      strategyId: strategy,
      barOpenTime,
      decisionId: id,
      stopPrice: text(plan.stopPrice),
    });
    this.#entryTimes = [...this.#entryTimes, now];
    const placed = await orders.place({
      clientOrderId,
      symbol,
      side: sideOf(consensus),
      type: 'market',
      purpose: 'entry',
      amount: plan.amount,
      limitPrice: null,
      stopPrice: null,
      reduceOnly: false,
      decisionId: id,
      // What has not filled when the next bar closes was decided on a market that is gone.
      expiresAt: time + TIMEFRAME_MS[settings.timeframe],
    });
    // An entry that is not at the venue needs no thesis; one in doubt does, and so does the one before it.
    if (placed.outcome === 'rejected' || placed.outcome === 'refused') theses.end(clientOrderId);
    const reason = { code: 'entry', message: `${consensus.action}: ${thesis.thesis}` };
    return outcomeOf(placed, verdicts, reason);
  }

  /** Positions and open entry orders against the limits. Each belongs to the strategy that opened it. */
  #account(strategy: StrategyId): Account {
    const { portfolio, orders, theses } = this.#parts;
    const exposures = new Map<string, QuoteAmount>(portfolio.exposures());
    for (const order of orders.unfinished()) {
      const mark = portfolio.markPrice(order.symbol);
      if (order.purpose !== 'entry' || mark === undefined) continue;
      const open = notional(price(mark), remainingOf(order));
      exposures.set(order.symbol, add(exposures.get(order.symbol) ?? ZERO_QUOTE, open));
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

function sideOf({ action }: ConsensusResult): Side {
  return action === 'BUY' ? 'buy' : 'sell';
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
