import type { DeliveryView } from '../../contract/index.ts';
import type { DeliveryStore } from '../../domain/index.ts';

/** Deliveries in memory. */
export class MemoryDeliveryStore implements DeliveryStore {
  readonly #rows = new Map<string, DeliveryView>();

  write(delivery: DeliveryView): void {
    this.#rows.set(delivery.id, delivery);
  }

  recent(limit: number): readonly DeliveryView[] {
    return [...this.#rows.values()].reverse().slice(0, limit);
  }

  waiting(): readonly DeliveryView[] {
    return [...this.#rows.values()].filter(({ state }) => state === 'waiting');
  }
}
