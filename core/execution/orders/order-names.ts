import type { ClientOrderId, Order, VenueOrder, VenueOrderId } from '../../domain/index.ts';

type Told = Pick<VenueOrder, 'clientOrderId' | 'venueOrderId' | 'parentVenueOrderId'>;

/** Which of our orders a venue means: it has ids of its own, and may make another order of a stop that triggers. */
export class OrderNames {
  readonly #owners = new Map<VenueOrderId, ClientOrderId>();

  /** By our id, by the venue's, or as the child of one of ours; null for an order that has none of them. */
  ownerOf({ clientOrderId, venueOrderId, parentVenueOrderId }: Told): ClientOrderId | null {
    return this.byVenueId(venueOrderId) ?? this.byVenueId(parentVenueOrderId) ?? clientOrderId;
  }

  byVenueId(id: VenueOrderId | null): ClientOrderId | undefined {
    return id === null ? undefined : this.#owners.get(id);
  }

  note(id: VenueOrderId | null, owner: ClientOrderId): void {
    if (id !== null) this.#owners.set(id, owner);
  }
}

/** Once the venue has made another order of one of ours, only that one tells. */
export function isReplaced(order: Order, { venueOrderId, parentVenueOrderId }: Told): boolean {
  return parentVenueOrderId === null && order.venueOrderId !== null && order.venueOrderId !== venueOrderId;
}
