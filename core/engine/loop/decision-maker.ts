import { decide, exitReason } from '../../consensus/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Brief,
  type ConsensusResult,
  type Decision,
  type DecisionId,
  type DecisionStore,
  type Position,
  type PositionBrief,
  price,
  type Timers,
  type UtcMs,
  type Vote,
} from '../../domain/index.ts';
import type { OrderManager } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import type { BarBrief } from './bar-brief.ts';
import type { EntryTheses } from './entry-theses.ts';
import { type LineUp, quorumOf } from './line-up.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import type { TradeDesk } from './trade-desk.ts';
import type { TradeOutcome } from './trade-outcome.ts';

/** A closed bar that is to be decided on, with everything of its moment that this needs. */
export interface Question {
  readonly id: DecisionId;
  readonly desk: SymbolDesk;
  readonly brief: BarBrief;
  /** When the bar closed. */
  readonly time: UtcMs;
  /** When it arrived, in monotonic milliseconds. */
  readonly arrivedMs: number;
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
  readonly orders: OrderManager;
  readonly portfolio: Portfolio;
  readonly theses: EntryTheses;
  readonly decisions: DecisionStore;
  /** Features kept in each decision's record. */
  readonly recordedFeatures: readonly string[];
  /** Why no entry is allowed now whatever the market says (paused or locked by the trader), or null. */
  readonly entriesHeld: (symbol: string) => string | null;
  readonly timers: Timers;
  /** @param tookMs from the bar's arrival to this record. */
  readonly onDecision: (decision: Decision, tookMs: number) => void;
}

/** Steps 5 to 9 of a bar whose voters have answered. What is asked of the market is asked when it acts. */
export class DecisionMaker {
  readonly #parts: DecisionMakerParts;

  constructor(parts: DecisionMakerParts) {
    this.#parts = parts;
  }

  /** Acts on the answer and records the decision; a promise only when a venue has to be waited for. */
  conclude(question: Question, answer: Answer): void | Promise<void> {
    const consensus = this.#consensus(question, answer);
    const position = this.#position(question);
    const outcome = this.#act(question, answer, consensus, position);
    if (!(outcome instanceof Promise)) return this.#record(question, answer, consensus, position, outcome);
    return outcome.then((done) => this.#record(question, answer, consensus, position, done));
  }

  /** Records a decision that does nothing, whatever was answered. */
  pass(question: Question, answer: Answer, { code, reason }: Pass): void {
    const consensus = this.#consensus(question, answer);
    this.#record(question, answer, consensus, this.#position(question), held(code, reason));
  }

  #position({ brief }: Question): Position {
    return this.#parts.portfolio.position(brief.symbol);
  }

  #consensus({ brief }: Question, { votes, lineUp }: Answer): ConsensusResult {
    return decide(votes, brief.regime, lineUp.consensus, quorumOf(lineUp));
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
    return trade.enter({ desk, brief, strategy, consensus, votes, id, time, markPrice: price(markPrice) });
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
    const { orders, trade, entriesHeld } = this.#parts;
    const { symbol, kind } = desk.instrument;
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

  #record(
    question: Question,
    answer: Answer,
    consensus: ConsensusResult,
    position: Position,
    outcome: TradeOutcome,
  ): void {
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
      thinkingMs: answer.thinkingMs,
    };
    decisions.append(decision);
    onDecision(decision, timers.monotonicMs() - question.arrivedMs);
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

function held(reasonCode: string, reason: string): TradeOutcome {
  return { outcome: 'held', reasonCode, reason, verdicts: [], orderIds: [] };
}
