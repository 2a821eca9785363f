import {
  ADX,
  ATR,
  AwesomeOscillator,
  BollingerBands,
  CCI,
  EMA,
  IchimokuCloud,
  MACD,
  MFI,
  PSAR,
  RSI,
  SMA,
  Stochastic,
  StochasticRSI,
  WilliamsR,
} from 'technicalindicators';
import { describe, expect, it } from 'vitest';
import type { FeatureName } from './catalogue.ts';
import { computeFeatures } from './feature-matrix.ts';
import { columnOf } from './testing/column-of.ts';
import { generatedCandles, HOUR_MS } from './testing/generated-candles.ts';

const candles = generatedCandles(77, 1200);
const [high, low, close, volume] = (['high', 'low', 'close', 'volume'] as const).map((key) =>
  candles.map((candle) => candle[key]),
) as [number[], number[], number[], number[]]; // four keys, four columns
const matrix = computeFeatures(candles, { timeframeMs: HOUR_MS, isBtc: true, warmUp: 'raw' });

const atr = aligned(ATR.calculate({ period: 14, high, low, close }));

/** The package leaves out the bars before its first value: puts NaN there. */
function aligned(values: readonly number[]): number[] {
  return [...new Array<number>(candles.length - values.length).fill(NaN), ...values];
}

function inAtrs(prices: readonly number[]): number[] {
  return prices.map((price, bar) => price / (atr[bar] ?? NaN));
}

/** Distance of the close from a line, in ATRs. */
function distance(line: readonly number[]): number[] {
  return inAtrs(aligned(line).map((price, bar) => (close[bar] ?? NaN) - price));
}

function macd(key: 'MACD' | 'histogram'): number[] {
  const options = {
    fastPeriod: 12,
    slowPeriod: 26,
    signalPeriod: 9,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  };
  return inAtrs(aligned(MACD.calculate({ ...options, values: close }).map((value) => value[key] ?? NaN)));
}

const bands = BollingerBands.calculate({ period: 20, stdDev: 2, values: close });
const cloud = { conversionPeriod: 9, basePeriod: 26, spanPeriod: 52, displacement: 26, high, low };
const stochastic = Stochastic.calculate({ period: 14, signalPeriod: 3, high, low, close });
const stochasticRsi = { rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3, values: close };

// RSI and MFI are rounded to 0.01 there, which is 0.0002 here; the stochastic of a rounded RSI inherits it.
const CASES: [FeatureName, readonly number[], number][] = [
  ['natr_14', atr.map((value, bar) => value / (close[bar] ?? NaN)), 1e-9],
  ['adx_14', aligned(ADX.calculate({ period: 14, high, low, close }).map(({ adx }) => adx / 100)), 1e-9],
  ['dist_ema_21_atr', distance(EMA.calculate({ period: 21, values: close })), 1e-9],
  ['dist_sma_200_atr', distance(SMA.calculate({ period: 200, values: close })), 1e-9],
  ['macd_line_atr', macd('MACD'), 1e-9],
  ['macd_hist_atr', macd('histogram'), 1e-9],
  ['psar_dist_atr', distance(PSAR.calculate({ step: 0.02, max: 0.2, high, low })), 1e-9],
  [
    'ichimoku_tk_atr',
    inAtrs(aligned(IchimokuCloud.calculate(cloud).map((c) => c.conversion - c.base))),
    1e-9,
  ],
  [
    'ao_5_34_atr',
    inAtrs(aligned(AwesomeOscillator.calculate({ fastPeriod: 5, slowPeriod: 34, high, low }))),
    1e-9,
  ],
  ['cci_20', aligned(CCI.calculate({ period: 20, high, low, close }).map((value) => value / 100)), 1e-9],
  ['bb_pctb_20', aligned(bands.map(({ pb }) => 2 * pb - 1)), 1e-9],
  ['bb_width_20', aligned(bands.map(({ upper, lower, middle }) => (upper - lower) / middle)), 1e-9],
  [
    'willr_14',
    aligned(WilliamsR.calculate({ period: 14, high, low, close }).map((value) => value / 50 + 1)),
    1e-9,
  ],
  ['stoch_k_14_3', aligned(stochastic.map(({ d }) => d / 50 - 1)), 1e-9],
  ['rsi_14', aligned(RSI.calculate({ period: 14, values: close }).map((value) => value / 50 - 1)), 1.1e-4],
  [
    'mfi_14',
    aligned(MFI.calculate({ period: 14, high, low, close, volume }).map((value) => value / 50 - 1)),
    1.1e-4,
  ],
  ['stochrsi_14', aligned(StochasticRSI.calculate(stochasticRsi).map(({ k }) => k / 50 - 1)), 5e-3],
];

describe('features agree with the package technicalindicators', () => {
  it.each(CASES)('%s', (name, reference, tolerance) => {
    const column = columnOf(matrix, name);
    let compared = 0;
    // Its recursions start otherwise: from bar 400 on the start no longer matters.
    for (let bar = 400; bar < candles.length; bar++) {
      const [actual = NaN, expected = NaN] = [column[bar], reference[bar]];
      if (Number.isNaN(expected)) continue;
      compared += 1;
      const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
      if (!(error <= tolerance)) expect.fail(`bar ${bar}: ${actual} where the package has ${expected}`);
    }
    expect(compared).toBeGreaterThan(700);
  });
});
