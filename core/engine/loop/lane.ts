import type { Timers, UtcMs, Vote } from '../../domain/index.ts';
import { type Answer, type DecisionMaker, decidesOn, type Pass, type Question } from './decision-maker.ts';
import { type LineUp, onlookersVotes, type Patience, votesOf } from './line-up.ts';

export interface LaneParts {
  /** Asked once a bar: who votes on it. */
  readonly lineUp: () => LineUp;
  readonly maker: DecisionMaker;
  readonly timers: Timers;
  /** The market's clock. */
  readonly now: () => UtcMs;
  readonly timeframeMs: number;
  /** Whom the market waits for before its next event. */
  readonly waitsFor: Readonly<Record<Patience, boolean>>;
  /** Whether those who cost nothing judge also what nothing is decided on, for the trader to see. */
  readonly asksOnlookers: boolean;
  /** Told when a voter is broken, and when a decision fails that nobody waits for. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** The decision that is being made. */
interface Present {
  readonly work: Promise<void>;
  /** Ends the wait for the voters; whatever they say then is not heard. */
  readonly giveUp: () => void;
  /** When the symbol's next bar closed, in monotonic milliseconds; null while it has not. */
  nextClosedMs: number | null;
}

const ABANDONED: Pass = { code: 'abandoned', reason: 'the program stopped before the voters had answered' };

/**
 * One symbol's decisions, one after the other and beside everybody else's. While one is being made the market goes on
 * where it does not wait; of the bars that close meanwhile the latest takes its turn next, the others are too late.
 */
export class Lane {
  readonly #parts: LaneParts;
  #present: Present | null = null;
  #waiting: Question | null = null;
  #closed = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  /**
   * Decides on a bar just closed. Returns a promise only for what the market is to wait for.
   *
   * @param later the bar has waited for others of its moment, and the market went on.
   */
  take(question: Question, later = false): void | Promise<void> {
    if (this.#closed) return;
    if (this.#present === null) return this.#begin(question, later);
    question.brief.keep();
    this.#present.nextClosedMs ??= this.#parts.timers.monotonicMs();
    if (this.#waiting !== null) this.#pass(this.#waiting, TOO_LATE_TO_ASK);
    this.#waiting = question;
  }

  /** Resolves when the decision that is being made has ended, however it did; undefined: none is. */
  get ended(): Promise<void> | undefined {
    return this.#present?.work.catch(() => undefined);
  }

  /** Nothing is decided any more. Resolves when an order that is on its way to the venue has its answer. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#present?.giveUp();
    if (this.#waiting !== null) this.#pass(this.#waiting, ABANDONED);
    this.#waiting = null;
    await this.ended;
  }

  /** @param later the bar has waited for its turn, and the market went on. */
  #begin(question: Question, later: boolean): void | Promise<void> {
    const { lineUp, waitsFor } = this.#parts;
    const asked = lineUp();
    const votes = this.#votes(question, asked);
    if (votes instanceof Promise) return this.#await(question, asked, votes);
    const concluding = this.#conclude(question, { votes, lineUp: asked, thinkingMs: null, later });
    return concluding && this.#keepBusy(concluding, () => undefined, waitsFor.prompt);
  }

  #votes(question: Question, lineUp: LineUp): readonly Vote[] | Promise<readonly Vote[]> {
    const { asksOnlookers, onFailure } = this.#parts;
    if (decidesOn(question, lineUp)) return votesOf(lineUp, question.brief, onFailure);
    return asksOnlookers ? onlookersVotes(lineUp, question.brief, onFailure) : [];
  }

  #await(question: Question, lineUp: LineUp, votes: Promise<readonly Vote[]>): void | Promise<void> {
    const waited = this.#parts.waitsFor[lineUp.patience];
    if (!waited) question.brief.keep();
    const { promise: answer, resolve, reject } = Promise.withResolvers<readonly Vote[] | null>();
    votes.then(resolve, reject);
    const work = answer.then((given) => this.#answered(question, lineUp, given, waited));
    return this.#keepBusy(work, () => resolve(null), waited);
  }

  #answered(
    question: Question,
    lineUp: LineUp,
    votes: readonly Vote[] | null,
    waited: boolean,
  ): void | Promise<void> {
    const { maker, timers } = this.#parts;
    // How long prompt voters take is not the same twice, and the market did not go on meanwhile.
    const measured = waited && lineUp.patience === 'prompt' ? 0 : timers.monotonicMs() - question.arrivedMs;
    const thinkingMs = measured > 0 ? Math.round(measured) : null;
    if (votes !== null && !this.#closed)
      return this.#conclude(question, { votes, lineUp, thinkingMs, later: !waited });
    // A bar that the market waits on is delivered again, and decided on then.
    if (!waited) maker.pass(question, { votes: [], lineUp, thinkingMs, later: true }, ABANDONED);
  }

  #conclude(question: Question, answer: Answer): void | Promise<void> {
    const { maker } = this.#parts;
    const late = answer.later ? this.#lateness(question) : null;
    return late === null ? maker.conclude(question, answer) : maker.pass(question, answer, late);
  }

  /** That the answer is too late, or null. */
  #lateness(question: Question): Pass | null {
    const { timers, now, timeframeMs } = this.#parts;
    const nextClosedMs = this.#present?.nextClosedMs ?? null;
    // A bar that is missing, or delayed, has closed all the same.
    const overdueMs = now() - (question.time + timeframeMs);
    if (nextClosedMs === null && overdueMs < 0) return null;
    const lateMs = nextClosedMs === null ? overdueMs : timers.monotonicMs() - nextClosedMs;
    return { code: 'late', reason: `the answer came ${seconds(lateMs)} after the next bar closed` };
  }

  #keepBusy(work: Promise<void>, giveUp: () => void, waited: boolean): void | Promise<void> {
    const done = work.finally(() => this.#goOn());
    this.#present = { work: done, giveUp, nextClosedMs: null };
    if (waited) return done;
    done.catch((error: unknown) => this.#parts.onFailure(error));
  }

  #goOn(): void {
    this.#present = null;
    const question = this.#waiting;
    this.#waiting = null;
    if (question === null) return;
    try {
      const work = this.#begin(question, true);
      work?.catch((error: unknown) => this.#parts.onFailure(error));
    } catch (error) {
      this.#parts.onFailure(error);
    }
  }

  #pass(question: Question, pass: Pass): void {
    const { maker, lineUp } = this.#parts;
    maker.pass(question, { votes: [], lineUp: lineUp(), thinkingMs: null, later: true }, pass);
  }
}

const TOO_LATE_TO_ASK: Pass = {
  code: 'late',
  reason:
    'the voters were still at an earlier bar when the next one closed: they were not asked about this one',
};

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
