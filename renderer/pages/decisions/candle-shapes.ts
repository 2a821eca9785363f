import type { CandleView } from '../../../core/contract/index.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CandleShape {
  readonly openTime: number;
  readonly rose: boolean;
  readonly wick: Box;
  readonly body: Box;
}

/** Rectangles of candles side by side, filling a box of this size; y grows downwards. */
export function candleShapes(
  candles: readonly CandleView[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly CandleShape[] {
  const top = Math.max(...candles.map(({ high }) => high));
  const bottom = Math.min(...candles.map(({ low }) => low));
  const scale = height / (top - bottom || 1);
  const slot = width / candles.length;
  const y = (price: number): number => (top - price) * scale;
  return candles.map(({ openTime, open, high, low, close }, index) => {
    const x = index * slot;
    const upper = y(Math.max(open, close));
    const thickness = Math.max(1, y(Math.min(open, close)) - upper);
    return {
      openTime,
      rose: close >= open,
      wick: { x: x + slot * 0.45, y: y(high), width: slot * 0.1, height: Math.max(1, y(low) - y(high)) },
      body: { x: x + slot * 0.15, y: upper, width: slot * 0.7, height: thickness },
    };
  });
}
