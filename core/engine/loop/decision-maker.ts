import { decide, exitReason, judge, NOTHING_EARNED, type Records } from '../../consensus/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Brief,
  type ConsensusResult,
  type Decision,
  type DecisionId,
  type DecisionStore,
  float,
  type Outlook,
  type PlanAct,
  type Position,
  type PositionBrief,
  type ProposalRecord,
  price,
  type Timers,
  type UtcMs,
  type Vote,
} from '../../domain/index.ts';
import type { OrderManager } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import { decisionTime, type ProposingStrategy } from '../../strategies/index.ts';
import type { BarBrief } from './bar-brief.ts';
import { caseOfEntry, type WantedEntry, wantedEntry } from './entry-case.ts';
import type { EntryTheses } from './entry-theses.ts';
import type { Hindsight } from './hindsight.ts';
import type { LineUp } from './line-up.ts';
import { outlookRecord } from './outlook-record.ts';
import { amountOf, type PlanDesk, type PlanWish, proposalToAdd } from './plan-desk.ts';
import type { PriceHistory } from './price-history.ts';
import type { StrategyWatch } from './strategy-watch.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { proposedEntry, type TargetDesk, type TargetQuestion, type Wish } from './target-desk.ts';
import type { TradeDesk } from './trade-desk.ts';
import type { TradeOutcome } from './trade-outcome.ts';

/** A closed bar that is to be decided on, with everything of its moment that this needs. */
export interface Question {
  readonly id: DecisionId;
  readonly desk: SymbolDesk;
  readonly brief: BarBrief;
  /** When the bar closed. */
  readonly time: UtcMs;
  /** Up to when everything was decided that was due of the symbol, as it is known when it is asked. */
  readonly settledUntil: () => UtcMs;
  /** When it arrived, in monotonic milliseconds. */
  readonly arrivedMs: number;
  /** What was foretold of volatility before it; null: nothing. */
  readonly outlook: Outlook | null;
}

export interface Answer {
  readonly votes: readonly Vote[];
  readonly lineUp: LineUp;
  /** From the bar's arrival to the answer; null where it came at once, or from prompt voters that were waited for. */
  readonly thinkingMs: number | null;
  /** The market may have moved since the bar closed. */
  readonly later: boolean;
}

/** Why a decision does nothing. */
export interface Pass {
  readonly code: string;
  readonly reason: string;
}

export interface DecisionMakerParts {
  readonly settings: Pick<Settings, 'timeframe'>;
  readonly trade: TradeDesk;
  readonly targets: TargetDesk;
  /** What strategies read that propose by themselves. */
  readonly prices: Pick<PriceHistory, 'proposal'>;
  /** Leads what is held by the plan of its entry. */
  readonly plans: PlanDesk;
  /** Knows which of them has failed. */
  readonly watch: Pick<StrategyWatch, 'reduceOnly'>;
  readonly orders: OrderManager;
  readonly portfolio: Portfolio;
  readonly theses: EntryTheses;
  readonly decisions: DecisionStore;
  readonly hindsight: Hindsight;
  /** Whether voters count by what their records have earned. */
  readonly countsRecords: boolean;
  /** Features kept in each decision's record. */
  readonly recordedFeatures: readonly string[];
  /** Why no entry is allowed now whatever the market says (paused or locked by the trader), or null. */
  readonly entriesHeld: (symbol: string) => string | null;
  readonly timers: Timers;
  /** @param tookMs from the bar's arrival to this record. */
  readonly onDecision: (decision: Decision, tookMs: number) => void;
}

/** What a bar came to. */
interface Done {
  readonly consensus: ConsensusResult;
  readonly position: Position;
  readonly outcome: TradeOutcome;
  readonly proposal?: ProposalRecord;
  /** What a strategy wanted to buy. */
  readonly wanted?: WantedEntry;
}

interface Decided extends Omit<Done, 'outcome'> {
  readonly outcome: TradeOutcome | Promise<TradeOutcome>;
}

/** A position that is led by a plan, at a bar. */
interface LedQuestion {
  readonly strategy: ProposingStrategy;
  readonly question: Question;
  readonly answer: Answer;
  readonly position: Position;
  readonly now: number;
}

/** Whether a line-up has anything to decide on a bar: what proposes by itself does so at its own times. */
export function decidesOn({ settledUntil, time }: Question, { decides }: LineUp): boolean {
  return decides.kind === 'voted' || decisionTime(decides.everyMs, settledUntil(), time) !== null;
}

/** Steps 5 to 9 of a bar whose voters have answered. What is asked of the market is asked when it acts. */
export class DecisionMaker {
  readonly #parts: DecisionMakerParts;

  constructor(parts: DecisionMakerParts) {
    this.#parts = parts;
  }

  /** Acts on the answer and records the decision; a promise only when a venue has to be waited for. */
  conclude(question: Question, answer: Answer): void | Promise<void> {
    const { decides: strategy } = answer.lineUp;
    const position = this.#position(question);
    const decided =
      strategy.kind === 'voted'
        ? this.#voted(question, answer, position)
        : this.#proposed(strategy, question, answer, position);
    const { outcome } = decided;
    if (!(outcome instanceof Promise)) return this.#record(question, answer, { ...decided, outcome });
    return outcome.then((done) => this.#record(question, answer, { ...decided, outcome: done }));
  }

  /** Records a decision that does nothing, whatever was answered. */
  pass(question: Question, answer: Answer, { code, reason }: Pass): void {
    const { decides: strategy } = answer.lineUp;
    const consensus =
      strategy.kind === 'voted' ? this.#consensus(question, answer) : this.#nothingProposed(question, answer);
    const outcome = held(code, reason);
    this.#record(question, answer, { consensus, position: this.#position(question), outcome });
  }

  /** Whether a strategy would sell: those go first. */
  isSale(question: Question, lineUp: LineUp): boolean {
    const { decides: strategy } = lineUp;
    if (strategy.kind === 'voted') return false;
    const target = this.#target(strategy, question, question.brief.close);
    return 'proposal' in target && this.#parts.targets.wish(target).action === 'SELL';
  }

  /**
   * What the voters agree on. A position that a strategy before this one left with a plan is led on by it: its stop goes
   * up and its profits are taken; nothing is added to it.
   */
  #voted(question: Question, answer: Answer, position: Position): Decided {
    const { plans, portfolio } = this.#parts;
    const { brief, desk } = question;
    const now = (answer.later ? portfolio.markPrice(brief.symbol) : undefined) ?? brief.close;
    const led = plans.lead(desk, position, now);
    const wish = led?.wish ?? null;
    const planned =
      wish?.act.kind === 'sell'
        ? this.#takePart(wish.act, wish.done, { question, answer, position, now })
        : null;
    const consensus = this.#consensus(question, answer);
    const decided = planned ?? {
      consensus,
      position,
      outcome: this.#act(question, answer, consensus, position),
    };
    return led?.moved == null ? decided : { ...decided, outcome: withWords(decided.outcome, led.moved) };
  }

  /** What a strategy proposes, judged by the voters. */
  #proposed(strategy: ProposingStrategy, question: Question, answer: Answer, position: Position): Decided {
    const { targets, portfolio } = this.#parts;
    const { brief } = question;
    const now = (answer.later ? portfolio.markPrice(brief.symbol) : undefined) ?? brief.close;
    const target = this.#target(strategy, question, now);
    const wish = 'proposal' in target ? targets.wish(target) : null;
    const led = this.#parts.plans.lead(question.desk, position, now);
    const isOut = 'proposal' in target && target.proposal.targetShare === 0;
    // A strategy that wants out goes before what the plan of the position would do.
    const planned =
      led === null || led.wish === null || isOut
        ? null
        : this.#carryOut(led.wish, { strategy, question, answer, position, now });
    const decided =
      planned ??
      ('proposal' in target && wish !== null
        ? this.#judged(question, answer, target, wish)
        : { consensus: this.#nothingProposed(question, answer), position, outcome: heldBy(target) });
    return led?.moved == null ? decided : { ...decided, outcome: withWords(decided.outcome, led.moved) };
  }

  #judged(question: Question, answer: Answer, target: TargetQuestion, wish: Wish): Decided {
    const { brief, desk } = question;
    const { strategy, position } = target;
    const { targetShare, reason: why } = target.proposal;
    if (targetShare > 0 && desk.isHeld(position, brief.close) && this.#parts.plans.leads(brief.symbol)) {
      const reason = `the plan of the position leads it: ${why}`;
      const outcome = held('led-by-plan', reason);
      return { consensus: this.#nothingProposed(question, answer), position, outcome, proposal: wish.record };
    }
    const { consensus, share } = judge(wish.action, answer.votes, brief.regime, {
      settings: answer.lineUp.consensus,
      records: this.#records(strategy.id),
    });
    const outcome = this.#fulfil(question, answer, target, { wish, consensus, share });
    const wanted = wish.action === 'BUY' ? { wanted: wantedEntry(target, wish, share) } : {};
    return { consensus, position, outcome, proposal: wish.record, ...wanted };
  }

  /** Does what the plan of a position wants at a bar; null where there is nothing to be done. */
  #carryOut({ act, done }: PlanWish, led: LedQuestion): Decided | null {
    return act.kind === 'add' ? this.#add(act, done, led) : this.#takePart(act, done, led);
  }

  /** Sells of a position what its plan says; null where that is too little to be sold. */
  #takePart(
    act: Extract<PlanAct, { kind: 'sell' }>,
    done: () => void,
    { question, answer, position, now }: Omit<LedQuestion, 'strategy'>,
  ): Decided | null {
    const { trade, theses } = this.#parts;
    const { desk, brief, id } = question;
    const amount = amountOf(act.part, desk, position, now);
    if (amount === 'nothing') {
      done();
      return null;
    }
    const held = desk.positionBrief(position, now, theses.of(brief.symbol));
    const reason = { code: act.code, message: act.why };
    const part = amount === 'all' ? {} : { amount };
    const exit = trade.exit({ desk, brief, position: held, reason, id, minHoldBars: 0, ...part });
    return { consensus: this.#nothingProposed(question, answer), position, outcome: whenTraded(exit, done) };
  }

  /** Adds to a position what its plan says, through every limit and gate. The voters have judged the position. */
  #add(
    act: Extract<PlanAct, { kind: 'add' }>,
    done: () => void,
    { strategy, question, answer, position, now }: LedQuestion,
  ): Decided | null {
    const { targets, portfolio } = this.#parts;
    const { desk, brief } = question;
    const worth = portfolio.exposures().get(brief.symbol);
    const heldShare = worth === undefined ? 0 : float(worth) / portfolio.equityFloat();
    const proposal = proposalToAdd(strategy, act, heldShare);
    const target = { desk, brief, strategy, proposal, position, markPrice: price(now) };
    const found = targets.wish(target);
    const { lineUp } = answer;
    const rule = { settings: lineUp.consensus, records: NOTHING_EARNED };
    const { consensus, share } = judge('BUY', [], brief.regime, rule);
    // Where the limits leave no room the safety layers say so, with their numbers; it is asked for again at the next bar.
    const hasRoom = found.action === 'BUY';
    const wish = hasRoom ? found : { ...found, action: 'BUY' as const };
    const judged = { wish, consensus, share, ...(hasRoom ? {} : { wanted: proposal.targetShare }) };
    const outcome = this.#fulfil(question, { ...answer, votes: [] }, target, judged);
    const added = whenTraded(outcome, done);
    return {
      consensus,
      position,
      outcome: hasRoom ? added : withWords(added, `${act.why}, and asked for again at the next bar`),
      proposal: wish.record,
    };
  }

  /** What a strategy proposes on a bar at a price of its symbol, or why it proposes nothing. */
  #target(strategy: ProposingStrategy, question: Question, now: number): TargetQuestion | Pass {
    const { desk, brief } = question;
    const at = decisionTime(strategy.everyMs, question.settledUntil(), question.time);
    if (at === null) return notItsTime(strategy, question.time);
    const proposal = this.#parts.prices.proposal(strategy, brief.symbol, at);
    if (proposal.kind === 'none') return proposal;
    return { desk, brief, strategy, proposal, position: this.#position(question), markPrice: price(now) };
  }

  /** What each voter's record has earned it so far. */
  #records(strategy: string): Records {
    const { hindsight, countsRecords } = this.#parts;
    return countsRecords ? (voter, source) => hindsight.earned(strategy, voter, source) : NOTHING_EARNED;
  }

  #nothingProposed({ brief }: Question, { votes, lineUp }: Answer): ConsensusResult {
    const rule = { settings: lineUp.consensus, records: this.#records(lineUp.strategy) };
    return judge('HOLD', votes, brief.regime, rule).consensus;
  }

  /** Does what the voters have left of a wish. */
  #fulfil(
    question: Question,
    { votes, lineUp, later }: Answer,
    target: TargetQuestion,
    judged: {
      readonly wish: Wish;
      readonly consensus: ConsensusResult;
      readonly share: number;
      /** Of the equity, where more is to be asked for than the limits are known to leave. */
      readonly wanted?: number;
    },
  ): TradeOutcome | Promise<TradeOutcome> {
    const { trade, theses } = this.#parts;
    const { desk, brief, id, time } = question;
    const { wish, consensus, share } = judged;
    const { position, markPrice, proposal } = target;
    const isHeld = desk.isHeld(position, float(markPrice));
    if (wish.action === 'SELL') {
      const now = later
        ? desk.positionBrief(position, float(markPrice), theses.of(desk.instrument.symbol))
        : brief.position;
      const code = wish.part === null ? 'target-flat' : 'target-lower';
      const reason = { code, message: proposal.reason };
      const amount = wish.part === null ? {} : { amount: wish.part };
      // It decides at times of its own, and no number of bars makes it wait.
      return trade.exit({ desk, brief, position: now, reason, id, minHoldBars: 0, ...amount });
    }
    if (wish.action === 'HOLD') {
      const code = isHeld ? 'at-target' : 'nothing-to-hold';
      return held(code, `${targetWords(wish.record, proposal.band)}: ${proposal.reason}`);
    }
    if (consensus.action === 'HOLD') return held(consensus.reason.code, consensus.reason.message);
    const obstacle = this.#lowered(target.strategy) ?? this.#closedToEntry(desk);
    if (obstacle !== null) return obstacle;
    const entry = proposedEntry(target, wish, share);
    const proposed = judged.wanted === undefined ? entry : { ...entry, targetShare: judged.wanted };
    const { strategy } = lineUp;
    const { outlook } = question;
    return trade.enter({ desk, brief, strategy, consensus, votes, id, time, markPrice, proposed, outlook });
  }

  /** A strategy that has failed buys nothing. */
  #lowered(strategy: ProposingStrategy): TradeOutcome | null {
    const fault = this.#parts.watch.reduceOnly(strategy);
    if (fault === null) return null;
    const reason = `${strategy.id} only reduces until its file is another one: ${fault}`;
    return { ...held('strategy-reduce-only', reason), outcome: 'blocked' };
  }

  #position({ brief }: Question): Position {
    return this.#parts.portfolio.position(brief.symbol);
  }

  #consensus({ brief }: Question, { votes, lineUp }: Answer): ConsensusResult {
    const { decides: strategy } = lineUp;
    const { consensus } = lineUp;
    const quorum = strategy.kind === 'voted' ? strategy.quorum(consensus) : consensus.quorum;
    return decide(votes, brief.regime, consensus, quorum);
  }

  /** From what the voters want to what is done, and why. */
  #act(
    question: Question,
    { votes, lineUp, later }: Answer,
    consensus: ConsensusResult,
    position: Position,
  ): TradeOutcome | Promise<TradeOutcome> {
    const { trade, portfolio, theses } = this.#parts;
    const { desk, brief, id, time } = question;
    const { symbol } = desk.instrument;
    const markPrice = (later ? portfolio.markPrice(symbol) : undefined) ?? brief.close;
    if (desk.isHeld(position, markPrice)) {
      const now = later ? desk.positionBrief(position, markPrice, theses.of(symbol)) : brief.position;
      return this.#exit(question, now, consensus);
    }
    const obstacle = this.#obstacle(question, consensus);
    if (obstacle !== null) return obstacle;
    const { strategy } = lineUp;
    const now = price(markPrice);
    const own = { proposed: null, outlook: question.outlook };
    return trade.enter({ desk, brief, strategy, consensus, votes, id, time, markPrice: now, ...own });
  }

  #exit(
    { desk, brief, id }: Question,
    position: PositionBrief,
    consensus: ConsensusResult,
  ): TradeOutcome | Promise<TradeOutcome> {
    const exit = exitReason(position, consensus);
    if (exit !== null) return this.#parts.trade.exit({ desk, brief, position, reason: exit, id });
    if (!brief.ready) return held('warming-up', 'position kept: too little history to judge it');
    return held('holding', `position kept: ${consensus.reason.message}`);
  }

  /** Why nothing is entered, before any safety layer is asked; null when one is to be asked. */
  #obstacle({ desk, brief }: Question, consensus: ConsensusResult): TradeOutcome | null {
    const { kind } = desk.instrument;
    if (!brief.ready) return held('warming-up', 'too little history for the features: no opinion yet');
    if (brief.position.direction !== 'flat')
      return held('position-closed', 'the position was closed while the voters judged it');
    if (consensus.action === 'HOLD') return held(consensus.reason.code, consensus.reason.message);
    if (consensus.action === 'SELL' && kind === 'spot') {
      return held(
        'nothing-to-sell',
        'the voters would sell, but nothing is held and a spot market has no shorts',
      );
    }
    return this.#closedToEntry(desk);
  }

  /** Why nothing may be bought of a symbol now, whoever wants it; null: it may be. */
  #closedToEntry(desk: SymbolDesk): TradeOutcome | null {
    const { orders, trade, entriesHeld } = this.#parts;
    const { symbol } = desk.instrument;
    const { notTradable } = desk;
    if (notTradable !== null) return { ...held('not-tradable', notTradable), outcome: 'blocked' };
    const paused = entriesHeld(symbol);
    if (paused !== null) return { ...held('paused', paused), outcome: 'blocked' };
    const isWorking = orders.unfinished(symbol).some(({ purpose }) => purpose === 'entry');
    if (isWorking || trade.isEntering(symbol)) {
      return held('entry-pending', 'the last entry order is still at the venue');
    }
    return null;
  }

  #record(question: Question, answer: Answer, decided: Done): void {
    const { consensus, position, outcome, proposal } = decided;
    const { decisions, settings, timers, onDecision } = this.#parts;
    const { brief, id, time } = question;
    const decision: Decision = {
      id,
      symbol: brief.symbol,
      timeframe: settings.timeframe,
      barOpenTime: brief.barOpenTime,
      time,
      close: brief.close,
      consensus,
      votes: answer.votes,
      verdicts: outcome.verdicts,
      action: consensus.action,
      outcome: outcome.outcome,
      strategy: answer.lineUp.strategy,
      reasonCode: outcome.reasonCode,
      reason: outcome.reason,
      features: this.#recorded(brief),
      positionQuantity: position.quantity,
      orderIds: outcome.orderIds,
      ...(proposal === undefined ? {} : { proposal }),
      ...this.#outlook(question, decided),
      thinkingMs: answer.thinkingMs,
    };
    decisions.append(decision);
    this.#remember(question, answer, decision, decided);
    onDecision(decision, timers.monotonicMs() - question.arrivedMs);
  }

  #outlook(
    { outlook, brief }: Question,
    { position, outcome, wanted, consensus }: Done,
  ): Pick<Decision, 'outlook'> {
    if (outlook === null) return {};
    const own = position.quantity.isZero() ? null : this.#parts.theses.stopPrice(brief.symbol);
    const stop = wanted?.stopPrice ?? (own === null ? null : float(own));
    const enters = outcome.orderIds.length > 0 && outcome.verdicts.length > 1;
    return {
      outlook: outlookRecord(outlook, { close: brief.close, stop, enters, action: consensus.action }),
    };
  }

  /** An entry that was wanted, for hindsight: whatever became of it. */
  #remember({ desk }: Question, { lineUp, votes }: Answer, decision: Decision, { wanted }: Done): void {
    const one = caseOfEntry(decision, {
      wanted: wanted ?? null,
      cost: desk.roundTripCost,
      votes,
      strategy: lineUp.strategy,
    });
    if (one !== null) this.#parts.hindsight.append(one);
  }

  #recorded(brief: Brief): Record<string, number | null> {
    const record: Record<string, number | null> = {};
    for (const name of this.#parts.recordedFeatures) {
      const value = brief.feature(name);
      record[name] = Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
    }
    return record;
  }
}

function heldBy(target: TargetQuestion | Pass): TradeOutcome {
  return 'proposal' in target ? held('at-target', target.proposal.reason) : held(target.code, target.reason);
}

/** Tells when a decision has sent its order. */
function whenTraded(
  outcome: TradeOutcome | Promise<TradeOutcome>,
  done: () => void,
): TradeOutcome | Promise<TradeOutcome> {
  if (outcome instanceof Promise) {
    return outcome.then((found) => {
      if (found.outcome === 'traded') done();
      return found;
    });
  }
  return outcome;
}

function withWords(
  outcome: TradeOutcome | Promise<TradeOutcome>,
  words: string,
): TradeOutcome | Promise<TradeOutcome> {
  if (outcome instanceof Promise)
    return outcome.then((found) => ({ ...found, reason: `${found.reason}; ${words}` }));
  return { ...outcome, reason: `${outcome.reason}; ${words}` };
}

function notItsTime({ id, when, everyMs }: ProposingStrategy, now: UtcMs): Pass {
  const next = spanWords(everyMs - (now % everyMs));
  return { code: 'not-its-time', reason: `${id} decides ${when}, next in ${next}` };
}

function spanWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

function targetWords({ allowedShare, heldShare }: ProposalRecord, band: number): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const isLeft = allowedShare !== heldShare;
  const within = isLeft ? `, within the band of ${percent(band)}` : '';
  return `${percent(heldShare)} of the equity is held, the target is ${percent(allowedShare)}${within}`;
}

function held(reasonCode: string, reason: string): TradeOutcome {
  return { outcome: 'held', reasonCode, reason, verdicts: [], orderIds: [] };
}
