import type { UtcMs } from '../domain/index.ts';
import type { FeatureRow } from './feature-row.ts';

/** Bars that a sequence model may ask for at most. */
const CAPACITY_BARS = 64;

/** The last rows of a symbol's features in float32, for the models that look at a sequence. */
export class FeatureWindow {
  readonly #timeframeMs: number;
  readonly #times: UtcMs[] = [];
  readonly #rows: Float32Array[] = [];

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  /** Takes the row of a bar just closed. A row that is not ready, or comes after missing bars, begins anew. */
  push(row: FeatureRow): void {
    const last = this.#times.at(-1);
    if (!row.ready || (last !== undefined && row.openTime - last !== this.#timeframeMs)) {
      this.#times.length = 0;
      this.#rows.length = 0;
    }
    if (!row.ready) return;
    this.#times.push(row.openTime);
    // The oldest row's memory is used again: nothing is allocated once the window is full.
    const memory = this.#rows.length === CAPACITY_BARS ? this.#rows.shift() : undefined;
    const kept = memory ?? new Float32Array(row.values.length);
    kept.set(row.values);
    this.#rows.push(kept);
    if (this.#times.length > CAPACITY_BARS) this.#times.shift();
  }

  /** The window as it is now: later bars do not change it. */
  copy(): FeatureWindow {
    const copy = new FeatureWindow(this.#timeframeMs);
    copy.#times.push(...this.#times);
    copy.#rows.push(...this.#rows.map((row) => row.slice()));
    return copy;
  }

  /**
   * The last `bars` rows, oldest first: `bars` x F float32, row-major, in the catalogue's order; null when fewer
   * consecutive bars are known.
   */
  last(bars: number): Float32Array | null {
    if (bars > this.#rows.length) return null;
    const chosen = this.#rows.slice(-bars);
    const width = chosen[0]?.length ?? 0;
    const window = new Float32Array(bars * width);
    for (const [index, row] of chosen.entries()) window.set(row, index * width);
    return window;
  }
}
