import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excursionTable, type MeasuredTrade } from './excursion-table.ts';

const trade = (
  key: string,
  returnPct: number,
  [adversePct, favourablePct]: readonly [number, number],
  riskPct: number | null = null,
): MeasuredTrade => ({
  ...{ key, returnPct, won: returnPct > 0 },
  excursion: { adversePct, favourablePct, riskPct },
});

test('there is no row of no trades', () => {
  expect(excursionTable([])).toEqual({ trades: 0, rows: [] });
});

test('a table by hand: in percent of all, in R of those that had a stop', () => {
  const { trades, rows } = excursionTable([
    trade('b', 4, [1, 6], 2),
    trade('b', -3, [3, 1], 2),
    trade('b', 2, [2, 3]),
    trade('a', 1, [0, 2], 4),
  ]);
  expect(trades).toBe(4);
  expect(rows.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(rows[1]).toEqual({
    ...{ key: 'b', trades: 3, wins: 2 },
    pct: {
      adverse: { count: 3, median: 2, ninetieth: 3 },
      favourable: { count: 3, median: 3, ninetieth: 6 },
      winnersAdverse: { count: 2, median: 1, ninetieth: 2 },
      losersFavourable: { count: 1, median: 1, ninetieth: 1 },
      result: 1,
    },
    r: {
      adverse: { count: 2, median: 0.5, ninetieth: 1.5 },
      favourable: { count: 2, median: 0.5, ninetieth: 3 },
      winnersAdverse: { count: 1, median: 0.5, ninetieth: 0.5 },
      losersFavourable: { count: 1, median: 0.5, ninetieth: 0.5 },
      result: 0.25,
    },
  });
  expect(excursionTable([trade('', 0, [1, 1])]).rows[0]?.r).toEqual({
    adverse: { count: 0, median: null, ninetieth: null },
    favourable: { count: 0, median: null, ninetieth: null },
    winnersAdverse: { count: 0, median: null, ninetieth: null },
    losersFavourable: { count: 0, median: null, ninetieth: null },
    result: null,
  });
});

test('nine of ten are not above the second figure, and it is one that was seen', () => {
  const distance = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(distance, { minLength: 1, maxLength: 60 }), (values) => {
      const { rows } = excursionTable(values.map((value) => trade('', 1, [value, 0])));
      const { median, ninetieth } = rows[0]?.pct.adverse ?? { median: null, ninetieth: null };
      const notAbove = (limit: number | null) => values.filter((value) => value <= Number(limit)).length;
      expect(values).toContain(median);
      expect(notAbove(median)).toBeGreaterThanOrEqual(values.length / 2);
      expect(notAbove(ninetieth)).toBeGreaterThanOrEqual(values.length * 0.9 - 1e-9);
    }),
  );
});
