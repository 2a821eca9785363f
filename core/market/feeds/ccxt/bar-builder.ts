import type { Candle, UtcMs } from '../../../domain/index.ts';

/** A bar that is closed for good, or that the venue has none. */
export type Closed =
  | { readonly kind: 'bar'; readonly candle: Candle }
  | { readonly kind: 'gap'; readonly from: UtcMs; readonly missingBars: number };

/** An answer of the venue's to the question what there is from the next bar on. */
export interface Answer {
  readonly candles: readonly Candle[];
  /** Bars that had ended by then were settled when it was asked for. */
  readonly settledUntil: UtcMs;
}

/** What is known of a bar that is not delivered yet. */
interface Known {
  readonly candle: Candle;
  /** Which stretch of unbroken streaming told it last; null where it was asked for. */
  readonly stretch: number | null;
  readonly isFinal: boolean;
}

/**
 * Decides when a bar of one symbol is closed, from what is streamed and what the venue answers.
 *
 * The stream closes a bar by beginning a later one, if it did not break since it told the bar last. An answer closes
 * a bar that has a later one in it, and the newest where its end is settled and the answer before said the same. Bars
 * that two answers leave out before a later one are a gap.
 */
export class BarBuilder {
  readonly #timeframeMs: number;
  readonly #known = new Map<UtcMs, Known>();
  /** Ends of gaps by their beginnings. */
  readonly #gaps = new Map<UtcMs, UtcMs>();
  #next: UtcMs | null;
  #anchor: UtcMs | null;
  #stretch = 0;
  #before: Answer | null = null;

  /** @param last opening time of the last bar delivered; null where the venue has none. */
  constructor(timeframeMs: number, last: UtcMs | null) {
    this.#timeframeMs = timeframeMs;
    this.#anchor = last;
    this.#next = last === null ? null : last + timeframeMs;
  }

  /** Opening time of the bar that is delivered next; null before the first is seen. */
  get next(): UtcMs | null {
    return this.#next;
  }

  /** Opening time of the last bar delivered, which the venue surely has. */
  get anchor(): UtcMs | null {
    return this.#anchor;
  }

  /** The bar that is delivered next, as far as it is known. */
  get forming(): Candle | null {
    return this.#next === null ? null : (this.#known.get(this.#next)?.candle ?? null);
  }

  /** The newest bar there is. */
  get newest(): Candle | null {
    return [...this.#known.values()].at(-1)?.candle ?? null;
  }

  /** Whether a bar has begun after one that is not known to be closed: only the venue's answer helps. */
  get isStuck(): boolean {
    const newest = this.newest;
    return this.#next !== null && newest !== null && newest.openTime > this.#next;
  }

  /** Takes candles of the stream, ascending. */
  streamed(candles: readonly Candle[]): void {
    for (const candle of candles) {
      this.#begin(candle);
      const known = this.#known.get(candle.openTime);
      if (this.#isPast(candle) || known?.isFinal === true) continue;
      // A late message: the bar was further already.
      if (known !== undefined && known.candle.volume > candle.volume) continue;
      this.#set({ candle, stretch: this.#stretch, isFinal: false });
      this.#closeBefore(candle);
    }
  }

  /** The stream was interrupted: what it told last may not be all. */
  broke(): void {
    this.#stretch += 1;
  }

  /** Takes an answer of the venue's, from the bar after `anchor` on. */
  answered(answer: Answer): void {
    const candles = answer.candles.filter((candle) => !this.#isPast(candle));
    const [first] = candles;
    if (first !== undefined) this.#begin(first);
    const newest = candles.at(-1)?.openTime;
    for (const candle of candles) this.#take(candle, newest !== candle.openTime);
    this.#findGaps(candles);
    this.#before = answer;
  }

  /** What can be delivered by now, in order. */
  take(): readonly Closed[] {
    const closed: Closed[] = [];
    while (this.#next !== null) {
      const from: UtcMs = this.#next;
      const known = this.#known.get(from);
      const gapEnd = this.#gaps.get(from);
      if (known?.isFinal === true) {
        closed.push({ kind: 'bar', candle: known.candle });
        this.#anchor = from;
        this.#next = from + this.#timeframeMs;
      } else if (known === undefined && gapEnd !== undefined) {
        closed.push({ kind: 'gap', from, missingBars: (gapEnd - from) / this.#timeframeMs });
        this.#next = gapEnd;
      } else break;
      this.#known.delete(from);
    }
    if (closed.length > 0) this.#gaps.clear();
    return closed;
  }

  /** Where nothing is known of the past, bars begin with the first that is seen. */
  #begin({ openTime }: Candle): void {
    this.#next ??= openTime;
  }

  #isPast({ openTime }: Candle): boolean {
    return this.#next !== null && openTime < this.#next;
  }

  #set(known: Known): void {
    const { openTime } = known.candle;
    const isNewest = openTime >= (this.newest?.openTime ?? 0);
    this.#known.set(openTime, known);
    if (isNewest) return;
    // The newest is looked for at the end.
    const inOrder = [...this.#known].sort(([a], [b]) => a - b);
    this.#known.clear();
    for (const [time, each] of inOrder) this.#known.set(time, each);
  }

  #closeBefore({ openTime }: Candle): void {
    for (const known of [...this.#known.values()]) {
      if (known.candle.openTime < openTime && known.stretch === this.#stretch)
        this.#known.set(known.candle.openTime, { ...known, isFinal: true });
    }
  }

  #take(candle: Candle, hasLater: boolean): void {
    const known = this.#known.get(candle.openTime);
    if (known?.isFinal === true) return;
    // An answer can be older than what the stream has told meanwhile.
    const isBehind = known !== undefined && known.candle.volume > candle.volume;
    if (this.#saidBefore(candle) || (hasLater && !isBehind))
      this.#set({ candle, stretch: null, isFinal: true });
    else if (!isBehind) this.#set({ candle, stretch: known?.stretch ?? null, isFinal: false });
  }

  /** Whether the answer before, asked for after the bar's end was settled, had the very same bar. */
  #saidBefore(candle: Candle): boolean {
    const before = this.#before;
    if (before === null || candle.openTime + this.#timeframeMs > before.settledUntil) return false;
    const said = before.candles.find(({ openTime }) => openTime === candle.openTime);
    return said !== undefined && isSame(said, candle);
  }

  #findGaps(candles: readonly Candle[]): void {
    let from = this.#next;
    for (const { openTime } of candles) {
      if (from !== null && openTime > from && this.#lackedBefore(from, openTime)) {
        this.#gaps.set(from, openTime);
        // What the stream told of a bar that the venue does not have does not count.
        for (let time = from; time < openTime; time += this.#timeframeMs) {
          if (this.#known.get(time)?.isFinal === false) this.#known.delete(time);
        }
      }
      from = openTime + this.#timeframeMs;
    }
  }

  /** Whether the answer before had none of these bars either, and a later one. */
  #lackedBefore(from: UtcMs, until: UtcMs): boolean {
    const said = this.#before?.candles ?? [];
    return (
      said.some(({ openTime }) => openTime >= until) &&
      !said.some(({ openTime }) => openTime >= from && openTime < until)
    );
  }
}

function isSame(one: Candle, other: Candle): boolean {
  return (
    one.open === other.open &&
    one.high === other.high &&
    one.low === other.low &&
    one.close === other.close &&
    one.volume === other.volume
  );
}
