import { expect, test } from 'vitest';
import { isQuiet } from './quiet-hours.ts';

const at = (time: string): number => Date.parse(`2026-01-05T${time}:00Z`);

test.each([
  ['22:00', '07:00', 'UTC', '21:59', false],
  ['22:00', '07:00', 'UTC', '22:00', true],
  ['22:00', '07:00', 'UTC', '00:00', true],
  ['22:00', '07:00', 'UTC', '06:59', true],
  ['22:00', '07:00', 'UTC', '07:00', false],
  ['12:00', '13:30', 'UTC', '12:30', true],
  ['12:00', '13:30', 'UTC', '13:30', false],
  ['12:00', '13:30', 'UTC', '11:59', false],
  // Berlin is an hour ahead in winter.
  ['22:00', '07:00', 'Europe/Berlin', '21:00', true],
  ['22:00', '07:00', 'Europe/Berlin', '06:00', false],
])('from %s to %s in %s, at %s UTC: %s', (from, to, timeZone, time, expected) => {
  expect(isQuiet({ from, to, timeZone }, at(time))).toBe(expected);
});

test('without quiet hours it is never quiet', () => {
  expect(isQuiet(null, at('03:00'))).toBe(false);
});
