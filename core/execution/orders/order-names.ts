import type { ClientOrderId, Order, VenueOrder, VenueOrderId } from '../../domain/index.ts';

export type Told = Pick<VenueOrder, 'clientOrderId' | 'venueOrderId' | 'parentVenueOrderId'>;

/** Which of our orders a venue means: it has ids of its own, and may make another order of a stop that triggers. */
export class OrderNames {
  readonly #owners = new Map<VenueOrderId, ClientOrderId>();
  /** The venue's ids of the orders that ours have become. */
  readonly #children = new Map<ClientOrderId, VenueOrderId>();

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

  /** Takes note of the names of an order of ours. @returns whether it has just become another one. */
  hear(order: Order, { venueOrderId, parentVenueOrderId }: Told): boolean {
    const { clientOrderId } = order;
    this.note(venueOrderId, clientOrderId);
    this.note(parentVenueOrderId, clientOrderId);
    if (parentVenueOrderId === null) return false;
    const before = this.venueIdOf(order);
    this.#children.set(clientOrderId, venueOrderId);
    return before !== venueOrderId;
  }

  /** By which of its own ids the venue finds an order of ours; null while it has told none. */
  venueIdOf({ clientOrderId, venueOrderId }: Order): VenueOrderId | null {
    return this.#children.get(clientOrderId) ?? venueOrderId;
  }

  /** Whether the venue has made another order of the one that it speaks of: only that other one tells. */
  isReplaced(order: Order, { venueOrderId, parentVenueOrderId }: Told): boolean {
    const present = this.venueIdOf(order);
    return parentVenueOrderId === null && present !== null && present !== venueOrderId;
  }
}
