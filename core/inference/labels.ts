import type { Candle } from '../domain/index.ts';

/** What a bar's label is made from. Fractions and bars; the same numbers stand in every model set's manifest. */
export const LABEL = {
  /** Bars after the decision until time is up. */
  horizonBars: 24,
  /** Distance of the barriers in standard deviations of the return over the horizon. */
  barrierSigma: 1.5,
  /** A barrier nearer than this multiple of the round trip's cost would pay the venue only. */
  costMultiple: 3,
  /** Fees, spread and slippage of a round trip, as a fraction of the price. */
  roundTripCost: 0.0024,
  /** The feature that says how far one bar moves (standard deviation of the return of one bar). */
  sigmaFeature: 'rv_168',
} as const;

/** Classes in the order of every probability triple. */
export const CLASSES = ['down', 'flat', 'up'] as const;
export type ClassIndex = 0 | 1 | 2;

export interface BarrierLabel {
  readonly classIndex: ClassIndex;
  /** Log return from the entry (next open) to the close of the last bar of the horizon. */
  readonly horizonReturn: number;
  /** Log return from the entry to the barrier touched, or to the horizon's end. */
  readonly exitReturn: number;
  /** Opening time of the bar that decided the label: nothing later was looked at. */
  readonly endTime: number;
}

/** Distance of both barriers from the entry as a log return. NaN when sigma is. */
export function barrierDistance(sigma: number): number {
  const distance = LABEL.barrierSigma * sigma * Math.sqrt(LABEL.horizonBars);
  return Math.max(distance, LABEL.costMultiple * LABEL.roundTripCost);
}

/**
 * Triple-barrier label (López de Prado, 2018, ch. 3) of the decision taken when `bars[at]` closed: entry at the next
 * open, up and down when that barrier is touched first within the horizon, flat when neither is. A bar that touches
 * both counts for the side it closed on.
 *
 * @param sigma standard deviation of one bar's log return, known at the decision.
 * @returns undefined when the horizon is not over yet, bars are missing within it, or sigma is not known.
 */
export function barrierLabel(
  bars: readonly Candle[],
  at: number,
  sigma: number,
  timeframeMs: number,
): BarrierLabel | undefined {
  const decided = bars[at];
  const last = bars[at + LABEL.horizonBars];
  const entry = bars[at + 1]?.open;
  if (decided === undefined || last === undefined || entry === undefined || !(sigma >= 0)) return undefined;
  if (last.openTime - decided.openTime !== LABEL.horizonBars * timeframeMs) return undefined;

  const distance = barrierDistance(sigma);
  const [upper, lower] = [entry * Math.exp(distance), entry * Math.exp(-distance)];
  const horizonReturn = Math.log(last.close / entry);
  for (let index = at + 1; index <= at + LABEL.horizonBars; index += 1) {
    const { openTime, open, high, low, close } = bars[index] ?? last;
    const [touchesUpper, touchesLower] = [high >= upper, low <= lower];
    if (!touchesUpper && !touchesLower) continue;
    const up = touchesUpper && (!touchesLower || close >= open);
    const exitReturn = up ? distance : -distance;
    return { classIndex: up ? 2 : 0, horizonReturn, exitReturn, endTime: openTime };
  }
  return { classIndex: 1, horizonReturn, exitReturn: horizonReturn, endTime: last.openTime };
}
