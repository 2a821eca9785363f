import type { Settings, Side, StrategyId } from '../../contract/index.ts';
import {
  absolute,
  add,
  type BaseAmount,
  type Brief,
  type ClientOrderId,
  type ConsensusResult,
  type DecisionId,
  type EntryExpectation,
  type EntryThesis,
  float,
  floorTo,
  type GateAnswer,
  notional,
  type Opinion,
  type Order,
  type OrderIntent,
  type Outlook,
  type PositionBrief,
  type PositionPlan,
  type Price,
  price,
  type QuoteAmount,
  remainingOf,
  subtract,
  sum,
  TIMEFRAME_MS,
  text,
  type UtcMs,
  utcDayStart,
  type Verdict,
  type Vote,
  ZERO_QUOTE,
} from '../../domain/index.ts';
import type { ClientOrderIds, ExecutionDesk, OrderManager, PlaceResult } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import {
  type Account,
  type EntryPlan,
  type EntryReview,
  exitReview,
  type FeedHealth,
  groupOf,
  type LimitsInForce,
  mayStillEnter,
  riskOfEntry,
  riskOfPosition,
} from '../../safety/index.ts';
import type { BarBrief } from './bar-brief.ts';
import type { DailyMoves } from './daily-moves.ts';
import type { EntryTheses } from './entry-theses.ts';
import { exposureOf, groupsOf, type LimitUse } from './limit-use.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { outcomeOf, refusalOf, type TradeOutcome } from './trade-outcome.ts';

export interface TradeDeskParts {
  readonly settings: Pick<Settings, 'timeframe' | 'execution'>;
  readonly limits: Pick<LimitsInForce, 'settings' | 'tightenings'>;
  readonly review: EntryReview;
  readonly desk: Pick<ExecutionDesk, 'makeEntry' | 'isMakingEntry' | 'protectionOf'>;
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly portfolio: Portfolio;
  readonly theses: EntryTheses;
  readonly moves: DailyMoves;
  readonly feedHealth: (symbol: string) => FeedHealth;
  /** Why nothing is entered now, whatever the market says: paused, locked, stopped or tripped; null: it may be. */
  readonly entriesHeld: (symbol: string) => string | null;
  readonly isRealMoney: boolean;
  /** The market's clock. */
  readonly now: () => UtcMs;
}

/** A decision to open a position, or to add to one. */
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
  /** What the strategy says of it; null where the voters do. */
  readonly proposed: ProposedEntry | null;
  /** What was foretold of volatility; null: nothing. */
  readonly outlook: Outlook | null;
}

/** An entry as a strategy wants it that proposes by itself. */
export interface ProposedEntry extends EntryThesis {
  /** Share of the equity that the symbol should have with it. */
  readonly targetShare: number;
  readonly stopPrice: Price;
  /** How far below the first fill the stop goes where that opens a position, as a fraction. */
  readonly stopShare: number;
  /** As a fraction of the price; null: nobody has measured one. */
  readonly expectedMove: number | null;
  /** How a position that it opens is to be led. */
  readonly plan?: PositionPlan;
}

/** A decision to close a position, or a part of it. */
export interface Exit {
  readonly desk: SymbolDesk;
  readonly brief: Brief;
  /** As it is now. */
  readonly position: PositionBrief;
  readonly reason: { readonly code: string; readonly message: string };
  readonly id: DecisionId;
  /** In whole lots; all of it when absent. */
  readonly amount?: BaseAmount;
  /** A strategy that decides at times of its own waits for no number of bars. */
  readonly minHoldBars?: number;
}

/** Who asks what is held. */
export interface Asking {
  readonly desk: SymbolDesk;
  readonly strategy: StrategyId;
  /** What the venue has taken to sell counts as gone. */
  readonly sellsFirst: boolean;
}

const HOUR_MS = 3_600_000;
const TAKEN: ReadonlySet<Order['status']> = new Set(['OPEN', 'PARTIALLY_FILLED']);
const MAY_LEAVE: GateAnswer = { allowed: true };

/** Steps 6 and 7 for one decision: asks safety, sizes, remembers the thesis, and places the order. */
export class TradeDesk {
  readonly #parts: TradeDeskParts;
  /** When entries of the last hour and of the UTC day were placed, for the throttle. */
  #entryTimes: readonly UtcMs[];
  /** The last entry order of each symbol, and how often the limits had been tightened when it was planned. */
  readonly #planned = new Map<
    string,
    { readonly entryOrderId: ClientOrderId; readonly tightenings: number }
  >();

  constructor(parts: TradeDeskParts, entryTimes: readonly UtcMs[] = []) {
    this.#parts = parts;
    this.#entryTimes = entryTimes;
  }

  /** Whether an entry of a symbol is under way though no order of it may be at this moment. */
  isEntering(symbol: string): boolean {
    return this.#parts.desk.isMakingEntry(symbol);
  }

  /** An entry that waits for its turn while a limit is tightened does not leave: it was planned under the one before. */
  mayLeave({ symbol, clientOrderId }: Pick<OrderIntent, 'symbol' | 'clientOrderId'>): GateAnswer {
    const planned = this.#planned.get(symbol);
    const { tightenings } = this.#parts.limits;
    if (planned?.entryOrderId !== clientOrderId || planned.tightenings === tightenings) return MAY_LEAVE;
    return {
      allowed: false,
      code: 'limits-tightened',
      message: 'a limit was tightened while the entry was on its way: the next bar decides anew',
    };
  }

  /** Opens a position, when every safety layer allows it. A promise only when an order leaves. */
  enter(entry: Entry): TradeOutcome | Promise<TradeOutcome> {
    try {
      return this.#enter(entry);
    } catch (error) {
      // Whoever waits for orders hears of it as of one that failed.
      return Promise.reject(error);
    }
  }

  #enter(entry: Entry): TradeOutcome | Promise<TradeOutcome> {
    const now = Math.max(entry.time, this.#parts.now());
    const account = this.accountFor(askingOf(entry));
    const { verdicts, plan } = this.#review(entry, account, now);
    if (plan === undefined) return { ...refusalOf(verdicts), verdicts, orderIds: [] };
    const atSending = this.#refusalAtSending(entry, plan, account);
    if (atSending !== null) {
      const all = [...verdicts, atSending];
      return { ...refusalOf(all), verdicts: all, orderIds: [] };
    }
    return this.#send(entry, plan, verdicts, now);
  }

  /** Closes the position of a symbol, or a part, with a market order. Stops and emergencies do not come this way. */
  async exit(exit: Exit): Promise<TradeOutcome> {
    const { desk, brief, position, reason, id } = exit;
    const { limits, portfolio, orders, ids } = this.#parts;
    const { symbol } = desk.instrument;
    const { minHoldBars = limits.settings.minHoldBars } = exit;
    const verdict = exitReview({ purpose: 'exit', barsHeld: position.barsHeld }, { minHoldBars });
    const verdicts = [verdict];
    if (!verdict.allowed) return { ...refusalOf(verdicts), verdicts, orderIds: [] };
    const { quantity } = portfolio.position(symbol);
    const placed = await orders.place({
      clientOrderId: ids.make({ symbol, time: brief.barOpenTime, purpose: 'exit', ordinal: 0 }),
      symbol,
      side: quantity.isPositive() ? 'sell' : 'buy',
      type: 'market',
      purpose: 'exit',
      amount: exit.amount ?? floorTo(absolute(quantity), desk.instrument.lotSize),
      limitPrice: null,
      stopPrice: null,
      reduceOnly: true,
      decisionId: id,
      expiresAt: null,
    });
    return outcomeOf(placed, verdicts, reason);
  }

  #review(entry: Entry, account: Account, now: UtcMs) {
    const { desk, brief, strategy, consensus, markPrice, proposed, outlook } = entry;
    const { review, feedHealth } = this.#parts;
    const { instrument } = desk;
    this.#entryTimes = this.#entryTimes.filter((time) => time >= throttledSince(now));
    return review.review({
      symbol: instrument.symbol,
      side: sideOf(consensus),
      strategyId: strategy,
      instrument,
      markPrice,
      atr: brief.averageTrueRange,
      // How far prices swing is no expectation: of what the voters want by themselves nobody has measured one.
      expectedMove: proposed?.expectedMove ?? null,
      isRealMoney: this.#parts.isRealMoney,
      ...desk.costsIn(outlook?.roughness ?? null),
      roughness: outlook?.roughness ?? null,
      account,
      feed: feedHealth(instrument.symbol),
      // A strategy with times of its own enters again at the next of them.
      barsSinceExit: proposed === null ? this.#barsSinceExit(desk) : null,
      ...(proposed === null ? {} : { targetShare: proposed.targetShare, stopPrice: proposed.stopPrice }),
      ...this.#entriesAt(now),
    });
  }

  #entriesAt(now: UtcMs): Pick<LimitUse, 'entriesLastHour' | 'entriesToday'> {
    return {
      entriesLastHour: this.#entryTimes.filter((time) => time > now - HOUR_MS).length,
      entriesToday: this.#entryTimes.filter((time) => time >= utcDayStart(now)).length,
    };
  }

  /** Why the entry may not be made any more at the price of this moment, right before it leaves; null: it may. */
  #refusalAtSending(entry: Entry, plan: EntryPlan, account: Account): Verdict | null {
    // Nothing has moved since the decision: what the review has just planned at this price still fits there.
    if (float(entry.markPrice) === entry.brief.close) return null;
    return this.#refusalOfMore(entry, plan, account, entry.markPrice);
  }

  #refusalOfMore(
    { desk, brief, consensus }: Entry,
    { amount, stopPrice }: Pick<EntryPlan, 'amount' | 'stopPrice'>,
    account: Account,
    at: Price,
  ): Verdict | null {
    const { symbol, quote } = desk.instrument;
    const entry = {
      symbol,
      quote,
      side: sideOf(consensus),
      amount,
      stopPrice,
      decisionPrice: price(brief.close),
      atr: brief.averageTrueRange,
    };
    const verdict = mayStillEnter(entry, account, at, this.#parts.limits.settings);
    return verdict.allowed ? null : verdict;
  }

  /** Why an entry that is under way must not go on at a price, or not with so much more; null: it may. */
  #obstacle(entry: Entry, { stopPrice }: EntryPlan, at: Price, more: BaseAmount | null): string | null {
    const held = this.#parts.entriesHeld(entry.desk.instrument.symbol);
    if (held !== null) return held;
    if (more === null) {
      const isStopped = sideOf(entry.consensus) === 'buy' ? at.lte(stopPrice) : at.gte(stopPrice);
      return isStopped ? `the price of ${text(at)} has reached the stop at ${text(stopPrice)}` : null;
    }
    const account = this.accountFor(askingOf(entry));
    return this.#refusalOfMore(entry, { amount: more, stopPrice }, account, at)?.message ?? null;
  }

  async #send(
    entry: Entry,
    plan: EntryPlan,
    verdicts: readonly Verdict[],
    now: UtcMs,
  ): Promise<TradeOutcome> {
    const { settings, theses } = this.#parts;
    const { desk, brief, strategy, consensus, id, proposed } = entry;
    const { symbol } = desk.instrument;
    const { thesis: words, invalidation, horizonBars } = proposed ?? leadingThesis(entry.votes, consensus);
    // Before it leaves: its fill may be announced while it is being sent, and the stop's place is in the record.
    const remember = (entryOrderId: ClientOrderId): void => {
      // What is sent has been judged in this moment, each order of an entry that makes first anew.
      this.#planned.set(symbol, { entryOrderId, tightenings: this.#parts.limits.tightenings });
      theses.remember({
        thesis: words,
        invalidation,
        horizonBars,
        symbol,
        entryOrderId,
        strategyId: strategy,
        barOpenTime: brief.barOpenTime,
        decisionId: id,
        stopPrice: text(plan.stopPrice),
        stopShare: proposed?.stopShare ?? null,
        plan: proposed?.plan ?? null,
      });
    };
    this.#entryTimes = [...this.#entryTimes, now];
    const reason = { code: 'entry', message: `${consensus.action}: ${words}` };
    if (settings.execution.entry === 'taker') {
      return outcomeOf(await this.#take(entry, plan, remember), verdicts, reason);
    }
    const placed = await this.#makeFirst(entry, plan, remember);
    // What the venue did not let rest is tried again at another price.
    return placed.outcome === 'rejected' && this.isEntering(symbol)
      ? outcomeOf({ ...placed, outcome: 'placed' }, verdicts, reason)
      : outcomeOf(placed, verdicts, reason);
  }

  async #take(entry: Entry, plan: EntryPlan, remember: (id: ClientOrderId) => void): Promise<PlaceResult> {
    const { orders, ids, theses } = this.#parts;
    const { desk, brief, consensus, id, time } = entry;
    const { symbol } = desk.instrument;
    const clientOrderId = ids.make({ symbol, time: brief.barOpenTime, purpose: 'entry', ordinal: 0 });
    remember(clientOrderId);
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
      expiresAt: this.#expiryOf(time),
      expected: expectationOf(entry),
    });
    // An entry that is not at the venue needs no thesis; one in doubt does, and so does the one before it.
    if (placed.outcome === 'rejected' || placed.outcome === 'refused') theses.end(clientOrderId);
    return placed;
  }

  #makeFirst(entry: Entry, plan: EntryPlan, remember: (id: ClientOrderId) => void): Promise<PlaceResult> {
    const { desk, settings, theses } = this.#parts;
    return desk.makeEntry(
      {
        symbol: entry.desk.instrument.symbol,
        side: sideOf(entry.consensus),
        amount: plan.amount,
        decisionId: entry.id,
        barOpenTime: entry.brief.barOpenTime,
        expected: expectationOf(entry),
        expiresAt: this.#expiryOf(entry.time),
        onOrder: remember,
        onNone: (id) => theses.end(id),
        obstacle: (at, more) => this.#obstacle(entry, plan, at, more),
      },
      settings.execution,
    );
  }

  /** What has not filled when the next bar closes was decided on a market that is gone. */
  #expiryOf(time: UtcMs): UtcMs {
    return time + TIMEFRAME_MS[this.#parts.settings.timeframe];
  }

  /** Positions and open entry orders against the limits. Each belongs to the strategy that opened it. */
  accountFor({ desk, strategy, sellsFirst }: Asking): Account {
    const { portfolio, moves, now } = this.#parts;
    const { symbol: asking } = desk.instrument;
    const { exposures, openRisk } = this.#exposed(sellsFirst);
    const known = moves.at(now());
    const group = groupOf(asking, exposures.keys(), known);
    return {
      equity: portfolio.equity(),
      cash: portfolio.cash,
      exposures,
      strategyExposure: this.#strategiesOf(exposures, strategy).get(strategy) ?? ZERO_QUOTE,
      group: {
        exposure: exposureOf(group, exposures),
        size: group.length,
        isKnown: known.isKnown(asking),
      },
      openRisk,
      openPositions: exposures.size,
    };
  }

  /** What is used of the limits now, whoever asks. */
  limitUse(): LimitUse {
    const { portfolio, moves, now } = this.#parts;
    const { exposures, openRisk } = this.#exposed(false);
    return {
      equity: portfolio.equity(),
      exposures,
      strategies: this.#strategiesOf(exposures, null),
      groups: groupsOf(exposures, moves.at(now())),
      openRisk,
      ...this.#entriesAt(now()),
    };
  }

  /** @param sellsFirst whether what the venue has taken to sell has left already. */
  #exposed(
    sellsFirst: boolean,
  ): Pick<Account, 'openRisk'> & { readonly exposures: ReadonlyMap<string, QuoteAmount> } {
    const { portfolio, orders, theses } = this.#parts;
    const exposures = new Map<string, QuoteAmount>(portfolio.exposures());
    const risks = [...exposures].map(([symbol, worth]) => this.#riskOfPosition(symbol, worth));
    for (const order of orders.unfinished()) {
      const mark = portfolio.markPrice(order.symbol);
      if (mark === undefined) continue;
      // A strategy sells before it buys, and what is sold makes room: not before the venue has said that it sells it.
      if (sellsFirst && order.purpose === 'exit' && TAKEN.has(order.status)) {
        const leaving = notional(price(mark), remainingOf(order));
        const left = subtract(exposures.get(order.symbol) ?? ZERO_QUOTE, leaving);
        if (left.gt(0)) exposures.set(order.symbol, left);
        else exposures.delete(order.symbol);
      }
      if (order.purpose !== 'entry') continue;
      const open = notional(price(mark), remainingOf(order));
      exposures.set(order.symbol, add(exposures.get(order.symbol) ?? ZERO_QUOTE, open));
      const planned = theses.ofOrder(order.clientOrderId);
      risks.push(riskOfEntry(order, planned === null ? null : price(planned.stopPrice), price(mark)));
    }
    return { exposures, openRisk: sum(ZERO_QUOTE, risks) };
  }

  /** @param instead whose a position is that nobody is known to have opened; null: nobody's. */
  #strategiesOf(
    exposures: ReadonlyMap<string, QuoteAmount>,
    instead: StrategyId | null,
  ): ReadonlyMap<string, QuoteAmount> {
    const strategies = new Map<string, QuoteAmount>();
    for (const [symbol, worth] of exposures) {
      const strategy = this.#parts.theses.of(symbol)?.strategyId ?? instead;
      if (strategy !== null) strategies.set(strategy, add(strategies.get(strategy) ?? ZERO_QUOTE, worth));
    }
    return strategies;
  }

  /** A stop counts while the venue has it, or the engine watches for its price. */
  #riskOfPosition(symbol: string, worth: QuoteAmount): QuoteAmount {
    const { portfolio, desk } = this.#parts;
    const { protection, stopPrice } = desk.protectionOf(symbol);
    return riskOfPosition(portfolio.position(symbol), protection === 'none' ? null : stopPrice, worth);
  }

  #barsSinceExit(desk: SymbolDesk): number | null {
    const { symbol } = desk.instrument;
    const last = this.#parts.portfolio.roundTrips.findLast((trip) => trip.symbol === symbol);
    return last === undefined ? null : desk.barsSince(last.closedAt);
  }
}

/** From when on entries count at a moment: an hour before, or the beginning of its UTC day. */
export function throttledSince(now: UtcMs): UtcMs {
  return Math.min(now - HOUR_MS, utcDayStart(now));
}

function askingOf({ desk, strategy, proposed }: Entry): Asking {
  return { desk, strategy, sellsFirst: proposed !== null };
}

/** What the cost gate has just judged it by. */
function expectationOf({ desk, markPrice, outlook }: Entry): EntryExpectation {
  return { price: markPrice, cost: desk.costsIn(outlook?.roughness ?? null).entryCost };
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
