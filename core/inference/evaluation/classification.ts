import type { CalibrationPoint, ClassificationFigures } from '../../contract/index.ts';

/** Labelled predictions, one row a decision. Probabilities are [n x 3], row-major: down, flat, up. */
export interface LabelledPredictions {
  readonly probabilities: Float64Array;
  /** 0 down, 1 flat, 2 up. */
  readonly labels: Uint8Array;
  /** Log return over the horizon. */
  readonly horizonReturns: Float64Array;
  /** Share of each label that no other label overlaps, 0 to 1; they sum to the effective sample size. */
  readonly uniqueness: Float64Array;
}

const CLASSES = 3;
const BINS = 10;
/** Below so many, a rank, an area or an accuracy is noise. */
const MIN_SAMPLES = 50;
const Z_95 = 1.959_964;
const SMALLEST = 1e-12;

/** All figures of one group of predictions. `prior` are the training data's class shares. @throws RangeError for none. */
export function classify(data: LabelledPredictions, prior: readonly number[]): ClassificationFigures {
  const { probabilities, labels, uniqueness } = data;
  const count = labels.length;
  if (count === 0) throw new RangeError('there is no labelled prediction to examine');
  const effectiveSamples = uniqueness.reduce((sum, share) => sum + share, 0);

  let [logLoss, priorLogLoss, squares, brier] = [0, 0, 0, 0];
  for (let row = 0; row < count; row += 1) {
    const label = labels[row] ?? 0;
    const own = -Math.log(Math.max(at(probabilities, row, label), SMALLEST));
    const known = -Math.log(Math.max(prior[label] ?? 0, SMALLEST));
    logLoss += own;
    priorLogLoss += known;
    squares += (own - known) ** 2;
    for (let each = 0; each < CLASSES; each += 1) {
      brier += (at(probabilities, row, each) - Number(each === label)) ** 2;
    }
  }
  const difference = (logLoss - priorLogLoss) / count;
  const variance = Math.max(squares / count - difference ** 2, 0);
  const enough = count >= MIN_SAMPLES;
  return {
    samples: count,
    effectiveSamples,
    logLoss: logLoss / count,
    priorLogLoss: priorLogLoss / count,
    logLossStandardError: Math.sqrt(variance / Math.max(effectiveSamples, 1)),
    auc: enough ? directionAuc(data) : null,
    balancedAccuracy: enough ? balancedAccuracy(data) : null,
    brier: brier / count,
    ece: expectedCalibrationError(calibrationCurve(data)),
    rankIc: enough ? rankCorrelation(directions(data), data.horizonReturns) : null,
  };
}

/**
 * Predicted against realised shares of all three classes together, in ten bins of equal width; empty bins are left
 * out (Naeini, Cooper and Hauskrecht, 2015).
 */
export function calibrationCurve({ probabilities, labels }: LabelledPredictions): CalibrationPoint[] {
  const bins = Array.from({ length: BINS }, () => ({ predicted: 0, realised: 0, samples: 0 }));
  for (let row = 0; row < labels.length; row += 1) {
    for (let each = 0; each < CLASSES; each += 1) {
      const probability = at(probabilities, row, each);
      const bin = bins[Math.min(Math.floor(probability * BINS), BINS - 1)];
      if (bin === undefined) continue;
      bin.predicted += probability;
      bin.realised += Number(labels[row] === each);
      bin.samples += 1;
    }
  }
  return bins
    .filter(({ samples }) => samples > 0)
    .map(({ predicted, realised, samples }) => ({
      predicted: Math.min(predicted / samples, 1),
      realised: realised / samples,
      samples,
    }));
}

/** Mean distance between predicted and realised share, weighted by the samples of each bin. */
export function expectedCalibrationError(curve: readonly CalibrationPoint[]): number {
  const total = curve.reduce((sum, { samples }) => sum + samples, 0);
  return curve.reduce(
    (sum, point) => sum + Math.abs(point.predicted - point.realised) * (point.samples / total),
    0,
  );
}

/**
 * How well P(up) over P(up) + P(down) tells the bars that went up from those that went down: the area under the ROC
 * curve, with the interval of Hanley and McNeil (1982) at the effective sample sizes. Null when there is no bar of
 * either kind.
 */
function directionAuc(data: LabelledPredictions): ClassificationFigures['auc'] {
  const { probabilities, labels, uniqueness } = data;
  const moved = [...labels.keys()].filter((row) => labels[row] !== 1);
  const scores = Float64Array.from(moved, (row) => {
    const up = at(probabilities, row, 2);
    return up / Math.max(up + at(probabilities, row, 0), SMALLEST);
  });
  const ranks = ranksOf(scores);
  let [ups, rankSum, effectiveUps, effectiveDowns] = [0, 0, 0, 0];
  for (const [index, row] of moved.entries()) {
    const share = uniqueness[row] ?? 0;
    if (labels[row] === 2) {
      ups += 1;
      rankSum += ranks[index] ?? 0;
      effectiveUps += share;
    } else effectiveDowns += share;
  }
  const downs = moved.length - ups;
  if (ups === 0 || downs === 0) return null;
  const value = (rankSum - (ups * (ups + 1)) / 2) / (ups * downs);
  const both = value / (2 - value) - value ** 2;
  const other = (2 * value ** 2) / (1 + value) - value ** 2;
  const [n, m] = [Math.max(effectiveUps, 1), Math.max(effectiveDowns, 1)];
  const error = Math.sqrt((value * (1 - value) + (n - 1) * both + (m - 1) * other) / (n * m));
  return { value, low: Math.max(0, value - Z_95 * error), high: Math.min(1, value + Z_95 * error) };
}

/** Mean over the classes that occur of the share of their bars that was called right. */
function balancedAccuracy({ probabilities, labels }: LabelledPredictions): number {
  const [right, all] = [new Float64Array(CLASSES), new Float64Array(CLASSES)];
  for (const [row, label] of labels.entries()) {
    const triple = [0, 1, 2].map((each) => at(probabilities, row, each));
    all[label] = (all[label] ?? 0) + 1;
    if (triple.indexOf(Math.max(...triple)) === label) right[label] = (right[label] ?? 0) + 1;
  }
  const recalls = [...right].flatMap((value, each) => (all[each] ? [value / (all[each] ?? 1)] : []));
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

function directions({ probabilities, labels }: LabelledPredictions): Float64Array {
  return Float64Array.from(labels, (_, row) => at(probabilities, row, 2) - at(probabilities, row, 0));
}

/** Spearman's rank correlation; null when one side does not vary. */
export function rankCorrelation(a: Float64Array, b: Float64Array): number | null {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let index = 0; index < x.length; index += 1) {
    const [dx, dy] = [(x[index] ?? 0) - middle, (y[index] ?? 0) - middle];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranksOf(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[begin] ?? 0]) end += 1;
    for (let index = begin; index < end; index += 1) ranks[order[index] ?? 0] = (begin + 1 + end) / 2;
    begin = end;
  }
  return ranks;
}

function at(probabilities: Float64Array, row: number, each: number): number {
  return probabilities[row * CLASSES + each] ?? 0;
}
