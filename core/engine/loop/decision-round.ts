import type { Timers, UtcMs } from '../../domain/index.ts';
import type { Question } from './decision-maker.ts';

export interface DecisionRoundParts {
  /** Those whose bars of one moment are waited for, in the order in which they are decided on. */
  readonly symbols: readonly string[];
  /** Whether what a question comes to is a sale. */
  readonly isSale: (question: Question) => boolean;
  /** Decides. A promise is waited for before the next one. */
  readonly release: (question: Question) => void | Promise<void>;
  readonly timers: Timers;
  /** How long a bar waits for the others at a real venue; null where the market itself ends the moment. */
  readonly limitMs: number | null;
  /** Told when a decision fails that nobody waits for. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The bars of one moment on which a strategy decides for all symbols together: sales first, so that what they bring and
 * the room that they make is there for what is bought.
 */
export class DecisionRound {
  readonly #parts: DecisionRoundParts;
  readonly #ended = new AbortController();
  #waiting: readonly Question[] = [];

  constructor(parts: DecisionRoundParts) {
    this.#parts = parts;
  }

  /** When the bars closed that wait; null: none does. */
  get moment(): UtcMs | null {
    return this.#waiting[0]?.time ?? null;
  }

  /** A promise only for what the market is to wait for. */
  take(question: Question): void | Promise<void> {
    const { symbols, limitMs } = this.#parts;
    this.#waiting = [...this.#waiting, question];
    if (symbols.every((symbol) => this.#waiting.some(({ brief }) => brief.symbol === symbol)))
      return this.end();
    if (limitMs === null || this.#waiting.length > 1) return;
    void this.#parts.timers.wait(limitMs, this.#ended.signal).then(() => {
      if (this.moment !== question.time) return;
      this.end()?.catch(this.#parts.onFailure);
    });
  }

  /** The moment is over: whoever waits is decided on. */
  end(): void | Promise<void> {
    const { symbols, isSale } = this.#parts;
    if (this.#waiting.length === 0) return;
    const place = ({ brief }: Question): number => symbols.indexOf(brief.symbol);
    const due = this.#waiting
      .map((question) => ({ question, sells: isSale(question) }))
      .sort((a, b) => Number(b.sells) - Number(a.sells) || place(a.question) - place(b.question))
      .map(({ question }) => question);
    this.#waiting = [];
    return this.#inTurn(due);
  }

  /** What still waits is dropped. */
  close(): void {
    this.#waiting = [];
    this.#ended.abort();
  }

  #inTurn([next, ...rest]: readonly Question[]): void | Promise<void> {
    if (next === undefined) return;
    const work = this.#parts.release(next);
    return work === undefined ? this.#inTurn(rest) : work.then(() => this.#inTurn(rest));
  }
}
