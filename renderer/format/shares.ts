/**
 * Parts of a whole in whole percent that sum to 100: each is rounded down, and what is missing goes to those that lost
 * most by it (largest remainder). All 0 where there is no whole.
 */
export function wholePercents(parts: readonly number[]): readonly number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  if (whole <= 0) return parts.map(() => 0);
  const exact = parts.map((part) => (100 * part) / whole);
  const percents = exact.map(Math.floor);
  const missing = 100 - percents.reduce((sum, percent) => sum + percent, 0);
  const lost = (index: number): number => (exact[index] ?? 0) - (percents[index] ?? 0);
  const byLoss = parts.map((_, index) => index).sort((a, b) => lost(b) - lost(a));
  const raised = new Set(byLoss.slice(0, missing));
  return percents.map((percent, index) => percent + Number(raised.has(index)));
}
