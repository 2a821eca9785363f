import { expect, it } from 'vitest';
import { MemoryStateStore } from '../../storage/index.ts';
import { PastForecasts } from './past-forecasts.ts';

const BTC = 'BTC/USDT';
const EIGHT_HOURS = 8 * 3_600_000;
const START = Date.parse('2026-01-01');

it('compares a forecast with those before it, and no later one', () => {
  const past = new PastForecasts(null);
  expect(past.compare(BTC, START, 0.02)).toEqual({ past: 0, above: null });
  for (const [index, sigma] of [0.01, 0.02, 0.03, 0.04].entries())
    past.note(BTC, START + index * EIGHT_HOURS, sigma);
  expect(past.compare(BTC, START + 2 * EIGHT_HOURS, 0.015)).toEqual({ past: 2, above: 0.5 });
  expect(past.compare(BTC, START + 9 * EIGHT_HOURS, 0.04)).toEqual({ past: 4, above: 0.75 });
  expect(past.compare('ETH/USDT', START + 9 * EIGHT_HOURS, 0.04)).toEqual({ past: 0, above: null });
});

it('keeps one every eight hours, each once', () => {
  const past = new PastForecasts(null);
  past.note(BTC, START, 0.01);
  past.note(BTC, START, 0.05);
  past.note(BTC, START + 3_600_000, 0.05);
  expect(past.compare(BTC, START + EIGHT_HOURS, 0.02)).toEqual({ past: 1, above: 1 });
});

it('forgets what is older than two years', () => {
  const past = new PastForecasts(null);
  past.note(BTC, START, 0.01);
  const later = START + 731 * 3 * EIGHT_HOURS;
  expect(past.compare(BTC, later, 0.02)).toEqual({ past: 0, above: null });
});

it('outlives a restart, and begins anew where its document is damaged', () => {
  const state = new MemoryStateStore();
  new PastForecasts(state).note(BTC, START, 0.01);
  expect(new PastForecasts(state).compare(BTC, START + EIGHT_HOURS, 0.02)).toEqual({ past: 1, above: 1 });
  state.write('volatility-past', { documentVersion: 1, value: { symbols: 7 } });
  expect(new PastForecasts(state).compare(BTC, START + EIGHT_HOURS, 0.02)).toEqual({ past: 0, above: null });
});
