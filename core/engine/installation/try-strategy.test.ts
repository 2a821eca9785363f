import { describe, expect, it } from 'vitest';
import { readOwnStrategy } from '../../strategies/index.ts';
import { tryStrategy } from './try-strategy.ts';

const tried = (answer: string) =>
  tryStrategy(
    readOwnStrategy(
      'mine',
      `export default { describes: 'a test', everyHours: 24, historyDays: 2, decide() { return ${answer}; } };`,
    ),
  );

describe('a strategy on a made-up market', () => {
  it.each([
    ["{ hold: 0.1, stop: 0.1, reason: 'x' }", 0],
    ["{ hold: 0.2, stop: 0.1, band: 0.1, reason: 'x' }", 0],
    ["{ hold: 0.1, stop: 0.1, band: 0.1, reason: 'x' }", 400],
    ["{ hold: 0.1, stop: 0.1, band: 0.3, reason: 'x' }", 400],
    ["{ hold: 0, band: 0.3, reason: 'x' }", 0],
  ])('of 400 answers %s so many would never buy: %i', (answer, neverBought) => {
    expect(tried(answer)).toMatchObject({ answers: 400, neverBought });
  });
});
