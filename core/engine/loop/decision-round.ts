import type { Timers, UtcMs } from '../../domain/index.ts';
import type { Question } from './decision-maker.ts';

export interface DecisionRoundParts {
  /** Those whose bars of one moment are waited for, in the order in which they are decided on. */
  readonly symbols: readonly string[];
  /** Whether what a question comes to is a sale. */
  readonly isSale: (question: Question) => boolean;
  /** Decides, until its promise resolves; at once when there is none. */
  readonly release: (question: Question) => void | Promise<void>;
  readonly timers: Timers;
  /** How long a bar waits for the others at a real venue; null where the market itself ends the moment, and waits. */
  readonly limitMs: number | null;
  /** Told when a decision fails at a real venue: the others are made all the same. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

interface Due {
  readonly question: Question;
  readonly sells: boolean;
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
      if (this.moment === question.time) void this.end();
    });
  }

  /** The moment is over: whoever waits is decided on. */
  end(): void | Promise<void> {
    const { symbols, limitMs } = this.#parts;
    if (this.#waiting.length === 0) return;
    const place = ({ brief }: Question): number => symbols.indexOf(brief.symbol);
    const due = this.#waiting
      .map((question) => ({ question, sells: this.#sells(question) }))
      .sort((a, b) => Number(b.sells) - Number(a.sells) || place(a.question) - place(b.question));
    this.#waiting = [];
    if (limitMs === null) return this.#inTurn(due);
    void this.#besideTheMarket(due);
  }

  /** What still waits is dropped. */
  close(): void {
    this.#waiting = [];
    this.#ended.abort();
  }

  /** One that cannot be asked is decided on among the others, and fails there. */
  #sells(question: Question): boolean {
    const { isSale, onFailure } = this.#parts;
    try {
      return isSale(question);
    } catch (error) {
      onFailure(error);
      return false;
    }
  }

  #inTurn([next, ...rest]: readonly Due[]): void | Promise<void> {
    if (next === undefined) return;
    const work = this.#parts.release(next.question);
    return work === undefined ? this.#inTurn(rest) : work.then(() => this.#inTurn(rest));
  }

  /** What is bought waits for what became of the sales: one that the venue has not taken has made no room. */
  async #besideTheMarket(due: readonly Due[]): Promise<void> {
    const { release, onFailure } = this.#parts;
    const decide = async ({ question }: Due): Promise<void> => {
      try {
        await release(question);
      } catch (error) {
        onFailure(error);
      }
    };
    await Promise.all(due.filter(({ sells }) => sells).map(decide));
    if (this.#ended.signal.aborted) return;
    await Promise.all(due.filter(({ sells }) => !sells).map(decide));
  }
}
