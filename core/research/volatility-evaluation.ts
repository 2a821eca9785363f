import { isBitcoin, TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';
import { contextFor } from '../engine/voices/bitcoin-bars.ts';
import { computeFeatures } from '../features/index.ts';
import {
  examineVolatility,
  HORIZONS,
  type HorizonExamination,
  logRealisedVariance,
  PooledRunner,
  VolatilityForecaster,
  type VolatilityManifest,
  type VolatilitySample,
  type VolatilitySet,
} from '../inference/index.ts';
import type { HistorySeries } from '../market/index.ts';

export interface VolatilityEvaluationOptions {
  readonly set: VolatilitySet;
  /** Whole histories of hourly bars: the features need the bars before `from`. */
  readonly series: readonly HistorySeries[];
  /** Forecasts made in `from`..`to` are examined whose horizon was over by `to`. */
  readonly from: UtcMs;
  readonly to: UtcMs;
}

export interface VolatilityEvaluation {
  readonly setId: string;
  readonly from: string;
  readonly to: string;
  /** Some examined bars are among those that the models learned from: the figures prove nothing. */
  readonly contaminated: boolean;
  readonly horizons: readonly HorizonExamination[];
  /** What training recorded of half-years that were foretold by what was fitted before them. */
  readonly walkForward: VolatilityManifest['walkForward'];
}

const HOUR_MS = TIMEFRAME_MS['1h'];
/** As in training: at 00, 08 and 16 o'clock UTC. */
const EVERY_HOURS = 8;
const BATCH = 512;

/**
 * Examines a volatility set on candles.
 *
 * @throws ModelRefusal when a model cannot be run, RangeError when no bar can be examined.
 */
export async function evaluateVolatility(
  options: VolatilityEvaluationOptions,
): Promise<VolatilityEvaluation> {
  const { set, series, from, to } = options;
  const runner = new PooledRunner();
  const forecaster = new VolatilityForecaster(set, runner);
  const byHorizon: [VolatilitySample[], VolatilitySample[]] = [[], []];
  try {
    for (const one of series) {
      for (const [horizon, samples] of (await samplesOf(forecaster, one, options)).entries()) {
        byHorizon[horizon]?.push(...samples);
      }
    }
  } finally {
    await runner.close();
  }
  const horizons = ([0, 1] as const).flatMap((horizon) => {
    const samples = byHorizon[horizon].sort((a, b) => a.time - b.time);
    return samples.length === 0 ? [] : [examineVolatility(set.manifest, horizon, samples)];
  });
  if (horizons.length === 0) throw new RangeError('there is no bar to examine');
  return {
    setId: set.manifest.setId,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    contaminated: from < Date.parse(set.manifest.validFrom),
    horizons,
    walkForward: set.manifest.walkForward,
  };
}

async function samplesOf(
  forecaster: VolatilityForecaster,
  { symbol, bars: whole }: HistorySeries,
  { series, from, to }: VolatilityEvaluationOptions,
): Promise<readonly [VolatilitySample[], VolatilitySample[]]> {
  // Nothing after `to` is looked at.
  const bars = whole.filter(({ openTime }) => openTime + HOUR_MS <= to);
  const { manifest } = forecaster.set;
  const { rows: length, everyBars } = manifest.window;
  const width = manifest.features.names.length;
  const matrix = computeFeatures(bars, {
    timeframeMs: HOUR_MS,
    isBtc: isBitcoin(symbol),
    groups: ['variance'],
    contextOf: contextFor(symbol, series),
  });
  const rowAt = (bar: number) => Float32Array.from(matrix.values.subarray(bar * width, (bar + 1) * width));
  const chosen: number[] = [];
  for (const [bar, { openTime }] of bars.entries()) {
    const closed = openTime + HOUR_MS;
    const first = bar - (length - 1) * everyBars;
    const span = closed - ((bars[first]?.openTime ?? Number.NaN) + HOUR_MS);
    const whole64 = first >= matrix.firstReady && span === (length - 1) * everyBars * HOUR_MS;
    if (closed < from || closed % (EVERY_HOURS * HOUR_MS) !== 0 || !whole64) continue;
    if (forecaster.missing(rowAt(bar)) === undefined) chosen.push(bar);
  }
  const found: [VolatilitySample[], VolatilitySample[]] = [[], []];
  for (let at = 0; at < chosen.length; at += BATCH) {
    const batch = chosen.slice(at, at + BATCH);
    const windows = batch.map((bar) => {
      const window = new Float32Array(length * width);
      for (let step = 0; step < length; step += 1) {
        window.set(rowAt(bar - (length - 1 - step) * everyBars), step * width);
      }
      return window;
    });
    const forecasts = await forecaster.forecast({ symbol, rows: batch.map(rowAt), windows });
    for (const [index, bar] of batch.entries()) {
      for (const horizon of [0, 1] as const) {
        const { id, bars: ahead } = HORIZONS[horizon];
        const log = logRealisedVariance(bars, bar, ahead, HOUR_MS);
        const [now, then, forecast] = [bars[bar], bars[bar + ahead], forecasts[index]];
        if (log === undefined || now === undefined || then === undefined || forecast === undefined) continue;
        found[horizon].push({
          symbol,
          time: now.openTime + HOUR_MS,
          forecast: forecast[id],
          realised: log - Math.log(ahead),
          horizonReturn: Math.log(then.close / now.close),
        });
      }
    }
  }
  return found;
}
