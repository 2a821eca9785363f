import { expect, test } from 'vitest';
import type { DeliveryView } from '../../core/contract/index.ts';
import type { DeliveryStore } from '../../core/domain/index.ts';

/** A message that waits. */
export function delivery(id: string, change: Partial<DeliveryView> = {}): DeliveryView {
  return {
    ...{ id, time: 5, channel: 'slack', kind: 'alert', severity: 'warning' },
    ...{ title: `title ${id}`, text: `text ${id}`, state: 'waiting', attempts: 0 },
    ...{ nextAt: 5, endedAt: null, problem: null },
    ...change,
  };
}

/** What every store of deliveries must hold to. */
export function deliveryStoreContract<T extends DeliveryStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => DeliveryStore = (store) => store,
): void {
  test(`${name}: of each message there is what became of it last, the newest message first`, () => {
    const store = makeStore();
    for (const id of ['a', 'b', 'c']) store.write(delivery(id));
    const sent = delivery('a', { state: 'sent', attempts: 2, nextAt: null, endedAt: 9, problem: null });
    store.write(delivery('a', { attempts: 1, nextAt: 8, problem: 'answered 500' }));
    store.write(sent);
    const again = reopen(store);
    expect(again.recent(9)).toEqual([delivery('c'), delivery('b'), sent]);
    expect(again.recent(1)).toEqual([delivery('c')]);
    expect(again.waiting()).toEqual([delivery('b'), delivery('c')]);
  });
}
