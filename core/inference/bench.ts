import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TIMEFRAME_MS } from '../domain/index.ts';
import { Forecaster } from './forecaster.ts';
import { forecastHistory } from './historical-ensemble.ts';
import { LABEL } from './labels.ts';
import { type ModelSet, readParityFixture } from './model-set.ts';
import { floatsOf } from './parity.ts';
import { PooledRunner } from './pooled-runner.ts';
import { WorkerRunner } from './worker-runner.ts';

export interface InferenceBench {
  readonly setId: string;
  readonly models: number;
  /** One decision after the other: drift guard, all models on their thread, pool and vote, in milliseconds. */
  readonly decision: { readonly count: number; readonly p50Ms: number; readonly p99Ms: number };
  /** The longest time for which the engine's thread could do nothing else while these decisions were taken. */
  readonly longestBlockMs: number;
  /** All models over so many bars in batches, on all cores, as a backtest asks them. */
  readonly history: { readonly bars: number; readonly seconds: number };
}

export interface InferenceBenchOptions {
  readonly decisions?: number;
  readonly bars?: number;
}

const SYMBOL = 'BTC/USDT';
const RESOLUTION_MS = 1;
const NANOSECONDS_PER_MS = 1_000_000;

/**
 * Measures a set on this machine, on the rows of its own parity fixture.
 *
 * @throws ModelRefusal when a model cannot be run.
 */
export async function benchInference(
  set: ModelSet,
  { decisions = 1_000, bars = 57_000 }: InferenceBenchOptions = {},
): Promise<InferenceBench> {
  const { setId, models } = set.manifest;
  const { timesMs, longestBlockMs } = await decide(set, decisions);
  return {
    setId,
    models: models.length,
    decision: { count: decisions, p50Ms: quantile(timesMs, 0.5), p99Ms: quantile(timesMs, 0.99) },
    longestBlockMs,
    history: { bars, seconds: await overHistory(set, bars) },
  };
}

async function decide(
  set: ModelSet,
  decisions: number,
): Promise<{ readonly timesMs: readonly number[]; readonly longestBlockMs: number }> {
  const windows = windowsOf(set);
  const runner = new WorkerRunner();
  const forecaster = new Forecaster(set, runner);
  const decideOn = async (number: number): Promise<void> => {
    const window = (windows[number % windows.length] ?? new Float32Array()).slice();
    forecaster.drift.observe(SYMBOL, forecaster.lastRow(window));
    forecaster.drift.state(SYMBOL);
    const [forecast] = await forecaster.forecast({ rows: 1, windows: window });
    if (forecast !== undefined) forecaster.vote(forecast, window, LABEL);
  };
  try {
    // The first decisions start the thread, open the sessions and let the compiler see the code.
    for (let number = 0; number < 200; number += 1) await decideOn(number);
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
    const timesMs: number[] = [];
    for (let number = 0; number < decisions; number += 1) {
      const start = performance.now();
      await decideOn(number);
      timesMs.push(performance.now() - start);
    }
    delay.disable();
    // What is recorded is the time between two looks, the resolution included.
    return { timesMs, longestBlockMs: Math.max(0, delay.max / NANOSECONDS_PER_MS - RESOLUTION_MS) };
  } finally {
    await runner.close();
  }
}

async function overHistory(set: ModelSet, bars: number): Promise<number> {
  const width = set.manifest.features.names.length;
  const rows = floatsOf(readParityFixture(set).values);
  const values = Float64Array.from({ length: bars * width }, (_, place) => rows[place % rows.length] ?? 0);
  const step = TIMEFRAME_MS[set.manifest.timeframe];
  const times = Array.from({ length: bars }, (_, bar) => bar * step);
  const runner = new PooledRunner();
  try {
    const start = performance.now();
    const history = { symbol: SYMBOL, times, values, firstReady: 0 };
    await forecastHistory(new Forecaster(set, runner), history, set.manifest.timeframe, () => true);
    return (performance.now() - start) / 1000;
  } finally {
    await runner.close();
  }
}

/** The windows that the nets were shown. */
function windowsOf(set: ModelSet): readonly Float32Array[] {
  const { values, windowStarts } = readParityFixture(set);
  const rows = floatsOf(values);
  const width = set.manifest.features.names.length;
  const length = set.manifest.sequenceLength * width;
  return windowStarts.map((start) => rows.subarray(start * width, start * width + length));
}

function quantile(values: readonly number[], share: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.min(Math.floor(share * ascending.length), ascending.length - 1)] ?? Number.NaN;
}
