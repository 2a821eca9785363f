import type { ExecutionSettings, Side } from '../contract/index.ts';
import {
  add,
  applyFilters,
  type BaseAmount,
  type ClientOrderId,
  type Clock,
  ceilTo,
  type DecisionId,
  type EntryExpectation,
  type Exchange,
  type Fill,
  type FilterResult,
  floorTo,
  type Instrument,
  isFinal,
  maximum,
  minimum,
  type Order,
  type Price,
  price,
  scale,
  subtract,
  sum,
  type UtcMs,
  ZERO_BASE,
} from '../domain/index.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { OrderManager } from './orders/order-manager.ts';
import type { PlaceResult } from './orders/order-sender.ts';

/** How long an entry tries to make, within which prices, and what becomes of what has not filled by then. */
export type MakerRules = Pick<ExecutionSettings, 'bandBps' | 'repriceMs' | 'timeoutMs' | 'afterTimeout'>;

/** An entry that was decided on. */
export interface WantedEntry {
  readonly symbol: string;
  readonly side: Side;
  readonly amount: BaseAmount;
  readonly decisionId: DecisionId;
  /** Of the bar that was decided on: what the orders' ids are made from. */
  readonly barOpenTime: UtcMs;
  /** What it was decided at, which the band lies about, and what getting in was expected to cost. */
  readonly expected: EntryExpectation;
  /** When nothing of it is wanted any more. */
  readonly expiresAt: UtcMs;
  /** Told of each order right before it leaves. */
  readonly onOrder: (id: ClientOrderId) => void;
  /** Told of each order that the venue does not have after all. */
  readonly onNone: (id: ClientOrderId) => void;
  /**
   * Why the entry must not go on at a price, or null. Asked at each price; with an amount right before so much more of it
   * is sent.
   */
  readonly obstacle: (at: Price, more: BaseAmount | null) => string | null;
}

export interface MakerEntriesOptions {
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly exchange: Pick<Exchange, 'costs' | 'profile'>;
  readonly instruments: (symbol: string) => Instrument | undefined;
  readonly clock: Clock;
}

/** An entry on its way. At most one order of it works at a time. */
interface Entry {
  readonly wanted: WantedEntry;
  readonly rules: MakerRules;
  /** When making is over. */
  readonly deadline: UtcMs;
  /** Every order of it so far. */
  readonly ids: ClientOrderId[];
  stage: 'making' | 'taking';
  /** The order that has not ended; null between two. */
  present: ClientOrderId | null;
  presentLimit: Price;
  sentAt: UtcMs;
  /** Why the present order is being taken back; null: nobody here has asked for that. */
  leaving: 'again' | 'for-good' | null;
  /** The last price told. */
  at: Price;
}

const BPS = 10_000;

/**
 * Entries that make before they take. A post-only limit rests at the touch, half a spread on its own side of the price; when
 * that has moved for `repriceMs`, the order is taken back, and only when it has surely ended, with its fills counted, the
 * rest is placed anew. Never further than the band from the decision's price. What has not filled by the time-out is
 * given up, or taken by a limit at the edge of the band, for as long again as until a new price.
 *
 * Everything happens by the market's clock and by what the venue tells: at each price, and when an order ends. So a
 * backtest runs this very code. Nothing is remembered over a restart: the order that works then ends at its time, as
 * every entry's does.
 */
export class MakerEntries {
  readonly #options: MakerEntriesOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: MakerEntriesOptions) {
    this.#options = options;
  }

  /** Whether an entry of a symbol is under way, also between two of its orders. */
  has(symbol: string): boolean {
    return this.#entries.has(symbol);
  }

  /** Begins. @returns what the first order came to; one that the venue does not let rest is tried again. */
  async begin(wanted: WantedEntry, rules: MakerRules): Promise<PlaceResult> {
    const now = this.#options.clock.now();
    const entry: Entry = {
      wanted,
      rules,
      deadline: Math.min(now + rules.timeoutMs, wanted.expiresAt),
      ids: [],
      stage: 'making',
      present: null,
      presentLimit: wanted.expected.price,
      sentAt: now,
      leaving: null,
      at: wanted.expected.price,
    };
    this.#entries.set(wanted.symbol, entry);
    const { symbol, barOpenTime } = wanted;
    const id = this.#options.ids.make({ symbol, time: barOpenTime, purpose: 'entry', ordinal: 0 });
    const result = await this.#make(entry, id);
    // What an earlier process sent is left to its time; what could not leave is not tried again unasked.
    if (result.outcome === 'known' || result.outcome === 'refused') this.#forget(entry);
    return result;
  }

  /** A symbol's price: time for another one, or for the end. */
  price(symbol: string, at: number): void {
    const entry = this.#entries.get(symbol);
    if (entry === undefined) return;
    entry.at = price(at);
    if (entry.wanted.obstacle(entry.at, null) !== null) this.#stop(entry);
    else if (entry.stage === 'making') this.#look(entry);
  }

  /** Ends a symbol's entry: its position is being closed, or was stopped out. */
  end(symbol: string): void {
    const entry = this.#entries.get(symbol);
    if (entry !== undefined) this.#stop(entry);
  }

  /** What rests was judged by terms that hold no more: it is taken back, and the rest of an entry that makes judged anew. */
  judgeAnew(): void {
    for (const entry of this.#entries.values()) this.#leaveAnew(entry);
  }

  /** Takes back everything that rests: nobody will follow it any more. */
  async close(): Promise<void> {
    const resting = [...this.#entries.values()].flatMap(({ present }) => present ?? []);
    this.#entries.clear();
    await Promise.all(resting.map((id) => this.#options.orders.cancel(id)));
  }

  /** An order has changed. One of ours that has ended lets the entry go on. */
  onOrder(order: Order): void {
    const entry = this.#entries.get(order.symbol);
    if (entry === undefined || entry.present !== order.clientOrderId || !isFinal(order.status)) return;
    const { leaving } = entry;
    entry.present = null;
    entry.leaving = null;
    if (entry.stage === 'taking' || leaving === 'for-good' || order.status === 'FILLED') this.#forget(entry);
    else if (this.#isTimeUp(entry, order)) this.#timeUp(entry);
    else if (leaving === 'again') void this.#make(entry, this.#nextId(entry));
    // One that would have taken is tried again at a later price; what others took back is not wanted any more.
    else if (order.status !== 'REJECTED') this.#forget(entry);
  }

  /** A fill of an order that had ended here leaves less to be placed than was thought. */
  onFill({ symbol, clientOrderId }: Fill): void {
    const entry = this.#entries.get(symbol);
    if (entry === undefined || clientOrderId === null || clientOrderId === entry.present) return;
    if (entry.ids.includes(clientOrderId)) this.#leaveAnew(entry);
  }

  #look(entry: Entry): void {
    const now = this.#options.clock.now();
    if (now >= entry.deadline) {
      if (entry.present === null) this.#timeUp(entry);
      else this.#leave(entry, 'again');
    } else if (now >= entry.sentAt + entry.rules.repriceMs) {
      if (entry.present === null) void this.#make(entry, this.#nextId(entry));
      else if (!this.#limitOf(entry).eq(entry.presentLimit)) this.#leave(entry, 'again');
    }
  }

  /** The venue's word counts as well: it ends an order within a step, and the clock is behind that until the step is over. */
  #isTimeUp({ deadline }: Entry, { status }: Order): boolean {
    const { clock, exchange } = this.#options;
    return clock.now() >= deadline || (exchange.profile.goodTillDate && status === 'EXPIRED');
  }

  #timeUp(entry: Entry): void {
    const { afterTimeout, repriceMs } = entry.rules;
    const { expiresAt } = entry.wanted;
    const until = Math.min(expiresAt, Math.max(this.#options.clock.now(), entry.deadline) + repriceMs);
    const limit = this.#edgeOf(entry);
    const { at } = entry;
    const isOutside = entry.wanted.side === 'buy' ? at.gt(limit) : at.lt(limit);
    if (afterTimeout === 'give-up' || isOutside || until <= entry.deadline) {
      this.#forget(entry);
      return;
    }
    entry.stage = 'taking';
    void this.#send(entry, this.#nextId(entry), limit, until);
  }

  #make(entry: Entry, id: ClientOrderId): Promise<PlaceResult> {
    return this.#send(entry, id, this.#limitOf(entry), entry.deadline);
  }

  /** Sends what is left. Synchronous up to the venue. */
  async #send(entry: Entry, id: ClientOrderId, limitPrice: Price, expiresAt: UtcMs): Promise<PlaceResult> {
    const { wanted, stage } = entry;
    const { symbol, side, decisionId, expected } = wanted;
    entry.sentAt = this.#options.clock.now();
    const fitted = this.#fitted(entry, limitPrice);
    if (!fitted.ok) return this.#nothingSent(entry, fitted.code, fitted.message);
    const { amount } = fitted.order;
    // The first order was reviewed a moment ago.
    const obstacle = entry.ids.length === 0 ? null : wanted.obstacle(entry.at, amount);
    if (obstacle !== null) return this.#nothingSent(entry, 'entry-ended', obstacle);
    entry.present = id;
    entry.presentLimit = limitPrice;
    entry.ids.push(id);
    wanted.onOrder(id);
    const result = await this.#options.orders.place({
      ...{ clientOrderId: id, symbol, side, amount, limitPrice, decisionId, expiresAt, expected },
      type: 'limit',
      purpose: 'entry',
      stopPrice: null,
      reduceOnly: false,
      ...(stage === 'making' ? { postOnly: true } : {}),
    });
    if (result.outcome !== 'rejected' && result.outcome !== 'refused') return result;
    wanted.onNone(id);
    // One whose intent was written has told of its end already.
    if (entry.present === id) entry.present = null;
    if (stage === 'taking') this.#forget(entry);
    return result;
  }

  #nothingSent(entry: Entry, code: string, message: string): PlaceResult {
    this.#forget(entry);
    return { outcome: 'refused', order: null, code, message };
  }

  /** What is left, as the venue takes it. */
  #fitted({ wanted, ids, at }: Entry, limitPrice: Price): FilterResult {
    const { symbol, side, amount } = wanted;
    const { instruments, orders } = this.#options;
    const instrument = instruments(symbol);
    if (instrument === undefined) {
      return { ok: false, code: 'price-missing', message: `the venue does not list ${symbol} any more` };
    }
    const filled = ids.map((id) => orders.order(id)?.filledAmount ?? ZERO_BASE);
    const left = subtract(amount, sum(ZERO_BASE, filled));
    const order = { side, amount: left, limitPrice, type: 'limit', reduceOnly: false } as const;
    return applyFilters(instrument, order, at);
  }

  /** Where it rests: at the touch, as far as the band goes. */
  #limitOf(entry: Entry): Price {
    const { wanted, at } = entry;
    const { symbol, side } = wanted;
    const halfSpread = this.#options.exchange.costs(symbol).spreadBps / 2 / BPS;
    const edge = this.#edgeOf(entry);
    const isBuy = side === 'buy';
    const touch = scale(at, isBuy ? 1 - halfSpread : 1 + halfSpread);
    const onTick = this.#onTick(symbol, side, touch);
    return isBuy ? minimum(edge, onTick) : maximum(edge, onTick);
  }

  /** The worst price that is still within the band. */
  #edgeOf({ wanted, rules }: Entry): Price {
    const { symbol, side, expected } = wanted;
    const band = scale(expected.price, rules.bandBps / BPS);
    const edge = (side === 'buy' ? add : subtract)(expected.price, band);
    return this.#onTick(symbol, side, edge);
  }

  /** Never in the trader's disfavour. */
  #onTick(symbol: string, side: Side, at: Price): Price {
    const tickSize = this.#options.instruments(symbol)?.tickSize;
    return tickSize === undefined ? at : (side === 'buy' ? floorTo : ceilTo)(at, tickSize);
  }

  #nextId({ wanted }: Entry): ClientOrderId {
    const { symbol, barOpenTime } = wanted;
    const { ids, orders } = this.#options;
    return ids.firstFree({ symbol, time: barOpenTime, purpose: 'entry' }, (id) => orders.isTaken(id));
  }

  /** Takes the present order back; when it has ended, what has become of it says how the entry goes on. */
  #leave(entry: Entry, how: 'again' | 'for-good'): void {
    if (entry.present === null || entry.leaving === 'for-good') return;
    const isUnderWay = entry.leaving !== null;
    entry.leaving = how;
    if (!isUnderWay) void this.#options.orders.withdraw(entry.present);
  }

  /** What is left is placed anew, where it still may be; what takes is not tried twice. */
  #leaveAnew(entry: Entry): void {
    this.#leave(entry, entry.stage === 'making' ? 'again' : 'for-good');
  }

  #stop(entry: Entry): void {
    if (entry.present === null) this.#forget(entry);
    else this.#leave(entry, 'for-good');
  }

  #forget(entry: Entry): void {
    if (this.#entries.get(entry.wanted.symbol) === entry) this.#entries.delete(entry.wanted.symbol);
  }
}
