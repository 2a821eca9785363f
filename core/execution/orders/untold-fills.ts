import {
  type BaseAmount,
  type ClientOrderId,
  maximum,
  type Order,
  subtract,
  type VenueOrder,
  ZERO_BASE,
} from '../../domain/index.ts';

/** How much of our orders the venue says is filled, where its fills have not told all of it yet. */
export class UntoldFills {
  readonly #said = new Map<ClientOrderId, BaseAmount>();

  /** Takes note of what the venue says of an order. @returns whether it is more than was known before. */
  note(order: Order, answer: VenueOrder): boolean {
    const said = saidBy(order, answer);
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
 * A stop that is told as filled, or as expired without a fill of its own, may have triggered: some venues call it so
 * while the order that it became works on. Until fills or that order have told, all of it may have filled. Once it has
 * been found to have expired, hearing that again says no more.
 */
function saidBy(order: Order, { status, type, filledAmount }: VenueOrder): BaseAmount {
  const isSpent = status === 'EXPIRED' && filledAmount.isZero() && order.status !== 'EXPIRED';
  const mayHaveTriggered = type === 'stop' && (status === 'FILLED' || isSpent);
  return mayHaveTriggered ? maximum(order.amount, filledAmount) : filledAmount;
}
