import type { Candle, UtcMs } from '../../domain/index.ts';
import { HourlyBars, HourlyCloses, type Proposal, type ProposingStrategy } from '../../strategies/index.ts';
import type { StrategyWatch } from './strategy-watch.ts';
import { NOT_CHOSEN } from './target-desk.ts';

/** The prices that strategies read, whatever the chart shows, and their proposals on them. */
export class PriceHistory {
  /** Those that share the equity. */
  readonly #chosen: ReadonlySet<string>;
  readonly #watch: StrategyWatch;
  readonly #bySymbol = new Map<string, { readonly closes: HourlyCloses; readonly bars: HourlyBars }>();

  /** The last proposal on each symbol. */
  readonly #last = new Map<
    string,
    { readonly strategy: ProposingStrategy; readonly at: UtcMs; readonly proposal: Proposal }
  >();

  constructor(chosen: Iterable<string>, watch: StrategyWatch) {
    this.#chosen = new Set(chosen);
    this.#watch = watch;
  }

  /** Takes a piece of market that has passed, in order for its symbol. */
  take(symbol: string, piece: Candle, durationMs: number): void {
    let known = this.#bySymbol.get(symbol);
    if (known === undefined) {
      known = NOTHING();
      this.#bySymbol.set(symbol, known);
    }
    known.closes.take(piece.openTime + durationMs, piece.close, durationMs);
    known.bars.take(piece, durationMs);
  }

  /** What a strategy wants a symbol to have, by the prices up to a moment. */
  proposal(strategy: ProposingStrategy, symbol: string, at: UtcMs): Proposal {
    if (!this.#chosen.has(symbol)) return NOT_CHOSEN;
    // The same moment is asked about when sales are put first and when it is decided on.
    const last = this.#last.get(symbol);
    if (last !== undefined && last.strategy === strategy && last.at === at) return last.proposal;
    const { closes, bars } = this.#bySymbol.get(symbol) ?? NOTHING();
    const question = { symbol, at, symbols: this.#chosen.size, bars };
    const proposal = this.#watch.proposal(strategy, symbol, () => strategy.propose(closes, question));
    this.#last.set(symbol, { strategy, at, proposal });
    return proposal;
  }
}

const NOTHING = () => ({ closes: new HourlyCloses(), bars: new HourlyBars() });
