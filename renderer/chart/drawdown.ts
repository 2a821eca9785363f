import type { EquityPoint } from '../../core/contract/index.ts';

/** How far each point stands below the highest before it, in percent: 0 or negative. */
export function drawdowns(points: readonly EquityPoint[]): number[] {
  let peak = Number.NEGATIVE_INFINITY;
  return points.map(({ equity }) => {
    peak = Math.max(peak, equity);
    return peak > 0 ? (equity / peak - 1) * 100 : 0;
  });
}
