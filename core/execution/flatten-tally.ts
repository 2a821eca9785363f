import type { Timers } from '../domain/index.ts';

/** What stands against "flat", and of which symbol. */
export interface FlattenProblem {
  /** Begins with the symbol's name where it is one symbol's. */
  readonly about: string;
  readonly line: string;
}

/** What became of one symbol. */
export interface SymbolResult {
  readonly symbol: string;
  /** Requests sent. */
  readonly cancels: number;
  readonly closes: number;
  /** What could not be done, a line each. */
  readonly failures: readonly string[];
  /** What is left on purpose, or null. */
  readonly left: string | null;
}

interface Sent {
  readonly cancels: number;
  readonly closes: number;
}

const NOTHING: Sent = { cancels: 0, closes: 0 };

/** Counts and times what one flattening sends. */
export class FlattenTally {
  readonly #timers: Timers;
  readonly #sent = new Map<string, Sent>();
  #cancelsSentMs: number | null = null;
  #closesSentMs: number | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** When the last symbol's first cancel was sent (monotonic); null: none was. */
  get cancelsSentMs(): number | null {
    return this.#cancelsSentMs;
  }

  /** The same of closes. */
  get closesSentMs(): number | null {
    return this.#closesSentMs;
  }

  /** @param isFirst of its order. */
  cancelled(symbol: string, isFirst: boolean): void {
    const sent = this.#of(symbol);
    if (isFirst) this.#cancelsSentMs = this.#timers.monotonicMs();
    this.#sent.set(symbol, { ...sent, cancels: sent.cancels + 1 });
  }

  closed(symbol: string): void {
    const sent = this.#of(symbol);
    if (sent.closes === 0) this.#closesSentMs = this.#timers.monotonicMs();
    this.#sent.set(symbol, { ...sent, closes: sent.closes + 1 });
  }

  /** By symbol: those to which something was sent, of which something is left, or with which something is wrong. */
  results(
    symbols: readonly string[],
    problems: readonly FlattenProblem[],
    left: ReadonlyMap<string, string>,
  ): readonly SymbolResult[] {
    return [...new Set([...this.#sent.keys(), ...left.keys(), ...symbols])].flatMap((symbol) => {
      const failures = problems
        .filter(({ about }) => about === symbol || about.startsWith(`${symbol} `))
        .map(({ line }) => line);
      const isUntouched = !this.#sent.has(symbol) && !left.has(symbol) && failures.length === 0;
      return isUntouched ? [] : [{ symbol, ...this.#of(symbol), failures, left: left.get(symbol) ?? null }];
    });
  }

  #of(symbol: string): Sent {
    return this.#sent.get(symbol) ?? NOTHING;
  }
}
