import { describe, expect, test } from 'vitest';
import type { CandleView, FillView } from '../../core/contract/index.ts';
import { OVERLAY_IDS } from '../stores/overlay-ids.ts';
import { bar, chartTime, isElsewhere, onePerSecond, point, volumeBar } from './chart-data.ts';
import { drawdowns } from './drawdown.ts';
import { overlayLines, rsiLine, tailOf } from './indicators.ts';
import { fillMarkers } from './markers.ts';
import { equityFormat, priceFormat } from './price-format.ts';
import { seriesChange } from './series-change.ts';
import { sparklinePath, thin } from './sparkline.ts';

test.each([
  ['the first points', '', [], '', [1], true],
  ['another point at the end', '', [1, 2], '', [1, 2, 3], false],
  ['the books tell what was before the stream', '', [5, 6], '', [1, 5, 6], true],
  ['other days with the same first point', '1 to 2', [1, 2], '1 to 4', [1, 2, 3, 4], true],
  ['days without a point', '', [1, 2], '8 to 9', [], true],
] as const)('all of the equity is shown anew: %s', (_, before, had, now, has, expected) => {
  const points = (times: readonly number[]) => times.map((time) => ({ time }));
  expect(isElsewhere({ period: before, points: points(had) }, { period: now, points: points(has) })).toBe(
    expected,
  );
});

const HOUR = 3_600_000;
const candle = (openTime: number, close = 1): CandleView => ({
  openTime,
  open: 1,
  high: 2,
  low: 0.5,
  close,
  volume: 3,
  closed: true,
});
const closes = Array.from({ length: 900 }, (_, index) => 100 + Math.sin(index / 7) * 5 + (index % 13) * 0.3);

describe('indicator lines', () => {
  test.each(OVERLAY_IDS.map((id) => [id]))(
    '%s has one value a close, none before there is enough history',
    (id) => {
      for (const line of overlayLines(id, closes)) {
        expect(line).toHaveLength(closes.length);
        expect(line[0]).toBeUndefined();
        expect(line.at(-1)).toEqual(expect.any(Number));
      }
      for (const line of overlayLines(id, [1, 2])) expect(line).toEqual([undefined, undefined]);
    },
  );

  test('the first value of a simple average is that average', () => {
    const [sma] = overlayLines('sma200', closes);
    const mean = closes.slice(0, 200).reduce((sum, value) => sum + value, 0) / 200;
    expect(sma?.[198]).toBeUndefined();
    expect(sma?.[199]).toBeCloseTo(mean, 9);
  });

  test('Bollinger bands lie two population deviations around the middle', () => {
    const [middle, upper, lower] = overlayLines('bollinger', closes);
    const window = closes.slice(-20);
    const mean = window.reduce((sum, value) => sum + value, 0) / 20;
    const deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 20);
    expect(middle?.at(-1)).toBeCloseTo(mean, 9);
    expect(upper?.at(-1)).toBeCloseTo(mean + 2 * deviation, 9);
    expect(lower?.at(-1)).toBeCloseTo(mean - 2 * deviation, 9);
  });

  test('the RSI begins after 14 changes, is 100 when nothing fell and 0 when nothing rose', () => {
    const rising = Array.from({ length: 40 }, (_, index) => index + 1);
    const rsi = rsiLine(rising);
    expect(rsi[13]).toBeUndefined();
    expect(rsi[14]).toBe(100);
    expect(rsi.at(-1)).toBe(100);
    expect(rsiLine(rising.toReversed()).at(-1)).toBe(0);
  });

  test.each([...OVERLAY_IDS, 'rsi' as const].map((id) => [id]))(
    '%s of the last bars is the same without all of history',
    (id) => {
      const compute = (values: readonly number[]) =>
        id === 'rsi' ? [rsiLine(values)] : overlayLines(id, values);
      const from = closes.length - 3;
      const whole = compute(closes).map((line) => line.slice(from));
      for (const [index, line] of tailOf(compute, closes, from).entries()) {
        expect(line).toHaveLength(3);
        for (const [at, value] of line.entries())
          expect(value).toBeCloseTo(whole[index]?.[at] ?? Number.NaN, 6);
      }
    },
  );
});

describe('the scale of prices', () => {
  test.each([
    [60_000, 2, '60,000.00'],
    [0.5, 6, '0.500000'],
    [9.4e-9, 12, '0.000000009400'],
    [1.5e-12, 15, '0.000000000001500'],
  ])('at %d has %i decimals', (last, decimals, shown) => {
    const { base, minMove, formatter } = priceFormat(last);
    // Its inverse is not a power of ten for every number of decimals, and the drawing library fails on such.
    expect(base).toBe(10 ** decimals);
    expect(minMove).toBeCloseTo(10 ** -decimals, decimals + 3);
    expect(formatter(last)).toBe(shown);
  });

  test.each([
    [10_000, 0],
    [250, 0],
    [1, 4],
    [0.05, 6],
  ])('of an equity around %d has %i decimals', (capital, decimals) => {
    expect(equityFormat(capital).base).toBe(10 ** decimals);
  });
});

test.each([...OVERLAY_IDS].map((id) => [id]))('%s follows prices under a satoshi as any others', (id) => {
  const factor = 2 ** -34;
  const scaled = overlayLines(
    id,
    closes.map((close) => close * factor),
  );
  for (const [line, usual] of overlayLines(id, closes).entries()) {
    expect((scaled[line]?.at(-1) ?? 0) / factor).toBeCloseTo(usual.at(-1) ?? Number.NaN, 8);
  }
});

describe('what changed between two states of a series', () => {
  const before = [candle(0), candle(1), candle(2)];

  test('the same series did not change', () => {
    expect(seriesChange(before, before)).toEqual({ kind: 'none' });
    expect(seriesChange(before, [...before])).toEqual({ kind: 'none' });
  });

  test('a forming or new bar changes the tail', () => {
    expect(seriesChange(before, [...before.slice(0, 2), candle(2, 5)])).toEqual({ kind: 'tail', from: 2 });
    expect(seriesChange(before, [...before, candle(3)])).toEqual({ kind: 'tail', from: 3 });
    expect(seriesChange(before, [...before.slice(0, 2), candle(2, 5), candle(3)])).toEqual({
      kind: 'tail',
      from: 2,
    });
  });

  test.each([
    ['the first bars', [], before],
    ['older bars in front', before, [candle(-1), ...before]],
    ['fewer bars', before, before.slice(0, 2)],
    [
      'very many new bars',
      before,
      [...before, ...Array.from({ length: 60 }, (_, index) => candle(3 + index))],
    ],
  ])('%s change everything', (_name, one, other) => {
    expect(seriesChange(one, other)).toEqual({ kind: 'all' });
  });
});

describe('marks for fills', () => {
  const colours = { up: 'green', down: 'red', warning: 'amber' };
  const fill = (changes: Partial<FillView>): FillView => ({
    tradeId: 't',
    clientOrderId: 'c',
    symbol: 'BTC/USDT',
    side: 'buy',
    price: '1',
    amount: '1',
    fee: '0',
    feeAsset: 'USDT',
    purpose: 'entry',
    time: 10 * HOUR + 1,
    ...changes,
  });

  test.each([
    ['buy', 'entry', 'belowBar', 'arrowUp', 'green', 'Buy'],
    ['sell', 'entry', 'aboveBar', 'arrowDown', 'red', 'Sell'],
    ['sell', 'exit', 'aboveBar', 'arrowDown', 'red', 'Exit'],
    ['sell', 'protection', 'aboveBar', 'arrowDown', 'red', 'Stop'],
    ['sell', 'emergency', 'aboveBar', 'arrowDown', 'amber', 'Kill'],
    ['buy', 'external', 'belowBar', 'arrowUp', 'green', 'Not ours'],
  ] as const)('a %s for %s stands %s', (side, purpose, position, shape, color, text) => {
    expect(fillMarkers([fill({ side, purpose })], HOUR, 0, colours)).toEqual([
      { time: 36_000, position, shape, color, text },
    ]);
  });

  test('pieces of one order in one bar are one mark, in time order', () => {
    const fills = [fill({ time: 12 * HOUR }), fill({ time: 10 * HOUR + 1 }), fill({ time: 10 * HOUR + 9 })];
    expect(fillMarkers(fills, HOUR, 0, colours).map(({ time }) => time)).toEqual([36_000, 43_200]);
  });

  test('fills before the first candle shown have no mark', () => {
    expect(fillMarkers([fill({})], HOUR, 11 * HOUR, colours)).toEqual([]);
  });
});

test('a candle becomes a bar, a volume bar and a point', () => {
  const falling = { ...candle(7_000, 0.8) };
  const colours = { up: 'green', down: 'red' };
  expect(chartTime(7_999)).toBe(7);
  expect(bar(falling)).toEqual({ time: 7, open: 1, high: 2, low: 0.5, close: 0.8 });
  expect(volumeBar(falling, colours)).toEqual({ time: 7, value: 3, color: 'red' });
  expect(volumeBar(candle(7_000), colours).color).toBe('green');
  expect(point(7_000, 4)).toEqual({ time: 7, value: 4 });
  expect(point(7_000, undefined)).toEqual({ time: 7 });
});

test('a drawdown is measured from the highest point before it', () => {
  const points = [100, 120, 90, 120, 60].map((equity, time) => ({ time, equity }));
  expect(drawdowns(points)).toEqual([0, 0, -25, 0, -50]);
  expect(drawdowns([{ time: 0, equity: 0 }])).toEqual([0]);
});

test('of points within one second the last is drawn, so that the times of a line rise', () => {
  const times = [260_007, 260_012, 319_959, 320_040, 320_999].map((time) => ({ time }));
  expect(onePerSecond(times).map(({ time }) => time)).toEqual([260_012, 319_959, 320_999]);
  expect(onePerSecond([])).toEqual([]);
});

describe('sparklines', () => {
  test('a line fills its box', () => {
    expect(sparklinePath([1, 3, 2], 100, 20)).toBe('M0.0 20.0L50.0 0.0L100.0 10.0');
    expect(sparklinePath([5, 5], 10, 20)).toBe('M0.0 20.0L10.0 20.0');
    expect(sparklinePath([5], 10, 20)).toBe('');
  });

  test('many values are thinned, first and last kept', () => {
    expect(thin([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(thin([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)).toEqual([0, 5, 10]);
  });
});
