import {
  type BaseAmount,
  type ClientOrderId,
  maximum,
  type Order,
  subtract,
  type VenueOrder,
  type VenueProfile,
  ZERO_BASE,
} from '../../domain/index.ts';

/** How much of our orders the venue says is filled, where its fills have not told all of it yet. */
export class UntoldFills {
  readonly #profile: Pick<VenueProfile, 'stopsBecomeOrders'>;
  readonly #said = new Map<ClientOrderId, BaseAmount>();

  constructor(profile: Pick<VenueProfile, 'stopsBecomeOrders'>) {
    this.#profile = profile;
  }

  /** Takes note of what the venue says of an order. @returns whether it is more than was known before. */
  note(order: Order, answer: VenueOrder): boolean {
    const said = saidBy(order, answer, this.#profile);
    if (said.lte(order.filledAmount) || said.lte(this.#said.get(order.clientOrderId) ?? ZERO_BASE))
      return false;
    this.#said.set(order.clientOrderId, said);
    return true;
  }

  /** How much of an order is filled beyond its fills; nothing when they have told it all. */
  of({ clientOrderId, filledAmount }: Order): BaseAmount {
    const said = this.#said.get(clientOrderId);
    return said === undefined ? ZERO_BASE : maximum(ZERO_BASE, subtract(said, filledAmount));
  }

  /** Orders of which the venue has said something. */
  orders(): Iterable<ClientOrderId> {
    return this.#said.keys();
  }

  forget(id: ClientOrderId): void {
    this.#said.delete(id);
  }
}

/**
 * Where stops become other orders, one that is told as filled, or as expired without a fill of its own, may have
 * triggered: it is called so while the order that it became works on. Until fills or that order have told, all of it may
 * have filled. Once it has been found to have expired, hearing that again says no more.
 */
function saidBy(
  order: Order,
  { status, type, filledAmount }: VenueOrder,
  { stopsBecomeOrders }: Pick<VenueProfile, 'stopsBecomeOrders'>,
): BaseAmount {
  const isSpent = status === 'EXPIRED' && filledAmount.isZero() && order.status !== 'EXPIRED';
  const mayHaveTriggered = stopsBecomeOrders && type === 'stop' && (status === 'FILLED' || isSpent);
  return mayHaveTriggered ? maximum(order.amount, filledAmount) : filledAmount;
}
