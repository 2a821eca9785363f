import { expect, test } from 'vitest';
import { aheadWords, type OutlookView } from '../../core/contract/index.ts';
import { outlookLines, standingWords } from './outlook-lines.ts';

const at = (hours: number, sigma: number) => {
  return { hours, sigma, spread: 0.7, low80: -sigma, high80: sigma, low95: -2 * sigma, high95: 2 * sigma };
};
const OUTLOOK: OutlookView = {
  setId: 'volatility-2025-07',
  at: 0,
  day: at(24, 0.04),
  week: at(168, 0.1),
  ahead: 'storm',
  above: 0.938,
  past: 812,
  roughness: 1.8,
  stop: { price: 94, day: 0.012, week: 0.31 },
};

test('a forecast is told in percent of the price, with the odds of the stop and what costs were taken', () => {
  const told = outlookLines(OUTLOOK).map(({ label, value }) => `${label}: ${value.replaceAll(/\s/g, ' ')}`);
  expect(told).toEqual([
    '24 h, one sigma: 4.0 %',
    '24 h, 80 % between: −3.9 % and +4.1 %',
    '7 days, one sigma: 10.0 %',
    '7 days, 80 % between: −9.5 % and +10.5 %',
    'Stop at 94.000 touched within 24 h: about 1.2 %',
    'Within 7 days: about 31 %',
    'Spread and slippage taken: 1.8 times as set',
  ]);
});

test('how it stands to its own past is told with the rule', () => {
  expect(standingWords(OUTLOOK)).toBe(
    'Storm ahead: above 93 % of its own 812 forecasts before it (storm is from 90 %)',
  );
  expect(standingWords({ ...OUTLOOK, ahead: null, past: 25 })).toContain('25 are known');
  expect(aheadWords(OUTLOOK)).toBe('storm ahead');
  expect(aheadWords({ ahead: null, past: 25 })).toBe('25 of 60 past forecasts known');
});

test('costs are as set where the models have not learned from the coin, and no stop is told where there is none', () => {
  const { stop: _, ...without } = OUTLOOK;
  const lines = outlookLines({ ...without, roughness: null });
  expect(lines.at(-1)?.value).toBe('as set: the models have not learned from this coin');
  expect(lines).toHaveLength(5);
});
