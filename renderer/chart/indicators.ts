import { BollingerBands, EMA, RSI, SMA } from 'technicalindicators';
import type { OverlayId } from '../stores/overlay-ids.ts';

/** One value a close; undefined until there is enough history. */
export type Line = readonly (number | undefined)[];

/**
 * Bars after which it no longer matters where the history of these indicators began: what an EMA 50 keeps of its
 * start is then below 1e-9.
 */
const MEMORY_BARS = 600;

const RSI_PERIOD = 14;

/** The lines of an overlay, one value a close: one line, or middle, upper and lower band. */
export function overlayLines(overlay: OverlayId, closes: readonly number[]): readonly Line[] {
  const values = [...closes];
  switch (overlay) {
    case 'ema20':
      return [align(EMA.calculate({ period: 20, values }), closes)];
    case 'ema50':
      return [align(EMA.calculate({ period: 50, values }), closes)];
    case 'sma200':
      return [align(SMA.calculate({ period: 200, values }), closes)];
    case 'bollinger': {
      const bands = BollingerBands.calculate({ period: 20, stdDev: 2, values });
      const line = (part: 'middle' | 'upper' | 'lower') =>
        align(
          bands.map((band) => band[part]),
          closes,
        );
      return [line('middle'), line('upper'), line('lower')];
    }
  }
}

/** The relative strength index over 14 bars (Wilder), 0 to 100, one value a close. */
export function rsiLine(closes: readonly number[]): Line {
  return align(RSI.calculate({ period: RSI_PERIOD, values: [...closes] }), closes);
}

/** The values of lines from bar `from` on, without going through all of history again. */
export function tailOf(
  lines: (closes: readonly number[]) => readonly Line[],
  closes: readonly number[],
  from: number,
): readonly Line[] {
  const start = Math.max(0, from - MEMORY_BARS);
  return lines(closes.slice(start)).map((line) => line.slice(from - start));
}

function align(values: readonly number[], closes: readonly number[]): Line {
  return [...new Array<undefined>(Math.max(0, closes.length - values.length)).fill(undefined), ...values];
}
