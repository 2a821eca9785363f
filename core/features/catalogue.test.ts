import { describe, expect, it } from 'vitest';
import {
  CANDLE_GROUPS,
  FEATURE_GROUPS,
  FEATURES,
  type FeatureGroup,
  featureNames,
  featureSetHash,
  featuresOf,
  READY_AFTER_BARS,
} from './catalogue.ts';
import { computeFeatures } from './feature-matrix.ts';
import { columnOf } from './testing/column-of.ts';
import { generatedCandles, HOUR_MS } from './testing/generated-candles.ts';

const SIZES: [FeatureGroup, number][] = [
  ['trend', 20],
  ['momentum', 19],
  ['volatility', 16],
  ['volume', 14],
  ['price-action', 11],
  ['statistics', 6],
  ['microstructure', 16],
  ['time', 10],
  ['regime', 10],
  ['variance', 33],
];

describe('feature catalogue', () => {
  it('has 155 distinct features, 106 of them for voters and analysts', () => {
    expect(new Set(featureNames()).size).toBe(155);
    expect(featureNames(CANDLE_GROUPS)).toHaveLength(106);
  });

  it.each(SIZES)('the group %s has %i', (group, size) => {
    expect(featuresOf([group])).toHaveLength(size);
  });

  it('counts exactly 86 technical indicators', () => {
    expect(featureNames(FEATURE_GROUPS.slice(0, 6))).toHaveLength(86);
  });

  it('keeps the order of the model input whatever the order asked for', () => {
    expect(featureNames(['regime', 'trend']).slice(0, 2)).toEqual(['dist_ema_8_atr', 'dist_ema_21_atr']);
    expect(featureNames().indexOf('ob_available')).toBe(86);
    expect(featureNames().at(-1)).toBe('ahead_hour_cos');
  });

  it('needs no more history than the warm-up gives', () => {
    for (const feature of FEATURES) {
      expect(feature.firstBars, feature.name).toBeLessThanOrEqual(feature.stableBars);
      expect(feature.stableBars, feature.name).toBeLessThanOrEqual(READY_AFTER_BARS);
    }
  });

  it('says in one line what each feature means', () => {
    for (const feature of FEATURES) expect(feature.meaning, feature.name).toMatch(/^[A-Z0-9].{10,110}$/);
  });

  it('states the bar at which each candle feature has its first value', () => {
    const candles = generatedCandles(1, 760);
    const matrix = computeFeatures(candles, {
      timeframeMs: HOUR_MS,
      isBtc: false,
      warmUp: 'raw',
      groups: [...CANDLE_GROUPS, 'variance'],
      contextOf: (btcCandle) => ({ btcCandle }),
    });
    for (const { name, firstBars } of featuresOf([...CANDLE_GROUPS, 'variance'])) {
      const first = columnOf(matrix, name).findIndex((value) => !Number.isNaN(value)) + 1;
      expect(first, name).toBe(firstBars);
    }
  });
});

describe('feature set hash', () => {
  it('is pinned: a change of names, parameters or versions is a new model input', () => {
    expect(featureSetHash()).toBe('faf1a824338193c0e0e3027d2351d1c5be545f72347aa7b76c26405090505747');
    expect(featureSetHash(featuresOf(CANDLE_GROUPS))).toBe(
      '378f106fe4a37f339c01a06654cd07e7a62f73483dcbdd1832d0cf3346d16a4a',
    );
  });

  it('does not depend on the order in which parameters are written, only on what they say', () => {
    const [first] = FEATURES;
    if (first === undefined) throw new Error('the catalogue is empty');
    const reordered = { ...first, params: Object.fromEntries(Object.entries(first.params).reverse()) };
    expect(featureSetHash([reordered])).toBe(featureSetHash([first]));
    expect(featureSetHash([{ ...first, version: 2 }])).not.toBe(featureSetHash([first]));
    expect(featureSetHash([{ ...first, params: { n: 9 } }])).not.toBe(featureSetHash([first]));
  });
});
