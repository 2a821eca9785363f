import { expect, test } from 'vitest';
import { ranBetween } from './own-time.ts';

const HOUR_MS = 3_600_000;

test.each<[string, { ran: number; shown: number }, number | null]>([
  ['half a second is half a second', { ran: 500, shown: 500 }, 500],
  ['a look that comes late counts as what it is', { ran: 2_900, shown: 2_900 }, 2_900],
  ['a clock that is drawn along by its server changes nothing', { ran: 500, shown: 1_400 }, 500],
  ['a suspend, in which the monotonic clock rests, is not counted', { ran: 500, shown: HOUR_MS }, null],
  ['nor one in which both go on', { ran: HOUR_MS, shown: HOUR_MS }, null],
  ['a clock set forwards is not counted', { ran: 500, shown: 2_000 }, null],
  ['a clock set backwards is not counted', { ran: 500, shown: -HOUR_MS }, null],
  ['nor one by two seconds', { ran: 500, shown: -1_500 }, null],
  ['a stop of the guardian itself is not counted', { ran: 3_500, shown: 3_500 }, null],
  ['at the very limits it is', { ran: 3_000, shown: 4_000 }, 3_000],
])('%s', (_name, { ran, shown }, expected) => {
  const before = { monotonicMs: 70, wallMs: 1_704_110_400_000 };
  const now = { monotonicMs: before.monotonicMs + ran, wallMs: before.wallMs + shown };
  expect(ranBetween(before, now)).toBe(expected);
});
