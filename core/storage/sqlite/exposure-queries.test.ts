import { expect, test } from 'vitest';
import { openDatabase, SqliteEquityStore, SqliteExposureQueries } from '../index.ts';

const DAY = 86_400_000;

test('what was at stake is told by day: at its last point, on average and at most', () => {
  const database = openDatabase({ file: ':memory:', owner: 'demo' });
  const equity = new SqliteEquityStore(database);
  const put = (time: number, exposure: string | null, worth = '1000') =>
    equity.append({ time, equity: worth, capital: null, exposure });
  put(5, '0');
  put(6, '900.5');
  put(DAY - 1, '250', '500');
  put(DAY, null);
  put(2 * DAY, '10.5');
  put(2 * DAY + 1, '7', '0');
  const queries = new SqliteExposureQueries(database);
  expect(queries.daily()).toEqual([
    {
      ...{ day: '1970-01-01', points: 3, closingExposure: '250', closingEquity: '500' },
      ...{ meanShare: expect.closeTo((0 + 0.9005 + 0.5) / 3, 12), highestShare: 0.9005 },
    },
    {
      ...{ day: '1970-01-03', points: 1, closingExposure: '10.5', closingEquity: '1000' },
      ...{ meanShare: 0.0105, highestShare: 0.0105 },
    },
  ]);
  expect(queries.daily({ from: DAY, to: 3 * DAY }).map(({ day }) => day)).toEqual(['1970-01-03']);
});
