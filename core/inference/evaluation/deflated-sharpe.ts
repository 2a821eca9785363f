import { mean, standardDeviation } from '../../domain/index.ts';

const EULER = 0.577_215_664_901_532_9;

/**
 * Deflated Sharpe ratio (Bailey and López de Prado, 2014): the probability that the true Sharpe ratio of these
 * returns is above the one that the best of `trials` skilless variants would show by luck.
 *
 * @returns 0 to 1; null when the returns do not vary.
 */
export function deflatedSharpe(returns: readonly number[], trials: number): number | null {
  const [centre, deviation, count] = [mean(returns), standardDeviation(returns), returns.length];
  if (!(deviation > 0) || count < 3) return null;
  const ratio = centre / deviation;
  const moment = (power: number): number =>
    mean(returns.map((each) => ((each - centre) / deviation) ** power));
  const spread = (1 - moment(3) * ratio + ((moment(4) - 1) / 4) * ratio ** 2) / (count - 1);
  if (!(spread > 0)) return null;
  // Expected maximum of so many ratios whose true value is 0.
  const luck =
    trials < 2
      ? 0
      : Math.sqrt(1 / (count - 1)) *
        ((1 - EULER) * inverseNormal(1 - 1 / trials) + EULER * inverseNormal(1 - 1 / (trials * Math.E)));
  return normal((ratio - luck) / Math.sqrt(spread));
}

/** Standard normal distribution function, to 1.5e-7 (Abramowitz and Stegun, 26.2.17). */
export function normal(x: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(x));
  const series =
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x >= 0 ? 1 - tail : tail;
}

/** Its inverse, by bisection: 40 halvings of -8..8. */
export function inverseNormal(probability: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (normal(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
