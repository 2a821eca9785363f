import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import { BandKeeper } from './band-multiplier.ts';
import { BLOCK_DAYS, type BlockInterval, blockInterval, blockSlope, qlike } from './judgement.ts';
import { BASELINE_IDS, type VolatilityManifest } from './manifest.ts';
import { HORIZONS } from './variance-label.ts';
import { bandOf, type HorizonForecast, usedOf } from './volatility-forecaster.ts';

/** Share of the returns that should fall outside a band of 80 %. */
export const OUTSIDE_80 = 0.2;

/** What was foretold at a moment of a symbol, and what came. */
export interface VolatilitySample {
  readonly symbol: string;
  /** When the bar had closed. */
  readonly time: UtcMs;
  readonly forecast: HorizonForecast;
  /** The logarithm of the realised variance of one bar over the horizon. */
  readonly realised: number;
  /** Log return over the horizon. */
  readonly horizonReturn: number;
}

export interface ForecastFigures {
  readonly id: string;
  readonly qlike: number;
  readonly logRmse: number;
  /** QLIKE of each baseline less this one's: above 0 where this one is better; null with too few blocks of days. */
  readonly over: Readonly<Record<string, BlockInterval | null>>;
  /** Slope of the realised on the foretold variation around the last week's variance, in logarithms: 1 is right. */
  readonly slope: BlockInterval | null;
}

export interface Coverage {
  readonly key: string;
  readonly samples: number;
  /** Share of the returns within the band of 80 %, and of 95 %. */
  readonly within80: number;
  readonly within95: number;
}

export type VolatilityVerdict = 'better-than-formula' | 'not-told-apart' | 'worse-than-formula';

export interface HorizonExamination {
  readonly horizonBars: number;
  readonly blockDays: number;
  readonly samples: number;
  readonly figures: readonly ForecastFigures[];
  readonly coverage: { readonly byMonth: readonly Coverage[]; readonly bySymbol: readonly Coverage[] };
  readonly verdict: VolatilityVerdict;
  /** What the verdict could have seen. */
  readonly power: string;
}

/**
 * How good everybody's forecasts of one horizon were. The samples of all symbols, in order of time.
 *
 * @throws RangeError when there is no sample.
 */
export function examineVolatility(
  manifest: VolatilityManifest,
  horizon: 0 | 1,
  samples: readonly VolatilitySample[],
): HorizonExamination {
  if (samples.length === 0) throw new RangeError('there is no bar to examine');
  const { bars } = HORIZONS[horizon];
  const blockDays = BLOCK_DAYS[bars] ?? 7;
  const ids = [...BASELINE_IDS, ...manifest.models.map(({ id }) => id), 'pool'];
  const losses = new Map(ids.map((id) => [id, samples.map((sample) => lossOf(sample, id))]));
  const figures = ids.map((id): ForecastFigures => {
    const mine = losses.get(id) ?? [];
    const over = BASELINE_IDS.filter((baseline) => baseline !== id).map((baseline) => {
      const theirs = losses.get(baseline) ?? [];
      const gains = samples.flatMap(({ time }, at) => {
        const value = (theirs[at] ?? Number.NaN) - (mine[at] ?? Number.NaN);
        return Number.isNaN(value) ? [] : [{ time, value }];
      });
      return [baseline, blockInterval(gains, blockDays) ?? null] as const;
    });
    const known = samples.flatMap((sample) => {
      const told = sample.forecast.logMean.get(id);
      return told === undefined ? [] : [{ ...sample, told }];
    });
    const errors = known.map(({ realised, told }) => (realised - told) ** 2);
    return {
      id,
      qlike: mean(mine.filter((loss) => !Number.isNaN(loss))),
      logRmse: Math.sqrt(mean(errors)),
      over: Object.fromEntries(over),
      slope: blockSlope(known.map(movesOf), blockDays) ?? null,
    };
  });
  const gain = figures.at(-1)?.over['formula'] ?? null;
  return {
    horizonBars: bars,
    blockDays,
    samples: samples.length,
    figures,
    coverage: coverageOf(manifest, horizon, samples),
    verdict: verdictOf(gain),
    power: powerOf(gain, blockDays),
  };
}

/** The rule: the pool is better than the formula, or worse, when the interval of the difference excludes 0. */
export function verdictOf(gain: BlockInterval | null): VolatilityVerdict {
  if (gain !== null && gain.low > 0) return 'better-than-formula';
  if (gain !== null && gain.high < 0) return 'worse-than-formula';
  return 'not-told-apart';
}

function powerOf(gain: BlockInterval | null, blockDays: number): string {
  if (gain === null) return `with fewer than three blocks of ${blockDays} days nothing can be told apart`;
  return (
    `${gain.blocks} blocks of ${blockDays} days: a true gain of ${gain.detectable.toFixed(4)} in QLIKE over the formula ` +
    'would be seen in 80 cases of 100, a smaller one less often'
  );
}

function lossOf({ forecast, realised }: VolatilitySample, id: string): number {
  return qlike(realised, forecast.logVariance.get(id) ?? Number.NaN);
}

/** How far above EWMA20 the variance was foretold, and how far above it came: levels alone would give a slope near 1. */
function movesOf({ time, forecast, told, realised }: VolatilitySample & { readonly told: number }) {
  const level = forecast.logMean.get('har') ?? 0;
  const base = forecast.logMean.get('ewma20') ?? level;
  return { time, x: told - base, y: realised - base };
}

/** Coverage of the bands, whose multiplier learns from a day's forecasts when their horizon is over. */
function coverageOf(
  manifest: VolatilityManifest,
  horizon: 0 | 1,
  samples: readonly VolatilitySample[],
): HorizonExamination['coverage'] {
  const keeper = new BandKeeper(OUTSIDE_80, HORIZONS[horizon].bars * TIMEFRAME_MS['1h']);
  const months = new Map<string, boolean[][]>();
  const symbols = new Map<string, boolean[][]>();
  for (const { symbol, time, forecast, horizonReturn } of samples) {
    keeper.advance(time);
    const { low80, high80, low95, high95 } = bandOf(
      manifest,
      horizon,
      usedOf(forecast),
      keeper.multiplier.value,
    );
    const within80 = horizonReturn >= low80 && horizonReturn <= high80;
    const within95 = horizonReturn >= low95 && horizonReturn <= high95;
    keeper.note(time, !within80);
    push(months, new Date(time).toISOString().slice(0, 7), [within80, within95]);
    push(symbols, symbol, [within80, within95]);
  }
  return { byMonth: sharesOf(months), bySymbol: sharesOf(symbols) };
}

function push(groups: Map<string, boolean[][]>, key: string, value: boolean[]): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

function sharesOf(groups: ReadonlyMap<string, readonly boolean[][]>): Coverage[] {
  return [...groups].map(([key, all]) => ({
    key,
    samples: all.length,
    within80: mean(all.map(([inner]) => Number(inner))),
    within95: mean(all.map(([, outer]) => Number(outer))),
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
