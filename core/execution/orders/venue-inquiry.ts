import {
  type Clock,
  type Exchange,
  type Logger,
  type Order,
  type OrderIntent,
  type Position,
  type UtcMs,
  type VenueOrder,
  ZERO_BASE,
} from '../../domain/index.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import { describe, positionDiffers } from './differences.ts';
import type { OrderTracker } from './order-tracker.ts';
import type { SymbolTrust } from './symbol-trust.ts';

/** Where the current positions are read; whoever folds the fills provides it. */
export interface PositionReader {
  position(symbol: string): Position;
}

export interface VenueInquiryOptions {
  readonly exchange: Exchange;
  readonly tracker: OrderTracker;
  readonly trust: SymbolTrust;
  readonly positions: PositionReader;
  readonly clock: Clock;
  readonly log: Logger;
  /** Recognises orders of ours that the ledger does not have. */
  readonly ids: ClientOrderIds;
  /** How long after sending an order may still reach the venue. Default 10 s, above the venues' receive windows. */
  readonly arrivalWindowMs?: number;
  /** How much further back than needed fills are asked for. Default 10 minutes. */
  readonly fillOverlapMs?: number;
}

/** Asks the venue and takes over what it answers. It never sends or cancels anything. */
export class VenueInquiry {
  readonly #exchange: Exchange;
  readonly #tracker: OrderTracker;
  readonly #trust: SymbolTrust;
  readonly #positions: PositionReader;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #ids: ClientOrderIds;
  readonly #arrivalWindowMs: number;
  readonly #fillOverlapMs: number;

  constructor(options: VenueInquiryOptions) {
    this.#exchange = options.exchange;
    this.#tracker = options.tracker;
    this.#trust = options.trust;
    this.#positions = options.positions;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#ids = options.ids;
    this.#arrivalWindowMs = options.arrivalWindowMs ?? 10_000;
    this.#fillOverlapMs = options.fillOverlapMs ?? 600_000;
  }

  /** Counts the venue's fills from a moment on, less the overlap. */
  async fetchFills(since: UtcMs): Promise<void> {
    const fills = await this.#exchange.fillsSince(Math.max(0, since - this.#fillOverlapMs));
    for (const fill of fills) this.#tracker.count(fill);
  }

  /** Counts every fill since the last known one and since the oldest unfinished order was made. */
  async replayFills(): Promise<void> {
    const moments = this.#tracker.unfinished().map(({ createdAt }) => createdAt);
    await this.fetchFills(Math.min(this.#tracker.lastFillAt ?? this.#clock.now(), ...moments));
  }

  /**
   * Takes over what the venue says of an order, its fills before its status. Never rejects: fills that it does not
   * give freeze the symbol.
   *
   * @param fills `always` after a cancel: not every venue's answer to one says what had filled.
   * @returns whether everything was told.
   */
  async learn(answer: VenueOrder, fills: 'when-missing' | 'always' = 'when-missing'): Promise<boolean> {
    const { clientOrderId, symbol } = answer;
    const order = this.#tracker.order(clientOrderId);
    if (order === undefined) return false;
    try {
      if (fills === 'always' || this.#tracker.fillsMissing(answer)) await this.fetchFills(order.createdAt);
    } catch (error) {
      this.doubt(symbol, `the fills of order ${clientOrderId} could not be fetched: ${String(error)}`);
      return false;
    }
    const missing = this.#tracker.fillsMissing(answer);
    if (missing) this.doubt(symbol, `the venue says order ${clientOrderId} filled more than its fills tell`);
    this.#tracker.settle(answer);
    return !missing;
  }

  /** Takes over an order of ours that the ledger does not have. False when it is not one of ours. */
  async adopt(found: VenueOrder): Promise<boolean> {
    const purpose = this.#ids.purposeOf(found.clientOrderId);
    if (purpose === undefined) return false;
    const { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly, updatedAt } = found;
    const told = { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly };
    this.recordSent({ ...told, purpose, decisionId: null, createdAt: updatedAt });
    await this.learn(found);
    return true;
  }

  /** Records an order that was sent by other means, as far as the ledger lets it. Never throws. */
  recordSent(intent: OrderIntent): void {
    if (this.#tracker.order(intent.clientOrderId) !== undefined) return;
    if (this.#tracker.begin(intent)) this.#tracker.move(intent.clientOrderId, 'SENT');
  }

  /** Freezes a symbol until `resolve` has the venue's answer. */
  doubt(symbol: string, reason: string): void {
    this.#log.warn({ symbol }, `${symbol} is frozen: ${reason}`);
    this.#trust.freeze(symbol, reason);
  }

  /**
   * Asks about one frozen symbol: each of these orders by its id, then fills, then the position. Anything
   * without an answer leaves it frozen.
   */
  async resolve(symbol: string, orders: readonly Order[]): Promise<void> {
    try {
      const answers = await Promise.all(
        orders.map(async (order) => ({
          order,
          answer: await this.#exchange.order(symbol, order.clientOrderId),
        })),
      );
      await this.replayFills();
      const before = this.#tracker.revision;
      const there = (await this.#exchange.positions()).get(symbol) ?? ZERO_BASE;
      const settled = answers.map(({ order, answer }) => this.#settle(order, answer));
      // A fill that came in between would make the two positions differ without any fault.
      if (settled.includes(false) || this.#tracker.revision !== before) return;
      const local = this.#positions.position(symbol).quantity;
      const differs = positionDiffers(local, there, this.#exchange.instrument(symbol).lotSize);
      const difference = describe({ kind: 'position-differs', symbol, local, venue: there });
      this.#trust.differs(symbol, differs ? difference : null);
      this.#trust.thaw(symbol);
      this.#log.info({ symbol }, `${symbol} is no longer frozen`);
    } catch (error) {
      this.#log.warn({ symbol, error }, `the venue did not answer: ${symbol} stays frozen`);
    }
  }

  /** @returns whether the order is no longer in doubt. */
  #settle({ clientOrderId, status, updatedAt }: Order, answer: VenueOrder | null): boolean {
    if (answer !== null) {
      if (this.#tracker.fillsMissing(answer)) return false;
      this.#tracker.settle(answer);
      return true;
    }
    // An intent that was never marked as sent never was; anything else may still be on its way for a while.
    const mayArrive = status !== 'INTENT' && this.#clock.now() - updatedAt < this.#arrivalWindowMs;
    if (mayArrive) return false;
    const reason = status === 'INTENT' ? 'it was never sent' : 'it never arrived at the venue';
    this.#tracker.move(clientOrderId, 'CANCELED', { reason });
    return true;
  }
}
