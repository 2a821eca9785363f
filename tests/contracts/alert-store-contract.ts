import { expect, test } from 'vitest';
import type { AlertView } from '../../core/contract/index.ts';
import type { AlertStore } from '../../core/domain/index.ts';

/**
 * What every alert store must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function alertStoreContract<T extends AlertStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => AlertStore = (store) => store,
): void {
  test(`${name}: alerts come back in the order of telling, the newest so many`, () => {
    const store = makeStore();
    const alerts = ['a', 'b', 'c'].map(
      (id): AlertView => ({
        id,
        time: 5,
        severity: 'warning',
        title: `title ${id}`,
        message: `message ${id}`,
      }),
    );
    for (const alert of alerts) store.append(alert);
    const again = reopen(store);
    expect(again.recent(9)).toEqual(alerts);
    expect(again.recent(2)).toEqual(alerts.slice(1));
    expect(again.recent(0)).toEqual([]);
  });
}
