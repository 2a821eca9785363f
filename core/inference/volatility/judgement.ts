import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
/** Normal quantiles: of a two-sided interval of 95 %, and of being right in 80 cases of 100. */
const [Z95, Z80] = [1.96, 0.84];
/** Neighbouring days share their horizon and their mood: blocks are longer than both. By horizon in bars. */
export const BLOCK_DAYS: Readonly<Record<number, number>> = { 24: 7, 168: 28 };

/** RV / forecast - ln(RV / forecast) - 1: 0 where it was right (Patton, 2011). Of logarithms. */
export function qlike(realised: number, forecast: number): number {
  const error = realised - forecast;
  return Math.exp(error) - error - 1;
}

export interface BlockInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly blocks: number;
  /** The smallest true mean that would be told from 0 in 80 cases of 100, by the rule that the interval excludes 0. */
  readonly detectable: number;
}

/** Sums of one block of days over all symbols. */
interface Block {
  readonly sum: number;
  readonly count: number;
}

/**
 * Mean and 95 % interval of a value over samples, all symbols' samples of so many days being one observation: coins of one
 * hour, and hours of one storm, are not independent. Undefined with fewer than three blocks.
 */
export function blockInterval(
  samples: Iterable<{ readonly time: UtcMs; readonly value: number }>,
  blockDays: number,
): BlockInterval | undefined {
  const blocks = new Map<number, Block>();
  for (const { time, value } of samples) {
    const key = Math.floor(time / (DAY_MS * blockDays));
    const { sum, count } = blocks.get(key) ?? { sum: 0, count: 0 };
    blocks.set(key, { sum: sum + value, count: count + 1 });
  }
  const all = [...blocks.values()];
  const n = all.length;
  if (n < 3) return undefined;
  const count = all.reduce((total, block) => total + block.count, 0);
  const value = all.reduce((total, block) => total + block.sum, 0) / count;
  const squares = all.reduce((total, block) => total + (block.sum - value * block.count) ** 2, 0);
  const error = Math.sqrt((n / (n - 1)) * squares) / count;
  return {
    value,
    low: value - Z95 * error,
    high: value + Z95 * error,
    blocks: n,
    detectable: (Z95 + Z80) * error,
  };
}

/** Least-squares slope of y on x, with its 95 % interval over blocks of days; undefined with fewer than three. */
export function blockSlope(
  samples: readonly { readonly time: UtcMs; readonly x: number; readonly y: number }[],
  blockDays: number,
): BlockInterval | undefined {
  const n = samples.length;
  const [mx, my] = [mean(samples.map(({ x }) => x)), mean(samples.map(({ y }) => y))];
  const spread = samples.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  if (n < 3 || spread === 0) return undefined;
  const slope = samples.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / spread;
  // The slope's error is a mean of scores over the spread of x.
  const scores = samples.map(({ time, x, y }) => {
    return { time, value: (x - mx) * (y - my - slope * (x - mx)) };
  });
  const interval = blockInterval(scores, blockDays);
  if (interval === undefined) return undefined;
  const half = ((interval.high - interval.low) / 2) * (n / spread);
  const detectable = (interval.detectable * n) / spread;
  return { value: slope, low: slope - half, high: slope + half, blocks: interval.blocks, detectable };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
