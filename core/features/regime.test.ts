import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { FeatureStream } from './feature-stream.ts';
import { regimeLabel, regimeOf } from './regime.ts';
import { generatedCandles, HOUR_MS } from './testing/generated-candles.ts';

const OPTIONS = { timeframeMs: HOUR_MS, isBtc: true, groups: ['regime'] } as const;

/**
 * A random walk to which every bar adds the same drift, and whose last bars move more, or less, than usual. A `pull`
 * under 1 draws it back to its start.
 */
function drifting(drift: number, lastSize: number, pull = 1): Candle[] {
  let level = 1;
  return generatedCandles(5, 900).map((candle, index) => {
    const size = index < 870 ? 1 : lastSize;
    const around = (price: number) => level * (price / candle.open) ** size;
    const shaped = {
      open: level,
      high: around(candle.high),
      low: around(candle.low),
      close: around(candle.close),
    };
    level = shaped.close ** pull * Math.exp(drift);
    return { ...candle, ...shaped };
  });
}

function regimeAfter(candles: readonly Candle[]) {
  const stream = new FeatureStream(OPTIONS);
  for (const candle of candles) stream.update(candle);
  const { row } = stream;
  return { code: row.get('regime_code'), rank: row.get('vol_pctile_720'), regime: regimeOf(row) };
}

describe('market regime', () => {
  it.each([
    ['a steady rise', drifting(0.02, 0.5), 1, 'trending'],
    ['a steady fall', drifting(-0.02, 0.5), -1, 'trending'],
    ['no drift', drifting(0, 0.2, 0.8), 0, 'ranging'],
    ['a storm, whatever the trend', drifting(0.02, 8), 1, 'volatile'],
  ] as const)('%s', (_, candles, code, regime) => {
    expect(regimeAfter(candles)).toMatchObject({ code, regime });
  });

  it('is ranging, the regime without an opinion, until there is enough history', () => {
    expect(regimeAfter(drifting(0.02, 1).slice(0, 700))).toMatchObject({ code: NaN, regime: 'ranging' });
  });

  it.each([
    [1, 0.9, { direction: 'bull', volatility: 'high volatility' }],
    [-1, 0.5, { direction: 'bear', volatility: 'normal' }],
    [0, 0.1, { direction: 'range', volatility: 'quiet' }],
    [NaN, 0.1, undefined],
    [0, NaN, undefined],
  ] as const)('has words for code %d at rank %d', (code, rank, label) => {
    expect(regimeLabel(code, rank)).toEqual(label);
  });
});
