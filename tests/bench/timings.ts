/** Durations in milliseconds, as they are reported. */
export interface Timings {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** @param durations in milliseconds, in any order; NaN quantiles where there are none. */
export function timingsOf(durations: readonly number[]): Timings {
  const ascending = durations.toSorted((a, b) => a - b);
  const quantile = (share: number): number => {
    const place = Math.min(Math.floor(share * ascending.length), ascending.length - 1);
    return Math.round((ascending[place] ?? Number.NaN) * 100) / 100;
  };
  return { count: ascending.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
