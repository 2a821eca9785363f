import { expect, it } from 'vitest';
import type { Outlook } from '../../domain/index.ts';
import { outlookRecord } from './outlook-record.ts';

const horizon = (sigma: number) => ({
  hours: 24,
  sigma,
  spread: 0,
  low80: -sigma,
  high80: sigma,
  low95: -2 * sigma,
  high95: 2 * sigma,
});
const STORM: Outlook = {
  setId: 'volatility-2025-07',
  at: 0,
  day: horizon(0.04),
  week: { ...horizon(0.1), hours: 168 },
  ahead: 'storm',
  above: 0.934,
  past: 812,
  roughness: 1.8,
};

it('warns of an entry into a storm, with its figures', () => {
  expect(outlookRecord(STORM, { close: 100, stop: 94, enters: true, action: 'BUY' }).warning).toBe(
    'BUY into a storm: the volatility foretold of the next day is above 93 % of the 812 forecasts before it',
  );
});

it.each([
  ['nothing is entered', STORM, false],
  ['it is not stormy', { ...STORM, ahead: 'normal' as const }, true],
  ['it is not known whether it is', { ...STORM, ahead: null, above: null }, true],
])('does not warn where %s', (_, outlook, enters) => {
  expect(outlookRecord(outlook, { close: 100, stop: null, enters, action: 'BUY' })).toEqual(outlook);
});

it('says how likely the stop is touched, where there is one', () => {
  const { stop } = outlookRecord(STORM, { close: 100, stop: 94, enters: false, action: 'HOLD' });
  expect(stop?.price).toBe(94);
  expect(stop?.day).toBeCloseTo(0.122, 3);
  expect(stop?.week).toBeCloseTo(0.536, 3);
  expect(outlookRecord(STORM, { close: 100, stop: 0, enters: false, action: 'HOLD' }).stop).toBeUndefined();
});
