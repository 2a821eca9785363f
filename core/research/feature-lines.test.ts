import { describe, expect, it } from 'vitest';
import {
  CANDLE_GROUPS,
  computeFeatures,
  FeatureStream,
  featureNames,
  READY_AFTER_BARS,
} from '../features/index.ts';
import { generatedCandles, HOUR_MS } from '../features/testing/generated-candles.ts';
import { barrierLabel, LABEL, logRealisedVariance } from '../inference/index.ts';
import { type FeatureLinesOptions, featureLines } from './feature-lines.ts';

const OPTIONS = { timeframeMs: HOUR_MS, isBtc: true } as const;
const candles = generatedCandles(4, 850);

function linesOf(options: Partial<FeatureLinesOptions> = {}): Generator<string, void> {
  const stream = new FeatureStream(OPTIONS);
  return featureLines({ candles, timeframe: '1h', stream, contextOf: undefined, labels: 'none', ...options });
}

const [header, ...lines] = linesOf();

describe('the feature matrix as CSV', () => {
  it('has the time and the names in its header', () => {
    expect(header).toBe(['timestamp_ms', ...featureNames(CANDLE_GROUPS)].join(','));
  });

  it('has one line a candle, without values before the warm-up is over', () => {
    expect(lines.map((line) => Number(line.slice(0, line.indexOf(','))))).toEqual(
      candles.map((c) => c.openTime),
    );
    expect(lines[READY_AFTER_BARS - 2]).toMatch(/^\d+,{106}$/);
    expect(lines[READY_AFTER_BARS - 1]).not.toMatch(/,,|,$/);
  });

  it('reads back to the same bits', () => {
    const raw = { ...OPTIONS, warmUp: 'raw' } as const;
    const [, ...rawLines] = linesOf({ stream: new FeatureStream(raw) });
    const cells = rawLines.flatMap((line) => line.split(',').slice(1));
    const values = Float64Array.from(cells, (cell) => (cell === '' ? NaN : Number(cell)));
    expect(values).toEqual(computeFeatures(candles, raw).values.map((value) => value + 0));
  });

  it('is made as it is read: a long file is never held as a whole', () => {
    let taken = 0;
    const contextOf = (): undefined => {
      taken += 1;
    };
    const output = linesOf({ contextOf });
    output.next();
    output.next();
    expect(taken).toBe(1);
  });

  it('says with labels what came after each bar, and nothing while that is not over', () => {
    const [labelled, ...rows] = linesOf({ labels: 'barrier' });
    expect(labelled).toBe(`${header},label,label_horizon_return,label_exit_return,label_end_ms`);
    const lastOver = candles.length - 1 - LABEL.horizonBars;
    const sigma = Number(lines[lastOver]?.split(',')[1 + featureNames(CANDLE_GROUPS).indexOf('rv_168')]);
    const label = barrierLabel(candles, lastOver, sigma, HOUR_MS);
    const { classIndex, horizonReturn, exitReturn, endTime } = label ?? {};
    expect(rows[lastOver]).toBe(`${lines[lastOver]},${classIndex},${horizonReturn},${exitReturn},${endTime}`);
    const without = rows.flatMap((row, index) => (row.endsWith(',,,,') ? [index] : []));
    const warmingUp = Array.from({ length: READY_AFTER_BARS - 1 }, (_, index) => index);
    expect(without).toEqual([...warmingUp, ...[...candles.keys()].slice(lastOver + 1)]);
  });

  it('says for the volatility models how much the price moved over the next day and week', () => {
    const stream = new FeatureStream({ ...OPTIONS, groups: ['variance'] });
    const [head, ...rows] = linesOf({ stream, labels: 'volatility' });
    expect(head).toMatch(
      /^timestamp_ms,var_3,.*,ahead_hour_cos,log_variance_24,return_24,log_variance_168,return_168$/,
    );
    const lastWeek = candles.length - 1 - 168;
    const close = (at: number) => candles[at]?.close ?? NaN;
    const cells = [24, 168].flatMap((bars) => [
      logRealisedVariance(candles, lastWeek, bars, HOUR_MS),
      Math.log(close(lastWeek + bars) / close(lastWeek)),
    ]);
    expect(rows[lastWeek]?.split(',').slice(-4)).toEqual(cells.map(String));
    expect(rows[lastWeek + 1]?.endsWith(',,')).toBe(true);
    expect(rows[candles.length - 24]?.endsWith(',,,,')).toBe(true);
  });
});
