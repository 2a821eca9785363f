import { expect, test } from 'vitest';
import type { TradeTotal } from '../../../core/contract/index.ts';
import { calendarOf } from './calendar.ts';

const day = (key: string, netPnl: string): TradeTotal => ({
  ...{ key, netPnl, trades: 2, wins: 1, made: '0', lost: '0', fees: '0', heldMs: 0 },
});

test('a calendar goes from the Monday before the first day to the end of the last week', () => {
  const weeks = calendarOf([day('2025-01-03', '10'), day('2025-01-14', '-2.4')]);
  expect(weeks.map((week) => week.length)).toEqual([7, 7, 7]);
  expect([weeks[0]?.[0]?.date, weeks.at(-1)?.at(-1)?.date]).toEqual(['2024-12-30', '2025-01-19']);
  const told = weeks.flat().filter(({ total }) => total !== null);
  expect(told.map(({ date, level }) => [date, level])).toEqual([
    ['2025-01-03', 4],
    ['2025-01-14', -1],
  ]);
});

test('more than a year shows its last one, measured by the days that are shown', () => {
  const weeks = calendarOf([day('2020-01-01', '1000'), day('2024-06-05', '1'), day('2025-01-01', '-2')]);
  expect(weeks).toHaveLength(53);
  expect(weeks.flat().find(({ date }) => date === '2025-01-01')?.level).toBe(-4);
  expect(weeks.flat().find(({ date }) => date === '2024-06-05')?.level).toBe(2);
});

test('a day that made nothing has no colour, and without a day there is no calendar', () => {
  expect(
    calendarOf([day('2025-01-01', '0')])
      .flat()
      .map(({ level }) => level),
  ).toEqual(Array(7).fill(0));
  expect(calendarOf([])).toEqual([]);
});
