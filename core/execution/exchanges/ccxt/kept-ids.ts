import type { ClientOrderId } from '../../../domain/index.ts';
import { isOfOneHand } from '../../orders/client-order-id.ts';

/**
 * Whether the venue keeps the ids that orders are given. One that was not tried may put its own in their place, and then
 * finds no order by ours though it is there: until it has told one of ours in answer to a question, that it finds none
 * says nothing. What it answers to an order proves nothing either: ccxt fills in there what was sent.
 */
export class KeptIds {
  #areProven: boolean;
  /** One of ours, which others are told by. */
  #ours: ClientOrderId | null = null;

  /** @param areProven whether that was tried. */
  constructor(areProven: boolean) {
    this.#areProven = areProven;
  }

  get areProven(): boolean {
    return this.#areProven;
  }

  /** An id of ours is sent, or asked for. */
  name(ours: ClientOrderId | null): void {
    this.#ours = ours ?? this.#ours;
  }

  /** Looks at what the venue answers to a question. */
  look(told: Iterable<{ readonly clientOrderId: ClientOrderId | null }>): void {
    for (const { clientOrderId } of told) this.#areProven ||= this.#isOurs(clientOrderId);
  }

  #isOurs(id: ClientOrderId | null): boolean {
    const ours = this.#ours;
    return id !== null && ours !== null && (id === ours || isOfOneHand(id, ours));
  }
}
