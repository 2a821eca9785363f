import { expect, test } from 'vitest';
import type { Gauge } from '../../../core/contract/index.ts';
import { distanceText, gaugeText, shareUsed } from './gauge-rows.tsx';
import { stepText, symbolText } from './kill-history.tsx';

const LOSS: Gauge = { name: 'Loss', unit: 'share', kind: 'most', value: 0.011, limit: 0.03, sample: null };

test.each<[number, string]>([
  [0.84, '0.8 ms'],
  [318.4, '318 ms'],
  [4_210, '4.2 s'],
])('a step after %d ms is read as %s', (afterMs, words) => {
  expect(stepText(afterMs)).toBe(words);
});

test('a figure is read in its own unit', () => {
  expect(gaugeText({ unit: 'share' }, 0.011)).toBe('1.10\u00a0%');
  expect(gaugeText({ unit: 'count' }, 3)).toBe('3');
  expect(gaugeText({ unit: 'ratio' }, 0.5)).toBe('0.50');
});

test('the distance to a limit is what is left, from either side', () => {
  expect(distanceText(LOSS)).toBe('1.90\u00a0% to the limit');
  expect(distanceText({ ...LOSS, kind: 'least', value: 0.46, limit: 0.3 })).toBe('16.00\u00a0% to the limit');
  expect(distanceText({ ...LOSS, value: 0.03 })).toBe('At the limit');
  expect(distanceText({ ...LOSS, value: null })).toBe('Not known yet');
});

test('of a limit that is used up or not known no bar is longer than the bar', () => {
  expect(shareUsed({ value: 0.015, limit: 0.03 })).toBe(0.5);
  expect(shareUsed({ value: 9, limit: 3 })).toBe(1);
  expect(shareUsed({ value: -1, limit: 3 })).toBe(0);
  expect(shareUsed({ value: null, limit: 3 })).toBe(0);
  expect(shareUsed({ value: 0, limit: 0 })).toBe(1);
});

test('what became of a symbol says what is not done, and what was left on purpose', () => {
  const sold = { symbol: 'BTC/USDT', cancels: 2, closes: 1, failures: [], left: null };
  expect(symbolText(sold)).toBe('BTC/USDT: 2 cancelled, 1 closed, done');
  expect(symbolText({ ...sold, failures: ['no answer'] })).toContain('not done');
  expect(symbolText({ ...sold, left: 'too little' })).toContain('too little');
});
