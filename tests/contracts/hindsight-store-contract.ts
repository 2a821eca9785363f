import { describe, expect, test } from 'vitest';
import { type EntryCase, HINDSIGHT_KEPT, type HindsightStore } from '../../core/domain/index.ts';

export function caseOf(decisionId: string, given: Partial<EntryCase> = {}): EntryCase {
  return {
    decisionId,
    symbol: 'BTC/USDT',
    strategy: 'trend',
    side: 'buy',
    time: 1_000,
    price: 100,
    stopPrice: 90,
    cost: 0.002,
    due: 2_000,
    share: 0.1,
    left: 1,
    traded: true,
    refusedBy: [],
    stances: [{ voter: 'bear', source: 'rules', stance: -0.4 }],
    ...given,
  };
}

/**
 * What every store of hindsight must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function hindsightStoreContract<T extends HindsightStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => HindsightStore = (store) => store,
): void {
  describe(`${name}: hindsight store`, () => {
    test('an entry waits for what it comes to, and both are kept in order', () => {
      const store = makeStore();
      const [first, second] = [
        caseOf('a'),
        caseOf('b', { stopPrice: null, traded: false, refusedBy: ['cost-gate'] }),
      ];
      store.append(first);
      store.append(second);
      expect(store.all()).toEqual([
        { ...first, result: null },
        { ...second, result: null },
      ]);
      store.settle('a', -0.012);
      expect(reopen(store).all()).toEqual([
        { ...first, result: -0.012 },
        { ...second, result: null },
      ]);
    });

    test('a decision has one entry, and what is not there cannot be settled', () => {
      const store = makeStore();
      store.append(caseOf('a'));
      store.append(caseOf('a', { price: 7 }));
      store.settle('nothing', 1);
      expect(reopen(store).all()).toEqual([{ ...caseOf('a'), result: null }]);
    });

    test('the newest are kept', () => {
      const store = makeStore();
      for (let index = 0; index < HINDSIGHT_KEPT + 10; index += 1) store.append(caseOf(String(index)));
      const kept = store.all();
      expect(kept).toHaveLength(HINDSIGHT_KEPT);
      expect(kept[0]?.decisionId).toBe('10');
    });
  });
}
