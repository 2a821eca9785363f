import type { CandleView } from '../../core/contract/index.ts';

export type Candles = readonly CandleView[];

/** Candles of one symbol up to which older ones are loaded from history. */
export const LONGEST_SERIES = 50_000;
/** New bars may grow the series by so many before the oldest fall out: that draws all of it again. */
export const GROWTH = 10_000;

/** Adds or replaces candles by opening time. Unchanged candles stay the same objects. */
export function mergeCandles(current: Candles, changed: Candles): Candles {
  const [first] = changed;
  if (first === undefined) return current;
  // Nearly always the forming candle, or the one after it: the series before it is kept as it is.
  const from = current.findLastIndex((candle) => candle.openTime < first.openTime) + 1;
  const byTime = new Map(current.slice(from).map((candle) => [candle.openTime, candle]));
  for (const candle of changed) byTime.set(candle.openTime, candle);
  const tail = [...byTime.values()].sort((a, b) => a.openTime - b.openTime);
  const merged = [...current.slice(0, from), ...tail];
  return merged.length > LONGEST_SERIES + GROWTH ? merged.slice(-LONGEST_SERIES) : merged;
}

/**
 * The series after a new snapshot. Older candles that were loaded from history stay where they join on to it;
 * after a long absence, or when the snapshot tells another story about the same bar, they are dropped.
 */
export function replaceCandles(current: Candles, snapshot: Candles): Candles {
  const [first] = snapshot;
  if (first === undefined) return snapshot;
  const joint = current.findIndex((candle) => candle.openTime === first.openTime);
  const same = joint >= 0 && current[joint]?.open === first.open;
  return same ? mergeCandles(current.slice(0, joint), snapshot) : snapshot;
}

/** Puts candles from history before the series. */
export function prependCandles(current: Candles, older: Candles): Candles {
  const [first] = current;
  const before = first === undefined ? older : older.filter((candle) => candle.openTime < first.openTime);
  return before.length === 0 ? current : mergeCandles(before, current);
}
