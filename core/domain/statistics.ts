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

/**
 * Sharpe ratio of daily returns over a zero rate, annualised by the square root of 365 (Sharpe, 1994).
 * NaN where it has no meaning: below two returns, or when nothing ever moved.
 */
export function annualisedSharpe(dailyReturns: readonly number[]): number {
  return (mean(dailyReturns) / standardDeviation(dailyReturns)) * Math.sqrt(DAYS_PER_YEAR);
}
