import { z } from 'zod';
import { type Brief, StateDocument, type StateStore, TIMEFRAME_MS } from '../domain/index.ts';

/** What came of situations like the present one. Returns are those of the price, as fractions, before costs. */
export interface SimilarSituations {
  readonly n: number;
  readonly horizonBars: number;
  readonly shareRose: number;
  readonly meanReturn: number;
  readonly lowestReturn: number;
  readonly highestReturn: number;
}

/** What makes situations alike, and the difference of each that counts as one. */
const SCALES: Readonly<Record<string, number>> = {
  ret_24_z: 1,
  ret_168_z: 1,
  dist_ema_50_atr: 2,
  rsi_14: 0.4,
  adx_14: 0.15,
  bb_pctb_20: 0.7,
  rv_ratio_6_48: 0.4,
  donchian_pos_55: 0.7,
};
const FEATURES = Object.keys(SCALES);
const HORIZON_BARS = 24;
/** The nearest that are told of, and how many there must be to say anything. */
const NEAREST = 12;
const FEWEST = 5;
const KEPT = 600;

const SituationSchema = z.object({
  symbol: z.string(),
  timeframe: z.string(),
  barOpenTime: z.number().int(),
  regime: z.string(),
  close: z.number().positive(),
  /** In the order of the features. */
  at: z.array(z.number()),
  /** The return after the horizon, and the bar at whose close it was known; null until then. */
  outcome: z.object({ barOpenTime: z.number().int(), gain: z.number() }).nullable(),
});
type Situation = z.infer<typeof SituationSchema>;
const MemorySchema = z.object({ situations: z.array(SituationSchema) });
type Memory = Readonly<z.infer<typeof MemorySchema>>;

type Seen = Pick<Brief, 'symbol' | 'timeframe' | 'barOpenTime' | 'close' | 'regime' | 'feature'>;

/**
 * The bars that were decided on, with what the price did in the 24 bars after them. Causal: a bar is compared only with
 * earlier ones, and told of an outcome only when it was known at that bar's close.
 */
export class SituationMemory {
  readonly #document: StateDocument<Memory> | null;
  #situations: readonly Situation[];

  /** @param state where it outlives the process; null in backtests, which begin with none. */
  constructor(state: StateStore | null) {
    this.#document =
      state === null
        ? null
        : new StateDocument<Memory>(state, 'llm-situations', {
            version: 1,
            initial: { situations: [] },
            parse: (stored) => MemorySchema.safeParse(stored).data,
          });
    // What cannot be read is forgotten, and gathered anew.
    this.#situations = this.#document?.readOr(() => ({ situations: [] })).situations ?? [];
  }

  /** Notes a closed bar, and what came of those whose horizon it ends. The same bar twice is one. */
  observe(bar: Seen): void {
    const { symbol, timeframe, barOpenTime, close, regime } = bar;
    if (!(close > 0)) return;
    const horizonMs = HORIZON_BARS * TIMEFRAME_MS[timeframe];
    const isOfThis = (one: Situation): boolean => one.symbol === symbol && one.timeframe === timeframe;
    const settled = this.#situations.map((one): Situation => {
      const isDue = isOfThis(one) && one.outcome === null && one.barOpenTime + horizonMs <= barOpenTime;
      return isDue ? { ...one, outcome: { barOpenTime, gain: close / one.close - 1 } } : one;
    });
    const at = pointOf(bar);
    const isKnown = settled.some((one) => isOfThis(one) && one.barOpenTime === barOpenTime);
    const added =
      at === undefined || isKnown
        ? []
        : [{ symbol, timeframe, barOpenTime, regime, close, at, outcome: null }];
    this.#situations = [...settled, ...added].slice(-KEPT);
    this.#document?.write({ situations: [...this.#situations] });
  }

  /** Of the same regime and size of bar, on any symbol; null where too few are known, or the bar cannot be compared. */
  similarTo(bar: Seen): SimilarSituations | null {
    const at = pointOf(bar);
    if (at === undefined) return null;
    const gains = this.#situations
      .filter(
        ({ timeframe, regime, barOpenTime }) =>
          timeframe === bar.timeframe && regime === bar.regime && barOpenTime < bar.barOpenTime,
      )
      .flatMap((one) => {
        const { outcome } = one;
        if (outcome === null || outcome.barOpenTime > bar.barOpenTime) return [];
        return [{ distance: distanceOf(one.at, at), gain: outcome.gain }];
      })
      .sort((a, b) => a.distance - b.distance)
      .slice(0, NEAREST)
      .map(({ gain }) => gain);
    if (gains.length < FEWEST) return null;
    return {
      n: gains.length,
      horizonBars: HORIZON_BARS,
      shareRose: rounded(gains.filter((gain) => gain > 0).length / gains.length),
      meanReturn: rounded(gains.reduce((sum, gain) => sum + gain, 0) / gains.length),
      lowestReturn: rounded(Math.min(...gains)),
      highestReturn: rounded(Math.max(...gains)),
    };
  }
}

/** Where a bar lies among situations; undefined where a feature has no value. */
function pointOf({ feature }: Pick<Brief, 'feature'>): number[] | undefined {
  const point = FEATURES.map((name) => rounded(feature(name) / (SCALES[name] ?? 1)));
  return point.every((value) => Number.isFinite(value)) ? point : undefined;
}

function distanceOf(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
