import type { ClientOrderId, VenueOrder, VenueOrderId } from '../../../domain/index.ts';

/** So many orders may have trades told of them late. */
const KEPT = 1_000;

/**
 * Which of our orders the venue's ids are, as far as this run has heard: the last of them. A venue numbers the orders of
 * each symbol anew.
 */
export class OwnIds {
  readonly #ids = new Map<string, ClientOrderId>();

  of(symbol: string, id: VenueOrderId): ClientOrderId | null {
    return this.#ids.get(`${symbol} ${id}`) ?? null;
  }

  note({
    symbol,
    venueOrderId,
    clientOrderId,
  }: Pick<VenueOrder, 'symbol' | 'venueOrderId' | 'clientOrderId'>): void {
    if (clientOrderId === null) return;
    this.#ids.set(`${symbol} ${venueOrderId}`, clientOrderId);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > KEPT && oldest !== undefined) this.#ids.delete(oldest);
  }
}
