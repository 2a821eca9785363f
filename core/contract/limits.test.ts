import { describe, expect, it } from 'vitest';
import {
  boundsText,
  LIMIT_WORDS,
  type LimitBounds,
  type LimitName,
  type LimitValue,
  limitText,
} from './index.ts';

const BOUNDS: LimitBounds = { least: 0, most: 1, above: false, whole: false, canBeOff: false };

describe('a limit in words', () => {
  it.each<[LimitName, LimitValue, string]>([
    ['maxDrawdown', 0.07, '7 %'],
    ['maxDrawdown', 0.125, '12.5 %'],
    ['maxPositions', 5, '5'],
    ['minSharpe', -0.5, '-0.5'],
    ['haltHours', 24, '24 h'],
    ['profitLock', null, 'off'],
  ])('%s of %s is read as %s', (name, value, words) => {
    expect(limitText(name, value)).toBe(words);
  });

  it.each<[LimitName, Partial<LimitBounds>, string]>([
    ['maxDrawdown', {}, '0 % to 100 %'],
    ['profitLock', { least: 0.001, canBeOff: true }, '0.1 % to 100 %, or off'],
    ['maxConsecutiveLosses', { least: 1, most: null }, '1 or more'],
    ['haltHours', { above: true, most: null }, 'above 0 h'],
    ['haltHours', { above: true, most: 48 }, 'above 0 h to 48 h'],
    ['minSharpe', { least: null, most: null }, 'any number'],
  ])('the bounds of %s with %j are read as %s', (name, bounds, words) => {
    expect(boundsText(name, { ...BOUNDS, ...bounds })).toBe(words);
  });

  it('says what a profit lock means that is off', () => {
    expect(LIMIT_WORDS.profitLock.means('off')).toBe('entries go on whatever is gained in a UTC day');
    expect(LIMIT_WORDS.profitLock.means('2 %')).toBe('entries go on until 2 % is gained in a UTC day');
  });
});
