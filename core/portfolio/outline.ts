import type { EquityPoint } from '../contract/index.ts';

/** Of each stretch its first, lowest, highest and last point. */
const OF_EACH = 4;

/**
 * So many points at most, by which no fall and no rise between two stretches gets smaller.
 *
 * @param points ascending.
 */
export function outline(points: readonly EquityPoint[], most: number): readonly EquityPoint[] {
  if (points.length <= most) return points;
  const stretches = Math.floor(most / OF_EACH);
  const length = points.length / stretches;
  return Array.from({ length: stretches }, (_, index) =>
    outlineOf(points.slice(Math.floor(index * length), Math.floor((index + 1) * length))),
  ).flat();
}

function outlineOf(points: readonly EquityPoint[]): readonly EquityPoint[] {
  const lowest = points.reduce((least, point) => (point.equity < least.equity ? point : least));
  const highest = points.reduce((most, point) => (point.equity > most.equity ? point : most));
  return [...new Set([...points.slice(0, 1), lowest, highest, ...points.slice(-1)])].sort(
    (a, b) => a.time - b.time,
  );
}
