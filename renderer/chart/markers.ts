import type { SeriesMarker, UTCTimestamp } from 'lightweight-charts';
import type { FillPurpose, FillView, Side } from '../../core/contract/index.ts';
import { chartTime } from './chart-data.ts';

export interface MarkerColours {
  readonly up: string;
  readonly down: string;
  readonly warning: string;
}

const ENTRY_WORDS: Readonly<Record<Side, string>> = { buy: 'Buy', sell: 'Sell' };
const PURPOSE_WORDS: Readonly<Record<Exclude<FillPurpose, 'entry'>, string>> = {
  exit: 'Exit',
  protection: 'Stop',
  emergency: 'Kill',
  external: 'Not ours',
};

/**
 * Marks on the candles for fills: below the bar what was bought, above it what was sold, with why. The pieces
 * that an order was filled in make one mark a bar. Fills before the first candle shown are left out.
 */
export function fillMarkers(
  fills: readonly FillView[],
  timeframeMs: number,
  firstOpenTime: number,
  colours: MarkerColours,
): SeriesMarker<UTCTimestamp>[] {
  const marks = new Map<string, SeriesMarker<UTCTimestamp>>();
  for (const { side, purpose, time } of fills) {
    const openTime = Math.floor(time / timeframeMs) * timeframeMs;
    if (openTime < firstOpenTime) continue;
    marks.set(`${openTime} ${side} ${purpose}`, {
      time: chartTime(openTime),
      position: side === 'buy' ? 'belowBar' : 'aboveBar',
      shape: side === 'buy' ? 'arrowUp' : 'arrowDown',
      color: purpose === 'emergency' ? colours.warning : side === 'buy' ? colours.up : colours.down,
      text: purpose === 'entry' ? ENTRY_WORDS[side] : PURPOSE_WORDS[purpose],
    });
  }
  return [...marks.values()].sort((a, b) => a.time - b.time);
}
