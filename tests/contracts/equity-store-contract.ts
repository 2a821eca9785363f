import { describe, expect, test } from 'vitest';
import type { EquityStore } from '../../core/domain/index.ts';

/**
 * What every equity store must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function equityStoreContract<T extends EquityStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => EquityStore = (store) => store,
): void {
  describe(`${name}: equity store`, () => {
    test('the newest points come back, exactly, ascending in time', () => {
      const store = makeStore();
      for (const time of [30, 10, 20])
        store.append({
          time,
          equity: `1000${time}.000000000000000001`,
          capital: time === 20 ? null : '1e-18',
          marks: `${time}`,
        });
      const again = reopen(store);
      expect(again.recent(2)).toEqual([
        { time: 20, equity: '100020.000000000000000001', capital: null, marks: '20' },
        { time: 30, equity: '100030.000000000000000001', capital: '1e-18', marks: '30' },
      ]);
      expect(again.recent(9).map(({ time }) => time)).toEqual([10, 20, 30]);
      expect(again.recent(0)).toEqual([]);
      expect(again.within(10, 30).map(({ time }) => time)).toEqual([10, 20]);
      expect(again.within(21, 30)).toEqual([]);
    });

    test('a second point of the same moment replaces the first', () => {
      const store = makeStore();
      store.append({ time: 1, equity: '1', capital: '1' });
      store.append({ time: 1, equity: '2', capital: null });
      const [point, ...others] = store.recent(9);
      expect([point?.equity, point?.capital, point?.marks ?? null, others]).toEqual(['2', null, null, []]);
    });
  });
}
