import type { ModelEvaluation } from '../../contract/index.ts';
import type { Candle } from '../../domain/index.ts';
import { barrierLabel } from '../labels.ts';
import { calibrationCurve, classify, type LabelledPredictions } from './classification.ts';
import { policyFigures } from './policy.ts';
import { averageUniqueness } from './uniqueness.ts';
import { verdictOf } from './verdict.ts';

/** What one model said on the bars of one symbol. */
export interface ExaminedSeries {
  readonly symbol: string;
  readonly bars: readonly Candle[];
  /** [bars x 3], row-major; NaN where it said nothing. */
  readonly probabilities: Float64Array;
  /** Standard deviation of one bar's return, by bar; NaN during the warm-up. */
  readonly sigma: Float64Array;
}

export interface ExaminationOptions {
  /** Class shares of the training labels. */
  readonly prior: readonly number[];
  /** Variants tried on the data, for the deflated Sharpe ratio. */
  readonly trials: number;
  readonly timeframeMs: number;
}

/** One labelled prediction. */
interface Row {
  readonly symbol: string;
  readonly time: number;
  readonly end: number;
  readonly label: number;
  readonly horizonReturn: number;
  readonly probabilities: readonly [number, number, number];
}

/**
 * Everything said of one model on candles that it has not learned from. Effective samples are counted by coin: spot
 * and perpetual of one coin, and overlapping labels, are one observation.
 *
 * @throws RangeError when no bar has both a prediction and a label.
 */
export function examine(series: readonly ExaminedSeries[], options: ExaminationOptions): ModelEvaluation {
  const rows = series.flatMap((one) => labelled(one, options.timeframeMs));
  const shares = uniquenessOf(rows, options.timeframeMs);
  const figuresOf = (chosen: readonly number[]) => classify(pick(rows, shares, chosen), options.prior);
  const all = [...rows.keys()];
  const overall = figuresOf(all);
  const policy = policyFigures(series, options.trials);
  const grouped = (keyOf: (row: Row) => string) =>
    [...groups(rows, keyOf)].map(([key, chosen]) => ({ key, figures: figuresOf(chosen) }));
  return {
    overall,
    bySymbol: grouped(({ symbol }) => symbol),
    byYear: grouped(({ time }) => String(new Date(time).getUTCFullYear())),
    policy,
    calibrationCurve: calibrationCurve(pick(rows, shares, all)),
    verdict: verdictOf(overall, policy),
  };
}

function labelled({ symbol, bars, probabilities, sigma }: ExaminedSeries, timeframeMs: number): Row[] {
  const rows: Row[] = [];
  for (const [bar, { openTime }] of bars.entries()) {
    const [down, flat, up] = probabilities.subarray(3 * bar, 3 * bar + 3);
    if (down === undefined || flat === undefined || up === undefined || Number.isNaN(down)) continue;
    const label = barrierLabel(bars, bar, sigma[bar] ?? Number.NaN, timeframeMs);
    if (label === undefined) continue;
    const { classIndex, horizonReturn, endTime } = label;
    const time = openTime + timeframeMs;
    rows.push({
      symbol,
      time,
      end: endTime,
      label: classIndex,
      horizonReturn,
      probabilities: [down, flat, up],
    });
  }
  return rows;
}

/** Of one coin at a time: the labels of different coins overlap in time but not in what they say. */
function uniquenessOf(rows: readonly Row[], timeframeMs: number): Float64Array {
  const shares = new Float64Array(rows.length);
  for (const chosen of groups(rows, ({ symbol }) => symbol.split('/')[0] ?? symbol).values()) {
    const starts = Float64Array.from(chosen, (index) => rows[index]?.time ?? 0);
    const ends = Float64Array.from(chosen, (index) => rows[index]?.end ?? 0);
    const own = averageUniqueness(starts, ends, timeframeMs);
    for (const [place, index] of chosen.entries()) shares[index] = own[place] ?? 0;
  }
  return shares;
}

function groups(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, row] of rows.entries()) {
    const key = keyOf(row);
    const group = found.get(key);
    if (group === undefined) found.set(key, [index]);
    else group.push(index);
  }
  return found;
}

function pick(rows: readonly Row[], shares: Float64Array, chosen: readonly number[]): LabelledPredictions {
  const probabilities = new Float64Array(3 * chosen.length);
  const labels = new Uint8Array(chosen.length);
  const horizonReturns = new Float64Array(chosen.length);
  const uniqueness = new Float64Array(chosen.length);
  for (const [place, index] of chosen.entries()) {
    const row = rows[index];
    if (row === undefined) continue;
    probabilities.set(row.probabilities, 3 * place);
    labels[place] = row.label;
    horizonReturns[place] = row.horizonReturn;
    uniqueness[place] = shares[index] ?? 0;
  }
  return { probabilities, labels, horizonReturns, uniqueness };
}
