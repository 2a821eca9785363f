import type { DriftView } from '../contract/index.ts';
import type { ModelSet } from './model-set.ts';
import { floatsOf } from './parity.ts';
import { type Population, PopulationWindow } from './population-window.ts';

const CLIP = 8;
const SHOWN = 10;

const NOTHING_SEEN: DriftView = { state: 'unknown', rows: 0, outlierShare: 0, features: [] };
const SEVERITY: Readonly<Record<DriftView['state'], number>> = { unknown: 0, fine: 1, warn: 2, stop: 3 };

/** A symbol's last rows. */
interface Seen {
  readonly window: PopulationWindow;
  /** Whether each row in the window was an outlier, the newest last. */
  readonly outliers: boolean[];
}

/** What the training rows' values of one feature were like. */
interface Feature extends Population {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
}

/**
 * Whether live rows look like the rows that the models learned from: the dissimilarity of one row (Meyer and Pebesma,
 * 2021: distance to the nearest of the training prototypes in principal components, over their mean distance) and the
 * population stability index of each feature over a symbol's last rows. A few weeks of any market differ
 * from years of it in most features; so the limits are what windows of the training data themselves show.
 */
export class DriftGuard {
  readonly #features: readonly Feature[];
  readonly #components: readonly Float64Array[];
  readonly #prototypes: Float32Array;
  readonly #meanDistance: number;
  readonly #limits: ModelSet['manifest']['drift'];
  readonly #symbols = new Map<string, Seen>();

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
    const prototypes = this.#prototypes;
    let nearest = Number.POSITIVE_INFINITY;
    for (let from = 0; from < prototypes.length; from += width) {
      let squared = 0;
      // One that is farther already cannot be the nearest.
      for (let k = 0; k < width && squared < nearest; k += 1) {
        const gap = (projected[k] ?? 0) - (prototypes[from + k] ?? 0);
        squared += gap * gap;
      }
      if (squared < nearest) nearest = squared;
    }
    return Math.sqrt(nearest) / this.#meanDistance;
  }

  isOutlier(row: ArrayLike<number>): boolean {
    return this.dissimilarity(row) > this.#limits.dissimilarityThreshold;
  }

  /** Takes a live row of a symbol into account. @returns whether it is like nothing in the training data. */
  observe(symbol: string, row: ArrayLike<number>): boolean {
    const { windowBars } = this.#limits;
    const seen = this.#symbols.get(symbol) ?? {
      window: new PopulationWindow(this.#features, windowBars),
      outliers: [],
    };
    this.#symbols.set(symbol, seen);
    const outlier = this.isOutlier(row);
    seen.window.push(row);
    seen.outliers.push(outlier);
    if (seen.outliers.length > windowBars) seen.outliers.shift();
    return outlier;
  }

  /** Whether a symbol's last rows still look like the training data. */
  state(symbol: string): DriftView['state'] {
    const window = this.#symbols.get(symbol)?.window;
    if (window === undefined || !window.full) return 'unknown';
    const { psiMoved, stopShare, warnShare } = this.#limits;
    const indices = window.indices();
    const share = indices.reduce((moved, psi) => moved + Number(psi >= psiMoved), 0) / indices.length;
    return share > stopShare ? 'stop' : share > warnShare ? 'warn' : 'fine';
  }

  /** The same with the features that moved most. */
  of(symbol: string): DriftView {
    const seen = this.#symbols.get(symbol);
    if (seen === undefined) return NOTHING_SEEN;
    const { window, outliers } = seen;
    const outlierShare = outliers.filter(Boolean).length / outliers.length;
    const known = { state: this.state(symbol), rows: window.rows, outlierShare };
    if (!window.full) return { ...known, features: [] };
    const indices = window.indices();
    const moved = this.#features.map(({ name }, column) => ({ name, psi: indices[column] ?? 0 }));
    return { ...known, features: moved.sort((a, b) => b.psi - a.psi).slice(0, SHOWN) };
  }

  /** The symbol that differs most. */
  view(): DriftView {
    const [first = NOTHING_SEEN, ...others] = [...this.#symbols.keys()].map((symbol) => this.of(symbol));
    return others.reduce(
      (worst, each) => (SEVERITY[each.state] > SEVERITY[worst.state] ? each : worst),
      first,
    );
  }
}
