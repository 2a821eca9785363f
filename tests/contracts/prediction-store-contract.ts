import { describe, expect, test } from 'vitest';
import type { Prediction, PredictionStore } from '../../core/domain/index.ts';

const FIRST: Prediction = {
  setId: 'a',
  symbol: 'BTC/USDT',
  barOpenTime: 1_000,
  down: 0.2,
  flat: 0.5,
  up: 0.3,
  sigma: 0.004,
};

/**
 * What every prediction store must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function predictionStoreContract<T extends PredictionStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => PredictionStore = (store) => store,
): void {
  describe(`${name}: prediction store`, () => {
    test('a prediction waits for its outcome, then counts as matured', () => {
      const store = makeStore();
      store.append(FIRST);
      store.append({ ...FIRST, symbol: 'ETH/USDT' });
      expect(store.waiting('BTC/USDT', 1_000)).toEqual([FIRST]);
      store.settle({ ...FIRST, label: 2, horizonReturn: 0.01 });
      const again = reopen(store);
      expect(again.waiting('BTC/USDT', 1_000)).toEqual([]);
      expect(again.waiting('ETH/USDT', 1_000)).toHaveLength(1);
      expect(again.matured('a', 9)).toEqual([{ ...FIRST, label: 2, horizonReturn: 0.01 }]);
      expect(again.count('a')).toBe(2);
    });

    test('a set speaks of a bar once', () => {
      const store = makeStore();
      store.append(FIRST);
      store.append({ ...FIRST, up: 0.9 });
      expect(store.waiting('BTC/USDT', 1_000)).toEqual([FIRST]);
    });

    test('sets are kept apart and the newest outcomes come back in order', () => {
      const store = makeStore();
      for (const barOpenTime of [3_000, 1_000, 2_000]) {
        for (const setId of ['a', 'b']) {
          store.append({ ...FIRST, setId, barOpenTime });
          store.settle({ ...FIRST, setId, barOpenTime, label: 1, horizonReturn: 0 });
        }
      }
      expect(store.matured('a', 2).map(({ barOpenTime }) => barOpenTime)).toEqual([2_000, 3_000]);
      expect(store.count('c')).toBe(0);
    });
  });
}
