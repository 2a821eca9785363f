import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { FeatureStream } from './feature-stream.ts';
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
  return { code: row.get('regime_code'), rank: row.get('vol_pctile_720') };
}

describe('the regime features', () => {
  it.each([
    ['a steady rise', drifting(0.02, 0.5), 1],
    ['a steady fall', drifting(-0.02, 0.5), -1],
    ['no drift', drifting(0, 0.2, 0.8), 0],
  ] as const)('name the direction of %s', (_, candles, code) => {
    expect(regimeAfter(candles).code).toBe(code);
  });

  it('rank a storm highest', () => {
    expect(regimeAfter(drifting(0.02, 8)).rank).toBeGreaterThan(0.9);
  });

  it('say nothing until there is enough history', () => {
    expect(regimeAfter(drifting(0.02, 1).slice(0, 700)).code).toBeNaN();
  });
});
