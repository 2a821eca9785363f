import { expect, test } from 'vitest';
import type { Gauge } from '../../../core/contract/index.ts';
import { drillLines } from './drill-steps.ts';
import { distanceText, gaugeText, shareUsed } from './gauge-rows.tsx';
import { outsideText, stepText, symbolText } from './kill-history.tsx';
import { effectText, limitEntry, typedLimit } from './limit-entry.ts';

const SHARES = { least: 0, most: 1, above: false, whole: false, canBeOff: false };
const LOSS: Gauge = {
  ...{ setting: 'maxDailyLoss', name: 'Loss', unit: 'share', kind: 'most', value: 0.011, limit: 0.03 },
  ...{ sample: null, detail: null, bounds: SHARES },
};

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
  expect(distanceText(LOSS)).toBe('1.90\u00a0% left');
  expect(distanceText({ ...LOSS, kind: 'least', value: 0.46, limit: 0.3 })).toBe('16.00\u00a0% left');
  expect(distanceText({ ...LOSS, value: 0.03 })).toBe('at the limit');
  expect(distanceText({ ...LOSS, value: 0.05 })).toBe('2.00\u00a0% over');
  expect(distanceText({ ...LOSS, kind: 'least', value: 0.2, limit: 0.3 })).toBe('10.00\u00a0% under');
  expect(distanceText({ ...LOSS, value: null })).toBe('not known yet');
  expect(distanceText({ ...LOSS, sample: { have: 3, needed: 20 } })).toBe('needs 20, has 3');
  expect(distanceText({ ...LOSS, limit: null })).toBe('');
});

test('of a limit that is used up or not known no bar is longer than the bar', () => {
  expect(shareUsed({ value: 0.015, limit: 0.03 })).toBe(0.5);
  expect(shareUsed({ value: 9, limit: 3 })).toBe(1);
  expect(shareUsed({ value: -1, limit: 3 })).toBe(0);
  expect(shareUsed({ value: null, limit: 3 })).toBe(0);
  expect(shareUsed({ value: 0, limit: 0 })).toBe(1);
  expect(shareUsed({ value: 1, limit: null })).toBe(0);
});

test('what became of a symbol says what is not done, and what was left on purpose', () => {
  const sold = { symbol: 'BTC/USDT', cancels: 2, closes: 1, failures: [], left: null };
  expect(symbolText(sold)).toBe('BTC/USDT: 2 cancelled, 1 closed, done');
  expect(symbolText({ ...sold, failures: ['no answer'] })).toContain('not done');
  expect(symbolText({ ...sold, left: 'too little' })).toContain('too little');
});

test('what was closed from outside says what it was and what became of it', () => {
  const closed = { mode: null, venue: 'binance', symbol: 'BTC/USDT', before: '0.5, 2 orders', after: 'flat' };
  expect(outsideText(closed)).toBe('BTC/USDT: 0.5, 2 orders at binance, from outside, flat');
  const ofLive = 'BTC/USDT: 0.5, 2 orders at binance (LIVE), from outside, flat';
  expect(outsideText({ ...closed, mode: 'live' })).toBe(ofLive);
});

test.each<[string, ReturnType<typeof limitEntry>]>([
  ['2', { ok: true, value: 0.02, effect: 'tightens' }],
  ['12.3', { ok: true, value: 0.123, effect: 'loosens' }],
  ['12,3', { ok: true, value: 0.123, effect: 'loosens' }],
  ['3', { ok: true, value: 0.03, effect: 'same' }],
  ['101', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['-1', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['a lot', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['1e1', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['0x10', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['1,000', { ok: false, why: 'Between: 0 % to 100 %.' }],
  ['1,000.5', { ok: false, why: 'Between: 0 % to 100 %.' }],
])('a share typed as "%s" is taken as %j', (typed, entry) => {
  expect(limitEntry(LOSS, typed)).toEqual(entry);
});

test('whole numbers, numbers above a bound and limits that can be off are taken as their bounds say', () => {
  const count = { ...LOSS, setting: 'maxPositions', unit: 'count', limit: 5 } as const;
  const bounds = { ...SHARES, least: 1, most: 100, whole: true };
  expect(limitEntry({ ...count, bounds }, '4.5')).toEqual({
    ok: false,
    why: 'Between: 1 to 100, a whole number.',
  });
  const hours = { ...LOSS, setting: 'haltHours', unit: 'hours', limit: 24 } as const;
  const positive = { ...SHARES, above: true, most: null };
  expect(limitEntry({ ...hours, bounds: positive }, '0').ok).toBe(false);
  expect(limitEntry({ ...hours, bounds: positive }, '1')).toMatchObject({ value: 1, effect: 'loosens' });
  const lock = { ...LOSS, setting: 'profitLock', bounds: { ...SHARES, canBeOff: true } } as const;
  expect(limitEntry(lock, ' ')).toEqual({ ok: true, value: null, effect: 'loosens' });
});

test('a limit is typed as it is read, and says what it does before it does it', () => {
  expect([typedLimit(LOSS), typedLimit({ unit: 'count', limit: 5 })]).toEqual(['3', '5']);
  expect(typedLimit({ unit: 'share', limit: null })).toBe('');
  expect(typedLimit({ unit: 'share', limit: 0.07 })).toBe('7');
  const effect = (typed: string) => effectText(LOSS, limitEntry(LOSS, typed));
  expect(effect('2')).toBe(
    'This tightens the limit and holds at once: entries go on until 2 % of equity is lost in a UTC day.',
  );
  expect(effect('4')).toContain('This loosens the limit, and is asked about: ');
  expect(effect('3')).toBe('It is 3 % now.');
  expect(effect('x')).toBe('Between: 0 % to 100 %.');
});

test('what a venue did together in a drill is one line', () => {
  const at = (step: string, atMs: number) => ({ step, atMs });
  expect(
    drillLines([
      at('latched', 1),
      at('the venue: BTC/USDT limit CANCELED', 2),
      at('the venue: ETH/USDT limit CANCELED', 5),
      at('the venue: BTC/USDT market FILLED', 7),
      at('the venue: BTC/USDT stop REJECTED', 8),
    ]),
  ).toEqual([
    { step: 'latched', fromMs: 1, toMs: 1 },
    { step: '2 orders cancelled', fromMs: 2, toMs: 5 },
    { step: '1 position closed', fromMs: 7, toMs: 7 },
    { step: 'the venue: BTC/USDT stop REJECTED', fromMs: 8, toMs: 8 },
  ]);
});
