import type { ClientOrderId, VenueOrder, VenueOrderId } from '../../../domain/index.ts';

/** So many orders may have trades told of them late. */
const KEPT = 1_000;

/** Which of our orders the venue's ids are, as far as this run has heard: the last of them. */
export class OwnIds {
  readonly #ids = new Map<VenueOrderId, ClientOrderId>();

  of(id: VenueOrderId): ClientOrderId | null {
    return this.#ids.get(id) ?? null;
  }

  note({ venueOrderId, clientOrderId }: Pick<VenueOrder, 'venueOrderId' | 'clientOrderId'>): void {
    if (clientOrderId === null) return;
    this.#ids.set(venueOrderId, clientOrderId);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > KEPT && oldest !== undefined) this.#ids.delete(oldest);
  }
}
