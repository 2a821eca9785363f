import { expect, test } from 'vitest';
import type { AlertRecord, AlertStore } from '../../core/domain/index.ts';

/** An alert that nobody has acknowledged. */
export function alertRecord(id: string, change: Partial<AlertRecord> = {}): AlertRecord {
  return {
    ...{ id, time: 5, severity: 'warning', rule: 'venue', about: `about ${id}` },
    ...{ title: `title ${id}`, message: `message ${id}`, acknowledged: null },
    ...change,
  };
}

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
    const alerts = ['a', 'b', 'c'].map((id) => alertRecord(id));
    for (const alert of alerts) store.append(alert);
    const again = reopen(store);
    expect(again.recent(9)).toEqual(alerts);
    expect(again.recent(2)).toEqual(alerts.slice(1));
    expect(again.recent(0)).toEqual([]);
  });

  test(`${name}: critical alerts are open until they are acknowledged, for good and by whoever was first`, () => {
    const store = makeStore();
    const critical = ['a', 'b', 'c'].map((id) => alertRecord(id, { severity: 'critical' }));
    for (const alert of [...critical, alertRecord('d')]) store.append(alert);
    expect(store.open(9)).toEqual(critical);
    expect(store.open(2)).toEqual(critical.slice(1));
    store.acknowledge(['a', 'c', 'unknown'], { at: 7, by: 'the trader' });
    store.acknowledge(['a'], { at: 8, by: 'somebody else' });
    const again = reopen(store);
    expect(again.open(9).map(({ id }) => id)).toEqual(['b']);
    expect(again.recent(9).map(({ acknowledged }) => acknowledged)).toEqual([
      { at: 7, by: 'the trader' },
      null,
      { at: 7, by: 'the trader' },
      null,
    ]);
  });
}
