import { mean } from './statistics.ts';

/** A value that belongs to a block of time with others that it does not stand apart from. */
export interface Blocked {
  readonly block: number;
  readonly value: number;
}

/** A mean of values that come in blocks. */
export interface BlockedMean {
  readonly count: number;
  readonly blocks: number;
  /** NaN of nothing. */
  readonly mean: number;
  /** NaN below two blocks. */
  readonly standardError: number;
}

/**
 * Mean and its standard error where values of one block do not stand apart from each other (Liang and Zeger, 1986): coins move
 * together, and what overlaps in time is partly the same.
 */
export function blockedMean(values: readonly Blocked[]): BlockedMean {
  const centre = mean(values.map(({ value }) => value));
  const sums = sumsByBlock(values.map(({ block, value }) => ({ block, value: value - centre })));
  return {
    count: values.length,
    blocks: sums.length,
    mean: centre,
    standardError: standardErrorOf(sums, values.length),
  };
}

export interface BlockedPair {
  readonly block: number;
  readonly x: number;
  readonly y: number;
}

export interface BlockedSlope {
  readonly count: number;
  readonly blocks: number;
  /** Of y on x, by least squares; NaN where x is always the same. */
  readonly slope: number;
  readonly standardError: number;
}

/** Slope of a line through points, and its standard error where points of one block do not stand apart. */
export function blockedSlope(points: readonly BlockedPair[]): BlockedSlope {
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  let [xx, xy] = [0, 0];
  for (const { x, y } of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  // One that always says the same says nothing: what is left of it in binary is no variation.
  const slope = xx > 1e-12 * points.length ? xy / xx : Number.NaN;
  const sums = sumsByBlock(
    points.map(({ block, x, y }) => ({ block, value: (x - meanX) * (y - meanY - slope * (x - meanX)) })),
  );
  return {
    count: points.length,
    blocks: sums.length,
    slope,
    standardError: standardErrorOf(sums, xx),
  };
}

function sumsByBlock(values: readonly Blocked[]): readonly number[] {
  const sums = new Map<number, number>();
  for (const { block, value } of values) sums.set(block, (sums.get(block) ?? 0) + value);
  return [...sums.values()];
}

function standardErrorOf(sums: readonly number[], scale: number): number {
  if (sums.length < 2) return Number.NaN;
  const squares = sums.reduce((total, sum) => total + sum ** 2, 0);
  return Math.sqrt((squares * sums.length) / (sums.length - 1)) / scale;
}
