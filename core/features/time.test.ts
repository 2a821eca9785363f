import { describe, expect, it } from 'vitest';
import type { FeatureNameOf } from './catalogue.ts';
import { computeFeatures } from './feature-matrix.ts';
import { ZoneOffset } from './sessions.ts';

const HOUR_MS = 3_600_000;

/** The time features of a bar that closes at this instant. */
function timeFeatures(closing: string, timeframeMs = 60_000): Record<FeatureNameOf<'time'>, number> {
  const candle = {
    openTime: Date.parse(closing) - timeframeMs,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: 1,
  };
  const { names, values } = computeFeatures([candle], {
    timeframeMs,
    isBtc: true,
    groups: ['time'],
    warmUp: 'raw',
  });
  return Object.fromEntries(names.map((name, column) => [name, values[column]])) as Record<
    FeatureNameOf<'time'>,
    number
  >; // the matrix has the columns of the group time
}

describe('sessions follow the local clock through summer time', () => {
  it.each([
    // London opens at 08:00 local time: 08:00 UTC in winter, 07:00 in summer (from 31 March 2024).
    ['London in winter, 07:59', '2024-03-28T07:59:00Z', 'session_europe', 0],
    ['London in winter, 08:00', '2024-03-28T08:00:00Z', 'session_europe', 1],
    ['London in summer, 07:00', '2024-04-01T07:00:00Z', 'session_europe', 1],
    ['London in summer, 15:59 UTC', '2024-04-01T15:59:00Z', 'session_europe', 1],
    ['London in summer, 16:00 UTC', '2024-04-01T16:00:00Z', 'session_europe', 0],
    // On the very day of the change, after 01:00 UTC.
    ['London on the day of the change', '2024-03-31T07:30:00Z', 'session_europe', 1],
    ['London on the day it changes back', '2024-10-27T07:30:00Z', 'session_europe', 0],
    // New York is open 09:30-16:00: from 14:30 UTC in winter, 13:30 in summer (from 10 March 2024).
    ['New York in winter, 14:29', '2024-03-08T14:29:00Z', 'session_us', 0],
    ['New York in winter, 14:30', '2024-03-08T14:30:00Z', 'session_us', 1],
    ['New York in summer, 13:30', '2024-03-11T13:30:00Z', 'session_us', 1],
    ['New York in summer, 20:00', '2024-03-11T20:00:00Z', 'session_us', 0],
    ['New York between the two changes', '2024-11-01T13:45:00Z', 'session_us', 1],
    ['New York after its autumn change', '2024-11-04T13:45:00Z', 'session_us', 0],
    ['New York on a Saturday', '2024-03-16T15:00:00Z', 'session_us', 0],
    ['Tokyo in the morning', '2024-07-01T00:00:00Z', 'session_asia', 1],
    ['Tokyo at its close', '2024-07-01T09:00:00Z', 'session_asia', 0],
  ] as const)('%s', (_, closing, name, expected) => {
    expect(timeFeatures(closing)[name]).toBe(expected);
  });

  it('asks the zone so rarely and yet is right on every half hour of two years', () => {
    for (const zone of ['Europe/London', 'America/New_York', 'UTC']) {
      const offset = new ZoneOffset(zone);
      const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      for (let time = Date.UTC(2024, 0); time < Date.UTC(2026, 0); time += HOUR_MS / 2) {
        const local = new Date(time + offset.at(time)).toISOString().slice(11, 16);
        if (format.format(time) !== local)
          expect.fail(`${zone} at ${new Date(time).toISOString()}: ${local}`);
      }
    }
  });
});

describe('cycles', () => {
  it('are those of the close, not of the open', () => {
    const midnight = timeFeatures('2024-01-02T00:00:00Z', HOUR_MS);
    expect(midnight.hour_sin).toBeCloseTo(0, 12);
    expect(midnight.hour_cos).toBeCloseTo(1, 12);
  });

  it('turn once a day, a week from Monday, and every eight hours', () => {
    const noonOnThursday = timeFeatures('2024-01-04T12:00:00Z');
    expect(noonOnThursday.hour_cos).toBeCloseTo(-1, 12);
    expect(noonOnThursday.dow_sin).toBeCloseTo(Math.sin((2 * Math.PI * 3.5) / 7), 12);
    expect(noonOnThursday.dow_cos).toBeCloseTo(Math.cos((2 * Math.PI * 3.5) / 7), 12);
    // Half way between the fundings of 08:00 and 16:00.
    expect(noonOnThursday.funding_cos).toBeCloseTo(-1, 12);
    expect(timeFeatures('2024-01-04T16:00:00Z').funding_cos).toBeCloseTo(1, 12);
  });

  it.each([
    ['2024-01-05T23:59:00Z', 0],
    ['2024-01-06T00:00:00Z', 1],
    ['2024-01-07T23:59:00Z', 1],
    ['2024-01-08T00:00:00Z', 0],
  ])('the weekend at %s: %i', (closing, expected) => {
    expect(timeFeatures(closing).is_weekend).toBe(expected);
  });
});
