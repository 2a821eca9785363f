/** An empty bin would make the index infinite. */
const SMALLEST_SHARE = 1e-4;
const NO_BIN = 255;

/** How one feature was distributed in training. */
export interface Population {
  /** Ascending edges between the bins; a value on an edge belongs to the bin above. */
  readonly edges: readonly number[];
  /** Training shares: one more than the edges. */
  readonly shares: readonly number[];
}

/**
 * The population stability index of each feature over the last rows: the sum over the bins of
 * (live - training) ln(live / training) (Siddiqi, 2006). Values without a number are left out. A row costs one look
 * into the bins: what it adds and what the oldest row takes away is counted, not the whole window again.
 */
export class PopulationWindow {
  readonly #populations: readonly Population[];
  readonly #capacity: number;
  /** Bin of each value, capacity x F, the oldest row overwritten. */
  readonly #bins: Uint8Array;
  readonly #counts: readonly Uint32Array[];
  readonly #totals: Uint32Array;
  readonly #indices: Float64Array;
  readonly #stale: Uint8Array;
  #seen = 0;

  constructor(populations: readonly Population[], capacity: number) {
    const width = populations.length;
    this.#populations = populations;
    this.#capacity = capacity;
    this.#bins = new Uint8Array(capacity * width).fill(NO_BIN);
    this.#counts = populations.map(({ shares }) => new Uint32Array(shares.length));
    this.#totals = new Uint32Array(width);
    this.#indices = new Float64Array(width);
    this.#stale = new Uint8Array(width);
  }

  /** Rows in the window. */
  get rows(): number {
    return Math.min(this.#seen, this.#capacity);
  }

  get full(): boolean {
    return this.#seen >= this.#capacity;
  }

  push(row: ArrayLike<number>): void {
    const first = (this.#seen % this.#capacity) * this.#populations.length;
    for (const [column, { edges }] of this.#populations.entries()) {
      const before = this.#bins[first + column] ?? NO_BIN;
      const after = binOf(row[column] ?? Number.NaN, edges);
      if (after === before) continue;
      this.#bins[first + column] = after;
      this.#count(column, before, -1);
      this.#count(column, after, 1);
      this.#stale[column] = 1;
    }
    this.#seen += 1;
  }

  /** One index a feature; 0 for a feature that had no value in the window. The array is reused by the next call. */
  indices(): Float64Array {
    for (const [column, { shares }] of this.#populations.entries()) {
      if (this.#stale[column] === 0) continue;
      this.#indices[column] = stabilityIndex(this.#counts[column] ?? [], this.#totals[column] ?? 0, shares);
      this.#stale[column] = 0;
    }
    return this.#indices;
  }

  #count(column: number, bin: number, change: 1 | -1): void {
    const counts = this.#counts[column];
    if (bin === NO_BIN || counts === undefined) return;
    counts[bin] = (counts[bin] ?? 0) + change;
    this.#totals[column] = (this.#totals[column] ?? 0) + change;
  }
}

function binOf(value: number, edges: readonly number[]): number {
  if (Number.isNaN(value)) return NO_BIN;
  let bin = 0;
  while (bin < edges.length && value >= (edges[bin] ?? Number.POSITIVE_INFINITY)) bin += 1;
  return bin;
}

function stabilityIndex(counts: ArrayLike<number>, total: number, shares: readonly number[]): number {
  if (total === 0) return 0;
  let index = 0;
  for (let bin = 0; bin < shares.length; bin += 1) {
    const live = Math.max((counts[bin] ?? 0) / total, SMALLEST_SHARE);
    const trained = Math.max(shares[bin] ?? 0, SMALLEST_SHARE);
    index += (live - trained) * Math.log(live / trained);
  }
  return index;
}
