import type { Candle } from '../domain/index.ts';
import { FeatureStream } from './feature-stream.ts';

/** Candles that the comparison looks at: the package is too slow for the whole of a long file. */
const COMPARED_BARS = 50_000;

export interface FeatureBench {
  readonly bars: number;
  readonly features: number;
  /** All features, streaming, one bar at a time on one core. */
  readonly microsecondsPerBar: number;
  /** Of the process, the candles included, after all features of all bars were computed. */
  readonly residentMb: number;
  readonly reference: {
    readonly bars: number;
    /** How many of the features the package `technicalindicators` can give. */
    readonly features: number;
    readonly microsecondsPerBar: number;
    /** The package's time for these over our time for all features, on the same bars. */
    readonly ratio: number;
  };
}

/** Measures the candle features over these candles, of any timeframe. Throws RangeError for fewer than two. */
export async function benchFeatures(candles: readonly Candle[]): Promise<FeatureBench> {
  const [first, second] = candles;
  if (first === undefined || second === undefined) throw new RangeError('a bench needs two candles or more');
  const timeframeMs = second.openTime - first.openTime;
  const compared = candles.slice(0, COMPARED_BARS);
  // The first pass lets the compiler see the code; it is not counted.
  microsecondsPerBar(compared, () => runStream(compared, timeframeMs));
  const ours = microsecondsPerBar(compared, () => runStream(compared, timeframeMs));
  const whole = microsecondsPerBar(candles, () => runStream(candles, timeframeMs));
  // Before the package is loaded, whose columns and results are not ours.
  const residentMb = Math.round(process.memoryUsage.rss() / 1_048_576);
  const reference = await referenceRun(compared);
  const theirs = microsecondsPerBar(compared, reference.run);
  return {
    bars: candles.length,
    features: new FeatureStream({ timeframeMs, isBtc: true }).row.names.length,
    microsecondsPerBar: whole,
    residentMb,
    reference: {
      bars: compared.length,
      features: reference.features,
      microsecondsPerBar: theirs,
      ratio: theirs / ours,
    },
  };
}

function microsecondsPerBar(candles: readonly Candle[], run: () => void): number {
  const start = performance.now();
  run();
  return ((performance.now() - start) * 1000) / candles.length;
}

function runStream(candles: readonly Candle[], timeframeMs: number): void {
  const stream = new FeatureStream({ timeframeMs, isBtc: true });
  for (const candle of candles) stream.update(candle);
}

/** The features that the package has an indicator for, each computed as the package would have it done. */
async function referenceRun(candles: readonly Candle[]): Promise<{ features: number; run: () => void }> {
  const ti = await import('technicalindicators');
  const column = (key: 'high' | 'low' | 'close' | 'volume') => candles.map((candle) => candle[key]);
  const [high, low, close, volume] = [column('high'), column('low'), column('close'), column('volume')];
  const values = close;
  const macd = {
    fastPeriod: 12,
    slowPeriod: 26,
    signalPeriod: 9,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  };
  const ichimoku = { conversionPeriod: 9, basePeriod: 26, spanPeriod: 52, displacement: 26 };
  const stochasticRsi = { rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 };
  const runs: (() => unknown)[] = [
    ...[8, 21, 50].map((period) => () => ti.EMA.calculate({ period, values })),
    ...[50, 100, 200].map((period) => () => ti.SMA.calculate({ period, values })),
    () => ti.MACD.calculate({ ...macd, values }),
    () => ti.ADX.calculate({ period: 14, high, low, close }),
    () => ti.PSAR.calculate({ step: 0.02, max: 0.2, high, low }),
    () => ti.IchimokuCloud.calculate({ ...ichimoku, high, low }),
    ...[2, 7, 14].map((period) => () => ti.RSI.calculate({ period, values })),
    () => ti.Stochastic.calculate({ period: 14, signalPeriod: 3, high, low, close }),
    () => ti.StochasticRSI.calculate({ ...stochasticRsi, values }),
    () => ti.WilliamsR.calculate({ period: 14, high, low, close }),
    () => ti.CCI.calculate({ period: 20, high, low, close }),
    () => ti.TRIX.calculate({ period: 15, values }),
    () => ti.AwesomeOscillator.calculate({ fastPeriod: 5, slowPeriod: 34, high, low }),
    () => ti.ATR.calculate({ period: 14, high, low, close }),
    () => ti.BollingerBands.calculate({ period: 20, stdDev: 2, values }),
    () => ti.MFI.calculate({ period: 14, high, low, close, volume }),
    () => ti.ForceIndex.calculate({ period: 13, close, volume }),
    () => ti.OBV.calculate({ close, volume }),
  ];
  return { features: runs.length, run: () => runs.forEach((run) => void run()) };
}
