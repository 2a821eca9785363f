import type { Side } from '../../contract/index.ts';
import {
  type BaseAmount,
  type ClientOrderId,
  type Clocks,
  type Exchange,
  isFinal,
  type Logger,
  type Order,
  type OrderLookup,
  type StateStore,
  type Timers,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
} from '../../domain/index.ts';
import { Absence } from './absence.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import { FillMarks } from './fill-marks.ts';
import { FillReader } from './fill-reader.ts';
import type { OrderTracker } from './order-tracker.ts';
import type { SymbolTrust } from './symbol-trust.ts';
import { UnclaimedFills } from './unclaimed-fills.ts';

export interface VenueInquiryOptions {
  readonly exchange: Exchange;
  readonly tracker: OrderTracker;
  readonly trust: SymbolTrust;
  /** Keeps up to where the venue's fills were read. */
  readonly state: StateStore;
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly log: Logger;
  /** From when on fills are to be read of a symbol of which the ledger has none. Default: the start. */
  readonly fillsFrom?: UtcMs;
  /** Recognises orders of ours that the ledger does not have. */
  readonly ids: ClientOrderIds;
  /** A symbol has just been frozen: the venue is to be asked about it. */
  readonly onDoubt: (symbol: string) => void;
  /** It is no longer frozen: what doubt held back can be sent. */
  readonly onCertainty: (symbol: string) => void;
}

/** How much further back than the last account event known others are asked for. */
const EVENT_OVERLAP_MS = 3_600_000;
/** By how much more a venue must be asked that cannot tell of an order than one that says that it is absent. */
const MORE_PATIENCE = 3;

/** Asks the venue and takes over what it answers. It never sends or cancels anything. */
export class VenueInquiry {
  readonly #options: VenueInquiryOptions;
  readonly #tracker: OrderTracker;
  readonly #fills: FillReader;
  readonly #absence: Absence;
  /** Orders that the venue neither finds nor lists, whatever it says of them instead. */
  readonly #silence: Absence;
  readonly #unclaimed: UnclaimedFills;

  constructor(options: VenueInquiryOptions) {
    const { exchange, tracker, clocks } = options;
    this.#options = options;
    this.#tracker = tracker;
    const { answers, windowMs } = exchange.profile.absence;
    this.#absence = new Absence({ answers, windowMs });
    this.#silence = new Absence({ answers: answers * MORE_PATIENCE, windowMs: windowMs * MORE_PATIENCE });
    const count = (fill: VenueFill): void => this.count(fill);
    this.#unclaimed = new UnclaimedFills({
      ...options,
      absence: this.#absence,
      count,
      learn: (found) => this.learn(found),
    });
    const marks = new FillMarks({
      ...options,
      venue: exchange.id,
      isDurable: (symbol, until) => tracker.isDurable && this.#unclaimed.oldest(symbol) > until,
    });
    this.#fills = new FillReader({ exchange, marks, clock: clocks.market, onFill: count });
  }

  /**
   * Counts a fill; one whose order is not known, or had ended, freezes the symbol until the venue has been asked. One
   * that cannot be is not counted and does so as well: what the venue tells beside it may be wrong too.
   */
  count(told: VenueFill): void {
    const { symbol, tradeId } = told;
    const fault = this.#tracker.faultOf(told);
    if (fault !== null) {
      this.doubt(symbol, `the fill ${tradeId} cannot be: ${fault}`);
      return;
    }
    // The ledger keeps whole milliseconds.
    const fill = { ...told, time: Math.floor(told.time) };
    const result = this.#tracker.count(fill);
    if (result === 'late') this.doubt(symbol, `the fill ${tradeId} is of an order that had ended here`);
    if (result !== 'whose' || !this.#unclaimed.add(fill)) return;
    this.doubt(symbol, `it is not known yet whose the fill ${tradeId} is`);
  }

  /** How much of a symbol was bought or sold by fills of which it is not known yet whose they are. */
  unclaimedAmount(symbol: string, side: Side): BaseAmount {
    return this.#unclaimed.amount(symbol, side);
  }

  /**
   * Counts the symbol's fills since the last known one, since the oldest unfinished order was made, and since the oldest
   * that counts as cancelled since a while: it may only have been out of the venue's sight.
   */
  async replayFills(symbol: string): Promise<void> {
    const moments = this.#tracker.unfinished(symbol).map(({ createdAt }) => createdAt);
    const { clocks, fillsFrom = clocks.market.now() } = this.#options;
    const last = this.#tracker.record.lastFillAt(symbol) ?? fillsFrom;
    await this.#fills.read(symbol, Math.min(last, this.#tracker.mayBeMissingSince(symbol), ...moments));
  }

  /** Counts money that moved by other ways than fills since the last known event. */
  async replayAccountEvents(): Promise<void> {
    const since = this.#tracker.record.accountEventsFrom(EVENT_OVERLAP_MS);
    const events = await this.#options.exchange.accountEvents(since);
    for (const event of events) this.#tracker.countAccountEvent(event);
  }

  /** Takes over what the venue announces of an order. @returns whether that is all there is to be learnt. */
  hear(told: VenueOrder): boolean {
    const order = this.#tracker.hear(told);
    if (order === undefined) return true;
    this.#seen(order.clientOrderId);
    if (this.#tracker.fillsMissing(order.clientOrderId)) return false;
    this.#settle(order, told);
    return true;
  }

  /**
   * Takes over what the venue says of an order, its fills before its status. Never rejects: fills that it does not
   * give freeze the symbol, and the order counts as unfinished until they have come.
   *
   * @param fills `always` after a cancel: not every venue's answer to one says what had filled. Or a reading of the
   * symbol's fills that began after the answer.
   * @returns whether everything was told.
   */
  async learn(
    answer: VenueOrder,
    fills: 'when-missing' | 'always' | Promise<void> = 'when-missing',
  ): Promise<boolean> {
    const order = this.#tracker.hear(answer);
    if (order === undefined) return true;
    const { clientOrderId, symbol } = order;
    this.#seen(clientOrderId);
    try {
      if (typeof fills !== 'string') await fills;
      else if (fills === 'always' || this.#tracker.fillsMissing(clientOrderId)) {
        await this.#fills.read(symbol, order.createdAt);
      }
    } catch (error) {
      this.#leaveOpen(
        order,
        answer,
        `the fills of order ${clientOrderId} could not be fetched: ${String(error)}`,
      );
      return false;
    }
    if (this.#tracker.fillsMissing(clientOrderId)) {
      this.#leaveOpen(order, answer, `the venue says order ${clientOrderId} filled more than its fills tell`);
      return false;
    }
    this.#settle(order, answer);
    return true;
  }

  /** Takes over an order of ours that the ledger does not have. False when it is not one of ours. */
  async adopt(found: VenueOrder): Promise<boolean> {
    return this.#unclaimed.adopt(found) && this.learn(found);
  }

  /** Freezes a symbol until `resolve` has the venue's answer. */
  doubt(symbol: string, reason: string): void {
    const { log, trust, onDoubt } = this.#options;
    log.warn({ symbol }, `${symbol} is frozen: ${reason}`);
    trust.freeze(symbol, reason);
    onDoubt(symbol);
  }

  /**
   * Asks about one frozen symbol: its fills and whose they are, and each order by its id. Anything without an answer
   * leaves it frozen.
   *
   * @param orders that are in question, as they stand at the time.
   * @throws VenueError when the venue does not answer.
   */
  async resolve(symbol: string, orders: () => readonly Order[]): Promise<boolean> {
    const { trust, exchange, clocks, log, onCertainty } = this.#options;
    const doubts = trust.doubtsOf(symbol);
    const oldest = Math.min(
      clocks.market.now(),
      this.#unclaimed.oldest(symbol),
      ...orders().map(({ createdAt }) => createdAt),
    );
    await this.#fills.read(symbol, oldest);
    const claimed = await this.#unclaimed.claim(symbol);
    const working = await exchange.openOrders({ symbols: [symbol] });
    const asked = await Promise.all(orders().map((order) => this.#ask(order, working)));
    // Something else was put in doubt while the venue was being asked.
    if (!claimed || asked.includes(false) || trust.doubtsOf(symbol) !== doubts) return false;
    trust.thaw(symbol);
    log.info({ symbol }, `${symbol} is no longer frozen`);
    onCertainty(symbol);
    return true;
  }

  /** @returns whether the order is no longer in doubt. */
  async #ask(order: Order, working: readonly VenueOrder[]): Promise<boolean> {
    const lookup = await this.lookUp(order);
    const answeredMs = this.#options.timers.monotonicMs();
    const own = working.filter((told) => this.#owns(order, told));
    const listed = own.find((told) => !this.#tracker.isReplaced(order, told));
    if (lookup.kind === 'found') {
      // The order that a stop has become says more than the stop.
      const isChild = listed !== undefined && listed.parentVenueOrderId !== null;
      return this.#found(order, isChild ? listed : lookup.order, answeredMs);
    }
    // An order that the venue lists is there, whatever its look-up says of it.
    if (listed !== undefined) return this.#found(order, listed, answeredMs);
    if (own.length > 0) this.#silence.forget(order.clientOrderId);
    return this.#notFound(order, lookup, answeredMs);
  }

  /** What the venue says of one of our orders. @throws VenueError when it does not answer. */
  async lookUp(order: Order): Promise<OrderLookup> {
    const lookup = await this.#options.exchange.order(this.#tracker.refOf(order));
    if (lookup.kind !== 'found') return lookup;
    const told = answerTo(order, lookup.order);
    const isAbout = this.#owns(order, told) && !this.#tracker.isReplaced(order, told);
    if (isAbout) return { kind: 'found', order: told };
    return { kind: 'cannot-tell', reason: 'the venue answered with another order' };
  }

  #owns({ clientOrderId }: Order, told: VenueOrder): boolean {
    return this.#tracker.ownerOf(told)?.clientOrderId === clientOrderId;
  }

  async #found(order: Order, answer: VenueOrder, answeredMs: number): Promise<boolean> {
    const { clientOrderId: id } = order;
    if (await this.learn(answer)) return !this.#tracker.isStray(id);
    // It was once told as filled, and has ended with what its fills tell: said often enough, that is the truth.
    const isBelied = isFinal(answer.status) && answer.filledAmount.lte(order.filledAmount);
    const key = `fills of ${id}`;
    if (isBelied && !this.#absence.note(key, answeredMs)) return false;
    this.#absence.forget(key);
    if (!isBelied) return false;
    this.#tracker.forgetUntold(id);
    const status = answer.status === 'FILLED' ? 'CANCELED' : answer.status;
    this.#settle(order, {
      ...answer,
      status,
      reason: answer.reason ?? 'the venue tells no more fills of it',
    });
    return true;
  }

  /** The venue neither finds an order nor lists it. @returns whether it is no longer in doubt. */
  async #notFound(order: Order, lookup: OrderLookup, answeredMs: number): Promise<boolean> {
    const { clientOrderId: id, symbol, side, createdAt, status, purpose } = order;
    const isAbsent = lookup.kind === 'absent';
    if (!isAbsent) this.#absence.forget(id);
    // Venues forget orders that have ended: what one no longer tells of, and does not work, is over after a while.
    const hasBeenSilent = this.#silence.note(id, answeredMs);
    const isNowhere = (isAbsent && this.#absence.note(id, answeredMs)) || hasBeenSilent;
    // What reduces is sent also while its being sent cannot be written down.
    const wasSent = status !== 'INTENT' || purpose !== 'entry';
    // It may be there under another id. What reduces is not held up by that for good, where nothing of the kind has filled.
    const mayHaveActed = purpose === 'entry' || this.unclaimedAmount(symbol, side).gt(0);
    if (wasSent && lookup.kind === 'cannot-tell' && lookup.isBlind === true && mayHaveActed) {
      this.#seen(id);
      this.#options.trust.explain(symbol, lookup.reason);
      return false;
    }
    // What an entry is said to have filled is there, whatever else the venue does not find.
    if (this.#tracker.fillsMissing(id) && order.type !== 'stop') return false;
    if (wasSent && !isNowhere) return false;
    // What was there and is no longer told of may have filled.
    await this.#fills.read(symbol, createdAt);
    // The venue told of it by another way meanwhile.
    if (!this.#silence.stands(id) || this.#tracker.order(id) !== order) return false;
    this.#seen(id);
    this.#tracker.forgetStray(id);
    const known = isAbsent ? 'the venue knows of no such order' : 'the venue no longer tells of it';
    this.#tracker.move(id, 'CANCELED', { reason: wasSent ? known : 'it was never sent' });
    return true;
  }

  /** The venue has spoken of an order. */
  #seen(id: ClientOrderId): void {
    this.#absence.forget(id);
    this.#silence.forget(id);
  }

  #settle({ symbol, clientOrderId }: Order, answer: VenueOrder): void {
    this.#tracker.settle(answer);
    if (!this.#tracker.isStray(clientOrderId)) return;
    this.doubt(symbol, `order ${clientOrderId} had ended here and works at the venue`);
  }

  /** The venue told of an order, and not yet of all its fills: until then it is not over. */
  #leaveOpen({ clientOrderId: id, symbol }: Order, answer: VenueOrder, reason: string): void {
    this.#tracker.move(id, 'UNKNOWN', { venueOrderId: answer.venueOrderId, reason });
    this.#tracker.noteStray(id, answer);
    this.doubt(symbol, reason);
  }
}

/** An answer to a question about an order is about that order, where the venue leaves out or changes our id of it. */
export function answerTo({ clientOrderId }: Order, answer: VenueOrder): VenueOrder {
  return answer.clientOrderId === null ? { ...answer, clientOrderId } : answer;
}
