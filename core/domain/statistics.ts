/** Days in a year for annualising: crypto markets never close. */
export const DAYS_PER_YEAR = 365;

/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}

/** Sample standard deviation (divided by n - 1); NaN below two values. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** A deviation below this share of the mean is the rounding of equal numbers, not a deviation. */
const ROUNDING = 1e-12;

/**
 * Sharpe ratio of daily returns over a zero rate, annualised by the square root of 365 (Sharpe, 1994). The same gain
 * each time is infinity, the same loss minus infinity: above and below every floor. NaN where it has no meaning:
 * below two returns, or when nothing ever moved.
 */
export function annualisedSharpe(dailyReturns: readonly number[]): number {
  const average = mean(dailyReturns);
  const deviation = standardDeviation(dailyReturns);
  if (deviation <= Math.abs(average) * ROUNDING) return average / 0;
  return (average / deviation) * Math.sqrt(DAYS_PER_YEAR);
}
