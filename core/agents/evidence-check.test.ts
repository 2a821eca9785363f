import { describe, expect, it } from 'vitest';
import { checkEvidence } from './evidence-check.ts';

const BRIEF = {
  close: 64_123.5,
  features: { trend: { dist_ema_50_atr: 3.01, adx_14: 0.312 }, momentum: { rsi_2: -0.9, ret_24_z: 0 } },
  position: { openReturn: 0.0123, barsHeld: 7 },
  roundTripCost: 0.0024,
  timeframes: { '4h': { return10: -0.034 } },
};

function why(text: string): string | null {
  return checkEvidence([text], BRIEF).struck[0]?.why ?? null;
}

describe('evidence stands', () => {
  it.each([
    'dist_ema_50_atr 3.01',
    'dist_ema_50_atr +3.0',
    'dist_ema_50_atr at 3',
    'The distance dist_ema_50_atr (3.01) is wide.',
    'dist_ema_50_atr: 3.01, rsi_2: -0.9',
    'rsi_2 = −0.90',
    'rsi_2 -.9',
    'adx_14 0.31',
    'adx_14 31 %',
    'adx_14 31.2%',
    'adx_14 above 0.25',
    'adx_14 > 0.3, a marked trend',
    'rsi_2 below -0.8',
    'ret_24_z 0.00',
    'openReturn 1.2 %',
    'roundTripCost 2.4e-3',
    'close 64,123.5',
    'close of 64123.5 over its 50-bar average',
    'barsHeld 7',
    'adx_14 is marked',
    'The trend is up.',
  ])('%s', (text) => {
    expect(checkEvidence([text], BRIEF)).toEqual({ standing: [text], struck: [] });
  });
});

describe('evidence is struck out', () => {
  it.each([
    ['dist_ema_50_atr 2.1', 'dist_ema_50_atr is 3.01 in the brief, not 2.1'],
    ['dist_ema_50_atr -3.01', 'dist_ema_50_atr is 3.01 in the brief, not -3.01'],
    ['rsi_2 0.9', 'rsi_2 is -0.9 in the brief, not 0.9'],
    ['dist_ema_50_atr 3.02', 'dist_ema_50_atr is 3.01 in the brief, not 3.02'],
    ['adx_14 3.12 %', 'adx_14 is 0.312 in the brief, not 3.12 %'],
    ['adx_14 above 0.5', 'adx_14 is 0.312 in the brief, not above 0.5'],
    ['rsi_2 > 0', 'rsi_2 is -0.9 in the brief, not > 0'],
    ['dist_ema_50_atr 3.01, rsi_2 0.5', 'rsi_2 is -0.9 in the brief, not 0.5'],
    ['funding_rate 0.01', 'funding_rate is no figure of the brief'],
    ['openInterest 5', 'openInterest is no figure of the brief'],
    ['RSI 61', '61 is no figure of the brief'],
    ['price broke 70,000', '70,000 is no figure of the brief'],
  ])('%s', (text, reason) => {
    expect(why(text)).toBe(reason);
  });

  it('where the brief has nothing at all', () => {
    expect(checkEvidence(['adx_14 0.31'], null).struck).toHaveLength(1);
  });
});
