import type { Candle, UtcMs } from '../../domain/index.ts';
import { HourlyCloses, type Proposal, type ProposingStrategy } from '../../strategies/index.ts';
import { NOT_CHOSEN } from './target-desk.ts';

/** The prices that strategies read, whatever the chart shows, and their proposals on them. */
export class PriceHistory {
  /** Those that share the equity. */
  readonly #chosen: ReadonlySet<string>;
  readonly #bySymbol = new Map<string, HourlyCloses>();

  constructor(chosen: Iterable<string>) {
    this.#chosen = new Set(chosen);
  }

  /** Takes a piece of market that has passed, in order for its symbol. */
  take(symbol: string, piece: Candle, durationMs: number): void {
    let closes = this.#bySymbol.get(symbol);
    if (closes === undefined) {
      closes = new HourlyCloses();
      this.#bySymbol.set(symbol, closes);
    }
    closes.take(piece.openTime + durationMs, piece.close, durationMs);
  }

  /** What a strategy wants a symbol to have, by the prices up to a moment. */
  proposal(strategy: ProposingStrategy, symbol: string, at: UtcMs): Proposal {
    if (!this.#chosen.has(symbol)) return NOT_CHOSEN;
    const closes = this.#bySymbol.get(symbol) ?? new HourlyCloses();
    return strategy.propose(closes, { symbol, at, symbols: this.#chosen.size });
  }
}
