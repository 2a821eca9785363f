import { describe, expect, test } from 'vitest';
import type { StateStore } from '../../core/domain/index.ts';

/**
 * What every state store must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function stateStoreContract<T extends StateStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => StateStore = (store) => store,
): void {
  describe(`${name}: state store`, () => {
    test('a name nobody wrote is undefined', () => {
      expect(makeStore().read('breaker')).toBeUndefined();
    });

    test.each([[{ tripped: true, until: 5, list: [1, 'x', null] }], [null], ['text'], [0], [[]]])(
      'the document %j is read back',
      (document) => {
        const store = makeStore();
        store.write('breaker', document);
        expect(reopen(store).read('breaker')).toEqual(document);
      },
    );

    test('the last document written counts, and names do not mix', () => {
      const store = makeStore();
      store.write('breaker', 1);
      store.write('theses', 2);
      store.write('breaker', 3);
      const again = reopen(store);
      expect([again.read('breaker'), again.read('theses')]).toEqual([3, 2]);
    });

    test('what is changed after writing is not changed in the store', () => {
      const store = makeStore();
      const document = { value: 1 };
      store.write('a', document);
      document.value = 2;
      const read = store.read('a') as typeof document;
      read.value = 3;
      expect(store.read('a')).toEqual({ value: 1 });
    });
  });
}
