/**
 * Average uniqueness of overlapping labels (López de Prado, 2018, ch. 4.4): the mean, over the bars that a label
 * spans, of one over the number of labels alive. Labels of different symbols that move together are not told apart:
 * pass all symbols at once and bars shared by them count as shared.
 *
 * @param starts first bar of each label, as a time on a grid of `stepMs`.
 * @param ends last bar of each label, the same.
 * @returns one share a label, above 0 and at most 1.
 */
export function averageUniqueness(starts: Float64Array, ends: Float64Array, stepMs: number): Float64Array {
  if (starts.length === 0) return new Float64Array(0);
  const first = starts.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = ends.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const slot = (time: number): number => Math.round((time - first) / stepMs);
  const alive = new Float64Array(slot(last) + 2);
  for (let label = 0; label < starts.length; label += 1) {
    const [from, to] = [slot(starts[label] ?? first), slot(ends[label] ?? first) + 1];
    alive[from] = (alive[from] ?? 0) + 1;
    alive[to] = (alive[to] ?? 0) - 1;
  }
  // Sums of one over the labels alive, up to each bar.
  const shares = new Float64Array(alive.length);
  let count = 0;
  for (let bar = 0; bar + 1 < alive.length; bar += 1) {
    count += alive[bar] ?? 0;
    shares[bar + 1] = (shares[bar] ?? 0) + (count > 0 ? 1 / count : 0);
  }
  return Float64Array.from(starts, (start, label) => {
    const [from, to] = [slot(start), slot(ends[label] ?? start) + 1];
    return ((shares[to] ?? 0) - (shares[from] ?? 0)) / (to - from);
  });
}
