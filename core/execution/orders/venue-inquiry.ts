import {
  type ClientOrderId,
  type Clocks,
  type Exchange,
  isFinal,
  type Logger,
  type Order,
  type OrderIntent,
  type Position,
  refOf,
  type Timers,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
} from '../../domain/index.ts';
import { Absence } from './absence.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import { FillReader } from './fill-reader.ts';
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
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly log: Logger;
  /** Recognises orders of ours that the ledger does not have. */
  readonly ids: ClientOrderIds;
  /** How much further back than needed fills are asked for. Default 10 minutes. */
  readonly fillOverlapMs?: number;
}

/** Asks the venue and takes over what it answers. It never sends or cancels anything. */
export class VenueInquiry {
  readonly #exchange: Exchange;
  readonly #tracker: OrderTracker;
  readonly #trust: SymbolTrust;
  readonly #clocks: Clocks;
  readonly #timers: Timers;
  readonly #log: Logger;
  readonly #ids: ClientOrderIds;
  readonly #fills: FillReader;
  readonly #absence: Absence;
  /** Fills of orders that nobody here knows, until the venue has said whose they are. */
  readonly #unclaimed = new Map<string, VenueFill>();

  constructor(options: VenueInquiryOptions) {
    this.#exchange = options.exchange;
    this.#tracker = options.tracker;
    this.#trust = options.trust;
    this.#clocks = options.clocks;
    this.#timers = options.timers;
    this.#log = options.log;
    this.#ids = options.ids;
    this.#absence = new Absence(options.exchange.profile.absence);
    this.#fills = new FillReader({
      exchange: options.exchange,
      clock: options.clocks.market,
      onFill: (fill) => this.count(fill),
      ...(options.fillOverlapMs === undefined ? {} : { overlapMs: options.fillOverlapMs }),
    });
  }

  /** Counts a fill, or keeps it until its order is known, which freezes the symbol. */
  count(fill: VenueFill): void {
    const { symbol, tradeId } = fill;
    const key = `${symbol} ${tradeId}`;
    if (this.#tracker.count(fill) !== 'whose') {
      this.#unclaimed.delete(key);
      return;
    }
    if (this.#unclaimed.has(key)) return;
    this.#unclaimed.set(key, fill);
    this.doubt(symbol, `it is not known yet whose the fill ${tradeId} is`);
  }

  /** Counts the symbol's fills since the last known one and since the oldest unfinished order was made. */
  async replayFills(symbol: string): Promise<void> {
    const moments = this.#tracker.unfinished(symbol).map(({ createdAt }) => createdAt);
    const last = this.#tracker.lastFillAt(symbol) ?? this.#clocks.market.now();
    await this.#fills.read(symbol, Math.min(last, ...moments));
  }

  /**
   * Takes over what the venue says of an order, its fills before its status. Never rejects: fills that it does not
   * give freeze the symbol, and the order counts as unfinished until they have come.
   *
   * @param fills `always` after a cancel: not every venue's answer to one says what had filled.
   * @returns whether everything was told.
   */
  async learn(answer: VenueOrder, fills: 'when-missing' | 'always' = 'when-missing'): Promise<boolean> {
    const order = this.#tracker.ownerOf(answer);
    if (order === undefined) return false;
    const { clientOrderId, symbol } = order;
    this.#absence.forget(clientOrderId);
    try {
      if (fills === 'always' || this.#tracker.fillsMissing(answer))
        await this.#readFills(symbol, order.createdAt);
    } catch (error) {
      this.doubt(symbol, `the fills of order ${clientOrderId} could not be fetched: ${String(error)}`);
      return false;
    }
    if (this.#tracker.fillsMissing(answer)) {
      this.doubt(symbol, `the venue says order ${clientOrderId} filled more than its fills tell`);
      return false;
    }
    this.#tracker.settle(answer);
    return true;
  }

  /** Takes over an order of ours that the ledger does not have. False when it is not one of ours. */
  async adopt(found: VenueOrder): Promise<boolean> {
    const { clientOrderId } = found;
    const purpose = this.#ids.purposeOf(clientOrderId);
    if (purpose === undefined || clientOrderId === null) return false;
    const { symbol, side, type, amount, limitPrice, stopPrice, reduceOnly, updatedAt } = found;
    const told = { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly };
    this.recordSent({ ...told, purpose, decisionId: null, createdAt: updatedAt, expiresAt: null });
    await this.learn(found);
    return true;
  }

  /** Records an order that was sent by other means. */
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
   * Asks about one frozen symbol: whose its unclaimed fills are, each of these orders by its id, then the fills.
   * Anything without an answer leaves it frozen.
   *
   * @throws VenueError when the venue does not answer.
   */
  async resolve(symbol: string, orders: readonly Order[]): Promise<boolean> {
    const { doubts } = this.#trust;
    await this.#readFills(
      symbol,
      Math.min(this.#oldest(symbol), ...orders.map(({ createdAt }) => createdAt)),
    );
    const claimed = await this.#claim(symbol);
    const working = new Map((await this.#exchange.openOrders()).map((each) => [each.clientOrderId, each]));
    const settled = await Promise.all(orders.map((order) => this.#settle(order, working)));
    // Something else was put in doubt while the venue was being asked.
    if (!claimed || settled.includes(false) || this.#trust.doubts !== doubts) return false;
    this.#trust.thaw(symbol);
    this.#log.info({ symbol }, `${symbol} is no longer frozen`);
    return true;
  }

  /** @returns whether the order is no longer in doubt. */
  async #settle(order: Order, working: ReadonlyMap<ClientOrderId | null, VenueOrder>): Promise<boolean> {
    const { clientOrderId: id, symbol, createdAt } = order;
    const lookup = await this.#exchange.order(refOf(order));
    // An order that the venue lists is there, whatever its look-up says of it.
    const found = lookup.kind === 'found' ? lookup.order : working.get(id);
    if (found !== undefined) return this.learn(found);
    const isNowhere = this.#absence.note(id, this.#timers.monotonicMs());
    const wasSent = order.status !== 'INTENT';
    if (wasSent && !isNowhere) return false;
    // What was there and is no longer told of may have filled.
    await this.#readFills(symbol, createdAt);
    this.#absence.forget(id);
    const reason = wasSent ? 'the venue knows of no such order' : 'it was never sent';
    const now = this.#tracker.order(id);
    if (now !== undefined && !isFinal(now.status)) this.#tracker.move(id, 'CANCELED', { reason });
    return true;
  }

  /** Finds out whose the symbol's unclaimed fills are. @returns whether none is left. */
  async #claim(symbol: string): Promise<boolean> {
    const fills = [...this.#unclaimed].filter(([, fill]) => fill.symbol === symbol);
    const claimed = await Promise.all(fills.map(([key, fill]) => this.#claimOne(key, fill)));
    return !claimed.includes(false);
  }

  async #claimOne(key: string, fill: VenueFill): Promise<boolean> {
    const { symbol, clientOrderId, venueOrderId } = fill;
    const found = await this.#lookUp(symbol, clientOrderId, venueOrderId);
    const isOurs = found !== undefined && (await this.#isOurs(found));
    // Its order may not be listed yet; a venue that cannot tell for that long will not tell at all.
    if (found === undefined && !this.#absence.note(key, this.#timers.monotonicMs())) return false;
    this.#absence.forget(key);
    this.#unclaimed.delete(key);
    if (isOurs) this.count(fill);
    else if (this.#ids.purposeOf(clientOrderId) === undefined) this.#tracker.countExternal(fill);
    else this.#countOrphan(fill);
    return true;
  }

  /** Whether an order, or the one that it came from, is ours; takes it over where the ledger does not have it. */
  async #isOurs(found: VenueOrder): Promise<boolean> {
    if (this.#tracker.ownerOf(found) !== undefined) {
      this.#tracker.settle(found);
      return true;
    }
    if (await this.adopt(found)) return true;
    const { symbol, parentVenueOrderId } = found;
    if (parentVenueOrderId === null) return false;
    const parent = await this.#lookUp(symbol, null, parentVenueOrderId);
    if (parent === undefined || !(await this.#isOurs(parent))) return false;
    this.#tracker.settle(found);
    return true;
  }

  async #lookUp(
    symbol: string,
    clientOrderId: VenueFill['clientOrderId'],
    venueOrderId: VenueFill['venueOrderId'],
  ): Promise<VenueOrder | undefined> {
    const lookup = await this.#exchange.order({ symbol, clientOrderId, venueOrderId, type: 'market' });
    return lookup.kind === 'found' ? lookup.order : undefined;
  }

  /** A fill with an id of ours whose order neither the ledger nor the venue has any more: the fill tells what it was. */
  #countOrphan(fill: VenueFill): void {
    const { clientOrderId, symbol, side, amount, time } = fill;
    const purpose = this.#ids.purposeOf(clientOrderId);
    if (clientOrderId === null || purpose === undefined) return;
    const told = { clientOrderId, symbol, side, purpose, amount, reduceOnly: purpose !== 'entry' } as const;
    this.recordSent({
      ...told,
      type: 'market',
      limitPrice: null,
      stopPrice: null,
      decisionId: null,
      createdAt: time,
      expiresAt: null,
    });
    this.count(fill);
  }

  #oldest(symbol: string): UtcMs {
    const fills = [...this.#unclaimed.values()].filter((fill) => fill.symbol === symbol);
    return Math.min(this.#clocks.market.now(), ...fills.map(({ time }) => time));
  }

  #readFills(symbol: string, since: UtcMs): Promise<void> {
    return this.#fills.read(symbol, since);
  }
}
