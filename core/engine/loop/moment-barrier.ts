import { bitcoinOf, isBitcoin, type MarketEvent, type Timers, type UtcMs } from '../../domain/index.ts';

export type BarEvent = Extract<MarketEvent, { readonly kind: 'bar' }>;

export interface MomentBarrierParts {
  /** In the order in which the bars of one moment go on. */
  readonly symbols: readonly string[];
  readonly timers: Timers;
  /** How long a bar waits for bitcoin's at most. */
  readonly limitMs: number;
  /** Takes the bars, each when it may go on. */
  readonly release: (event: BarEvent) => void;
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Bars of one moment come from a real venue in any order, and the others' features need bitcoin's: they wait for it,
 * for a while. One that waited in vain goes on without. Bars of a symbol never overtake each other.
 */
export class MomentBarrier {
  readonly #parts: MomentBarrierParts;
  readonly #ended = new AbortController();
  /** Opening time of each bitcoin's last bar. */
  readonly #bitcoinAt = new Map<string, UtcMs>();
  #waiting: readonly BarEvent[] = [];

  constructor(parts: MomentBarrierParts) {
    this.#parts = parts;
  }

  take(event: BarEvent): void {
    const { symbol, candle } = event;
    // What waits of an earlier moment waits for a bar that will not come any more.
    this.#goOn((each) => each.candle.openTime < candle.openTime);
    if (isBitcoin(symbol)) {
      this.#bitcoinAt.set(symbol, candle.openTime);
      this.#parts.release(event);
      this.#goOn((each) => this.#hasBitcoin(each));
    } else if (this.#hasBitcoin(event)) {
      this.#parts.release(event);
    } else {
      this.#wait(event);
    }
  }

  /** What still waits is dropped. */
  close(): void {
    this.#waiting = [];
    this.#ended.abort();
  }

  #wait(event: BarEvent): void {
    const { timers, limitMs } = this.#parts;
    const { openTime } = event.candle;
    const first = !this.#waiting.some((each) => each.candle.openTime === openTime);
    this.#waiting = [...this.#waiting, event];
    if (!first) return;
    const limit = timers.wait(limitMs, this.#ended.signal);
    void limit.then(() => this.#goOn((each) => each.candle.openTime === openTime));
  }

  #goOn(isDue: (event: BarEvent) => boolean): void {
    const due = this.#waiting.filter(isDue);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((event) => !due.includes(event));
    const { symbols, release } = this.#parts;
    const place = ({ symbol }: BarEvent): number => symbols.indexOf(symbol);
    // Whatever order they came in, they go on in the same one.
    due.sort((a, b) => a.candle.openTime - b.candle.openTime || place(a) - place(b));
    for (const event of due) release(event);
  }

  /** Whether bitcoin's bar of this time is there, or none is to be expected. */
  #hasBitcoin({ symbol, candle }: BarEvent): boolean {
    const bitcoin = bitcoinOf(symbol, this.#parts.symbols);
    return bitcoin === undefined || (this.#bitcoinAt.get(bitcoin) ?? NEVER) >= candle.openTime;
  }
}
