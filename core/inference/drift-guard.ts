import type { DriftView } from '../contract/index.ts';
import type { ModelSet } from './model-set.ts';
import { floatsOf } from './parity.ts';

const CLIP = 8;
const SHOWN = 10;
/** An empty bin would make the index infinite. */
const SMALLEST_SHARE = 1e-4;

const NOTHING_SEEN: DriftView = { state: 'unknown', rows: 0, outlierShare: 0, features: [] };
const SEVERITY: Readonly<Record<DriftView['state'], number>> = { unknown: 0, fine: 1, warn: 2, stop: 3 };

interface SeenRow {
  readonly row: Float32Array;
  readonly outlier: boolean;
}

interface Window {
  /** The newest last. */
  readonly rows: SeenRow[];
  view: DriftView | undefined;
}

/** What the training rows' values of one feature were like. */
interface Feature {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
  readonly edges: readonly number[];
  readonly shares: readonly number[];
}

/**
 * Whether live rows look like the rows that the models learned from: the dissimilarity of one row (Meyer and Pebesma,
 * 2021: distance to the nearest of the training prototypes in principal components, over their mean distance) and the
 * population stability index of each feature over a symbol's last rows (Siddiqi, 2006). A few weeks of any market differ
 * from years of it in most features; so the limits are what windows of the training data themselves show.
 */
export class DriftGuard {
  readonly #features: readonly Feature[];
  readonly #components: readonly Float64Array[];
  readonly #prototypes: Float32Array;
  readonly #meanDistance: number;
  readonly #limits: ModelSet['manifest']['drift'];
  readonly #symbols = new Map<string, Window>();

  constructor({ manifest, drift }: Pick<ModelSet, 'manifest' | 'drift'>) {
    const statistics = new Map(manifest.features.statistics.map((each) => [each.name, each]));
    this.#features = manifest.features.names.map((name) => {
      const known = statistics.get(name);
      const { mean = 0, std = 1, binEdges = [], binShares = [1] } = known ?? {};
      return { name, mean, std, edges: binEdges, shares: binShares };
    });
    this.#components = drift.components.map((component) => Float64Array.from(component));
    this.#prototypes = floatsOf(drift.prototypes);
    this.#meanDistance = drift.meanDistance;
    this.#limits = manifest.drift;
  }

  /** Dissimilarity of a row of F features: 0 = a prototype itself; 1 = as far as prototypes are from each other. */
  dissimilarity(row: ArrayLike<number>): number {
    const width = this.#components.length;
    const projected = new Float64Array(width);
    for (const [column, { mean, std }] of this.#features.entries()) {
      const z = ((row[column] ?? Number.NaN) - mean) / std;
      if (Number.isNaN(z)) continue;
      const clipped = Math.max(-CLIP, Math.min(CLIP, z));
      for (let k = 0; k < width; k += 1) {
        projected[k] = (projected[k] ?? 0) + clipped * (this.#components[k]?.[column] ?? 0);
      }
    }
    let nearest = Number.POSITIVE_INFINITY;
    for (let from = 0; from < this.#prototypes.length; from += width) {
      let squared = 0;
      for (let k = 0; k < width; k += 1)
        squared += ((projected[k] ?? 0) - (this.#prototypes[from + k] ?? 0)) ** 2;
      nearest = Math.min(nearest, squared);
    }
    return Math.sqrt(nearest) / this.#meanDistance;
  }

  isOutlier(row: ArrayLike<number>): boolean {
    return this.dissimilarity(row) > this.#limits.dissimilarityThreshold;
  }

  /** Takes a live row of a symbol into account. @returns whether it is like nothing in the training data. */
  observe(symbol: string, row: Float32Array): boolean {
    const window = this.#symbols.get(symbol) ?? { rows: [], view: undefined };
    this.#symbols.set(symbol, window);
    const outlier = this.isOutlier(row);
    window.rows.push({ row: Float32Array.from(row), outlier });
    if (window.rows.length > this.#limits.windowBars) window.rows.shift();
    window.view = undefined;
    return outlier;
  }

  /** How a symbol's last rows compare; computed once a row. */
  of(symbol: string): DriftView {
    const window = this.#symbols.get(symbol);
    if (window === undefined) return NOTHING_SEEN;
    window.view ??= this.#measure(window.rows);
    return window.view;
  }

  /** The symbol that differs most. */
  view(): DriftView {
    return [...this.#symbols.keys()]
      .map((symbol) => this.of(symbol))
      .reduce((worst, each) => (SEVERITY[each.state] > SEVERITY[worst.state] ? each : worst), NOTHING_SEEN);
  }

  #measure(rows: readonly SeenRow[]): DriftView {
    const { windowBars, psiMoved, stopShare, warnShare } = this.#limits;
    const outlierShare = rows.filter(({ outlier }) => outlier).length / rows.length;
    if (rows.length < windowBars) return { state: 'unknown', rows: rows.length, outlierShare, features: [] };
    const moved = this.#features
      .map(({ name, edges, shares }, column) => {
        const values = rows.map(({ row }) => row[column] ?? Number.NaN);
        return { name, psi: stabilityIndex(values, edges, shares) };
      })
      .sort((a, b) => b.psi - a.psi);
    const share = moved.filter(({ psi }) => psi >= psiMoved).length / moved.length;
    const state = share > stopShare ? 'stop' : share > warnShare ? 'warn' : 'fine';
    return { state, rows: rows.length, outlierShare, features: moved.slice(0, SHOWN) };
  }
}

/**
 * Population stability index: the sum over the bins of (live - training) ln(live / training). Values without a number
 * are left out.
 *
 * @param edges ascending edges between the bins; a value on an edge belongs to the bin above.
 * @param shares training shares: one more than the edges.
 */
export function stabilityIndex(
  values: readonly number[],
  edges: readonly number[],
  shares: readonly number[],
): number {
  const counts = new Float64Array(shares.length);
  let total = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    let bin = 0;
    while (bin < edges.length && value >= (edges[bin] ?? Number.POSITIVE_INFINITY)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
    total += 1;
  }
  if (total === 0) return 0;
  return shares.reduce((sum, share, bin) => {
    const live = Math.max((counts[bin] ?? 0) / total, SMALLEST_SHARE);
    const trained = Math.max(share, SMALLEST_SHARE);
    return sum + (live - trained) * Math.log(live / trained);
  }, 0);
}
