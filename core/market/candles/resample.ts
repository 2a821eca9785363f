import { barOpenTime, type Candle, TIMEFRAME_MS, type Timeframe } from '../../domain/index.ts';
import { DataError } from '../data-error.ts';
import type { Candles } from './candle-columns.ts';
import { joinCandles } from './join-candles.ts';

/**
 * Makes bars of a coarser timeframe, aligned to the Unix epoch: first open, highest high, lowest low, last close,
 * sum of volumes. A stretch without candles gives no bar. A bar with a hole in the middle is made of what there
 * is, as the venue itself does. At the edges of the data a bar is left out when its first or its last piece is
 * not there: its open would be wrong, or it would not be closed yet.
 *
 * @param candles ascending candles of timeframe `from`.
 * @throws DataError `not-divisible` when `to` is no multiple of `from`; `irregular-spacing` when a candle crosses
 *   the border of a bar.
 */
export function resample(candles: Candles, from: Timeframe, to: Timeframe): readonly Candle[] {
  const fromMs = TIMEFRAME_MS[from];
  const toMs = TIMEFRAME_MS[to];
  if (from === to) return [...candles];
  if (toMs % fromMs !== 0) {
    throw new DataError(
      'not-divisible',
      `bars of ${to} cannot be made from bars of ${from}; give data of ${to} or of a divisor of it`,
    );
  }
  const bars: Candle[] = [];
  let pieces: Candle[] = [];
  let barTime = Number.NaN;
  for (const candle of candles) {
    const openTime = barOpenTime(candle.openTime, toMs);
    if (candle.openTime + fromMs > openTime + toMs) {
      throw new DataError(
        'irregular-spacing',
        `a ${from} bar crosses the border of a ${to} bar; give data whose bars open on full ${from}`,
      );
    }
    if (openTime !== barTime) {
      if (pieces.length > 0) bars.push({ ...joinCandles(pieces), openTime: barTime });
      pieces = [];
      barTime = openTime;
    }
    pieces.push(candle);
  }
  if (pieces.length > 0) bars.push({ ...joinCandles(pieces), openTime: barTime });
  return withoutIncompleteEdges(bars, candles, fromMs, toMs);
}

function withoutIncompleteEdges(
  bars: readonly Candle[],
  candles: Candles,
  fromMs: number,
  toMs: number,
): readonly Candle[] {
  const startsWhole = candles.at(0)?.openTime === bars[0]?.openTime;
  const lastEnd = (candles.at(-1)?.openTime ?? 0) + fromMs;
  const endsWhole = lastEnd === (bars.at(-1)?.openTime ?? 0) + toMs;
  return bars.slice(startsWhole ? 0 : 1, endsWhole ? bars.length : -1);
}
