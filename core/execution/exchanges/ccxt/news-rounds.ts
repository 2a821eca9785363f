import type {
  ClientOrderId,
  FillCursor,
  FillPage,
  FillQuery,
  OrderLookup,
  OrderRef,
  UtcMs,
  VenueEvent,
  VenueOrderId,
} from '../../../domain/index.ts';

export interface NewsRoundsOptions {
  readonly now: () => UtcMs;
  readonly page: (query: FillQuery) => Promise<FillPage>;
  readonly find: (ref: OrderRef) => Promise<OrderLookup>;
  readonly ownIdOf: (symbol: string, id: VenueOrderId) => ClientOrderId | null;
  readonly tell: (event: Extract<VenueEvent, { readonly kind: 'order' | 'fill' }>) => void;
}

/**
 * Asks what has filled since the last round, each trade once, and what our orders have come to by it. What ends without
 * a trade is found by whoever compares the books.
 */
export class NewsRounds {
  readonly #options: NewsRoundsOptions;
  readonly #begun: UtcMs;
  readonly #cursors = new Map<string, FillCursor>();

  constructor(options: NewsRoundsOptions) {
    this.#options = options;
    this.#begun = options.now();
  }

  /** @throws VenueError when the venue does not answer; the next round goes on from where this one came to. */
  async ask(symbols: readonly string[]): Promise<void> {
    for (const symbol of symbols) await this.#askOf(symbol);
  }

  async #askOf(symbol: string): Promise<void> {
    const { page, tell } = this.#options;
    for (let more = true; more; ) {
      const cursor = this.#cursors.get(symbol) ?? null;
      const next = await page({ symbol, cursor, since: this.#begun });
      if (next.cursor !== null) this.#cursors.set(symbol, next.cursor);
      more = next.more;
      for (const fill of next.fills) tell({ kind: 'fill', fill });
      const made = next.fills.flatMap(({ venueOrderId }) => venueOrderId ?? []);
      for (const venueOrderId of new Set(made)) await this.#tellOf(symbol, venueOrderId);
    }
  }

  async #tellOf(symbol: string, venueOrderId: VenueOrderId): Promise<void> {
    const { find, ownIdOf, tell } = this.#options;
    const clientOrderId = ownIdOf(symbol, venueOrderId);
    if (clientOrderId === null) return;
    const lookup = await find({ symbol, clientOrderId, venueOrderId, type: 'market' });
    if (lookup.kind === 'found') tell({ kind: 'order', order: lookup.order });
  }
}
