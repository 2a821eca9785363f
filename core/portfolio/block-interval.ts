import { annualisedSharpe, type Random, SeededRandom } from '../domain/index.ts';

/** Between these two a figure lies with 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const RESAMPLES = 1_000;
/** Any: the same days give the same interval, whoever asks. */
const SEED = 1;
const OUTSIDE = 0.025;

/** Days that are drawn together: the cube root of all of them (Hall, Horowitz and Jing, 1995). */
export function blockLength(days: number): number {
  return Math.max(1, Math.round(Math.cbrt(days)));
}

/**
 * The middle 95 % of the Sharpe ratios of days drawn anew from these, with replacement and in blocks, the last day being
 * followed by the first (circular block bootstrap: Politis and Romano, 1992). Unlike a formula for independent days it
 * knows that a bad day follows on bad days. A draw in which nothing moved counts as 0.
 *
 * @returns null where a bound is not finite.
 */
export function sharpeInterval(dailyReturns: readonly number[]): Interval | null {
  const random = new SeededRandom(SEED);
  const ratios = Array.from({ length: RESAMPLES }, () => sharpeOfDraw(drawDays(dailyReturns, random)));
  ratios.sort((a, b) => a - b);
  const [low, high] = [Math.floor(OUTSIDE * RESAMPLES), Math.ceil((1 - OUTSIDE) * RESAMPLES) - 1];
  const interval = { low: Number(ratios[low]), high: Number(ratios[high]) };
  return Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null;
}

function drawDays(days: readonly number[], random: Random): readonly number[] {
  const length = blockLength(days.length);
  const drawn: number[] = [];
  let at = 0;
  while (drawn.length < days.length) {
    if (drawn.length % length === 0) at = Math.floor(random.next() * days.length);
    drawn.push(Number(days[at % days.length]));
    at += 1;
  }
  return drawn;
}

function sharpeOfDraw(days: readonly number[]): number {
  const ratio = annualisedSharpe(days);
  return Number.isNaN(ratio) ? 0 : ratio;
}
