import type { Random } from '../../domain/index.ts';

/** Beyond this, a draw is cut: a single step never moves the price by a tenth. */
const LARGEST = 8;

/**
 * A Student-t number with 4 degrees of freedom, scaled to variance 1: returns with fat tails. Bailey's polar
 * method ("Polar generation of random variates with the t-distribution", 1994), which for 4 degrees needs no more
 * than square roots: unlike logarithms they are exact to the last bit on every machine.
 */
export function nextStudentT(random: Random): number {
  for (;;) {
    const u = 2 * random.next() - 1;
    const v = 2 * random.next() - 1;
    const w = u * u + v * v;
    if (w <= 0 || w >= 1) continue;
    // t = u * sqrt(4 * (w^(-2/4) - 1) / w); its variance is 4 / (4 - 2) = 2.
    const t = u * Math.sqrt((4 * (1 / Math.sqrt(w) - 1)) / w) * Math.SQRT1_2;
    return Math.max(-LARGEST, Math.min(LARGEST, t));
  }
}

/**
 * How busy a bar is: Pareto with tail index 4, scaled to mean square 1. Quiet bars are many, news is rare.
 * It drives volatility and volume together (Clark, 1973: the mixture-of-distributions hypothesis).
 */
export function nextActivity(random: Random): number {
  const uniform = Math.max(1e-4, 1 - random.next());
  return Math.SQRT1_2 / Math.sqrt(Math.sqrt(uniform));
}
