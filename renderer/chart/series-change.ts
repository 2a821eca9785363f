import type { Candles } from '../stores/candle-series.ts';

export type SeriesChange =
  | { readonly kind: 'none' }
  /** Bars from this index on were changed or added; those before are as they were. */
  | { readonly kind: 'tail'; readonly from: number }
  /** Another series, or older bars in front: everything must be drawn again. */
  | { readonly kind: 'all' };

/** Bars at the end that may change before drawing all of them again is the shorter way. */
const LONGEST_TAIL = 50;

/** What lies between two states of one series. Unchanged candles are the same objects. */
export function seriesChange(before: Candles, after: Candles): SeriesChange {
  if (before === after) return { kind: 'none' };
  if (before.length === 0 || before.length > after.length || before[0]?.openTime !== after[0]?.openTime)
    return { kind: 'all' };
  let from = before.length;
  while (from > 0 && before[from - 1] !== after[from - 1]) from -= 1;
  if (after.length - from > LONGEST_TAIL) return { kind: 'all' };
  return from === after.length ? { kind: 'none' } : { kind: 'tail', from };
}
