import type { ClientOrderId, Order, VenueOrder, VenueOrderId } from '../../domain/index.ts';

export type Told = Pick<VenueOrder, 'symbol' | 'clientOrderId' | 'venueOrderId' | 'parentVenueOrderId'>;

/**
 * Which of our orders a venue means: it has ids of its own, which name an order among those of its symbol and not among
 * all, and it may make another order of a stop that triggers.
 */
export class OrderNames {
  /** By symbol and the venue's id. */
  readonly #owners = new Map<string, ClientOrderId>();
  /** The venue's ids of the orders that ours have become. */
  readonly #children = new Map<ClientOrderId, VenueOrderId>();

  /** By our id, by the venue's, or as the child of one of ours; null for an order that has none of them. */
  ownerOf({ symbol, clientOrderId, venueOrderId, parentVenueOrderId }: Told): ClientOrderId | null {
    return (
      this.byVenueId(symbol, venueOrderId) ?? this.byVenueId(symbol, parentVenueOrderId) ?? clientOrderId
    );
  }

  byVenueId(symbol: string, id: VenueOrderId | null): ClientOrderId | undefined {
    return id === null ? undefined : this.#owners.get(keyOf(symbol, id));
  }

  note(symbol: string, id: VenueOrderId | null, owner: ClientOrderId): void {
    if (id !== null) this.#owners.set(keyOf(symbol, id), owner);
  }

  /** Takes note of the names of an order of ours. @returns whether it has just become another one. */
  hear(order: Order, { venueOrderId, parentVenueOrderId }: Told): boolean {
    const { symbol, clientOrderId } = order;
    this.note(symbol, venueOrderId, clientOrderId);
    this.note(symbol, parentVenueOrderId, clientOrderId);
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

const keyOf = (symbol: string, id: VenueOrderId): string => `${symbol} ${id}`;
