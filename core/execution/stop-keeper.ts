import {
  absolute,
  applyFilters,
  type BaseAmount,
  type Clock,
  floorTo,
  type Instrument,
  type Logger,
  type Order,
  type Price,
  remainingOf,
  subtract,
  sum,
  type Timers,
  text,
  type VenueProfile,
  ZERO_BASE,
} from '../domain/index.ts';
import { isClose } from './orders/admission.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import { isDerivative } from './orders/markets.ts';
import type { OrderManager } from './orders/order-manager.ts';
import type { PlaceResult } from './orders/order-sender.ts';
import { Pursuit } from './orders/pursuit.ts';
import type { VenuePatience } from './orders/venue-patience.ts';

/** Where the plan for each position is read. */
export interface StopPlans {
  /** Where a symbol's position is to be closed; null: there is no plan to protect it by. */
  stopPrice(symbol: string): Price | null;
}

export interface StopKeeperOptions {
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly plans: StopPlans;
  readonly instruments: (symbol: string) => Instrument | undefined;
  readonly profile: Pick<VenueProfile, 'nativeStops' | 'maxStops'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly patience: VenuePatience;
  readonly log: Logger;
}

/** What should rest at the venue for a symbol. */
interface Wanted {
  readonly side: 'buy' | 'sell';
  readonly amount: BaseAmount;
  readonly stopPrice: Price;
}

/** How long to wait before each further try to bring the venue's stops in line. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000, 15_000, 60_000] as const;

/**
 * Keeps protective stops at the venue that add up to what is held, whatever that becomes. What a fill adds gets a
 * stop of its own before the announcement of that fill ends, so that growing leaves no moment unprotected. Shrinking
 * and another price are a saga. On derivatives, where two reduce-only stops may stand side by side, the new one is
 * placed before the old ones are cancelled: the position is never without, and where both have stayed the newer is
 * kept. On spot, where the old one holds the coins: cancel what is wrong, count what it filled, and only then place
 * anew. A flat symbol's orphaned stops are swept. What does not work is tried again until it does.
 */
export class StopKeeper {
  readonly #options: StopKeeperOptions;
  readonly #pursuit: Pursuit;
  /** Symbols whose stop is being replaced; what changes meanwhile is looked at when that is done. */
  readonly #replacing = new Set<string>();

  constructor(options: StopKeeperOptions) {
    this.#options = options;
    this.#pursuit = new Pursuit({
      ...options,
      goal: 'keeping the stop at the venue',
      attempt: (symbol) => this.#align(symbol),
      pausesMs: PAUSES_MS,
    });
  }

  /** Brings a symbol's stops in line with what is held and with the plan. */
  follow(symbol: string): void {
    void this.#tryOnce(symbol);
  }

  /** The same a moment later: for when the venue has just ended or refused a stop. */
  followSoon(symbol: string): void {
    this.#pursuit.begin(symbol);
  }

  /** Tries no more. Stops that rest at the venue stay there. */
  close(): void {
    this.#pursuit.close();
  }

  /** Whether stops that the venue has confirmed cover everything held that can be traded. */
  covers(symbol: string): boolean {
    const resting = this.#resting(symbol);
    return resting.length > 0 && sumOf(resting).gte(this.#tradable(symbol));
  }

  /** Whether the venue works a close of everything held that can be traded. */
  isClosing(symbol: string): boolean {
    const side = this.#closingSide(symbol);
    const closes = this.#options.orders.unfinished(symbol).filter(isClose);
    const confirmed = closes.filter((close) => isResting(close) && close.side === side);
    return confirmed.length > 0 && sumOf(confirmed).gte(this.#tradable(symbol));
  }

  /** Whether anything is held of which the venue would take a stop. */
  isNeeded(symbol: string): boolean {
    const amount = this.#tradable(symbol);
    const stopPrice = this.#options.plans.stopPrice(symbol);
    if (stopPrice === null) return amount.gt(0);
    const side = this.#closingSide(symbol);
    return this.#fitted(symbol, { side, amount, stopPrice }) !== null;
  }

  /** Price of the stop at the venue, else of the plan. */
  stopPrice(symbol: string): Price | null {
    const [stop] = this.#resting(symbol);
    return stop?.stopPrice ?? this.#options.plans.stopPrice(symbol);
  }

  async #tryOnce(symbol: string): Promise<void> {
    try {
      if (await this.#align(symbol)) return;
    } catch (error) {
      this.#options.log.error({ symbol, error }, 'the stop at the venue could not be brought in line');
    }
    this.#pursuit.begin(symbol);
  }

  /** Synchronous up to the exchange. @returns whether nothing is left to be tried again. */
  async #align(symbol: string): Promise<boolean> {
    // Whoever replaces looks again.
    if (this.#replacing.has(symbol)) return true;
    const wanted = this.#wanted(symbol);
    const working = this.#working(symbol);
    const right = working.filter((stop) => this.#isRight(stop, wanted));
    const wrong = working.filter((stop) => !right.includes(stop));
    if (wanted === 'none' || wanted === 'as it is') {
      return wrong.length === 0 || this.#cancel(symbol, wrong);
    }
    const missing = subtract(wanted.amount, sumOf(right));
    if (missing.isZero()) {
      if (wrong.length === 0) return true;
      // What is not there for sure takes nothing's place.
      return right.every(isResting) && this.#cancel(symbol, wrong);
    }
    if (right.length === 0 && wrong.length === 0)
      return this.#isDone(symbol, await this.#place(symbol, wanted));
    const hasRoom = working.length < this.#options.profile.maxStops - 1;
    const more = hasRoom ? this.#fitted(symbol, { ...wanted, amount: missing }) : null;
    if (more === null) {
      const kept = newestOf(right, wanted.amount);
      // Too much, or too little for a stop of its own: one new stop for all of it.
      if (kept.length === 0) return this.#replace(symbol, working, wanted);
      // What came in their place and is there covers all of it: the older ones go, whatever kept them until now.
      const surplus = working.filter((stop) => !kept.includes(stop));
      return kept.every(isResting) && this.#cancel(symbol, surplus);
    }
    if (wrong.length > 0) return this.#replace(symbol, wrong, more);
    return this.#isDone(symbol, await this.#place(symbol, more));
  }

  /** What others do may turn a position round: a stop that would enlarge it protects nothing. */
  #isRight({ symbol, side, stopPrice }: Order, wanted: Wanted | 'none' | 'as it is'): boolean {
    if (wanted === 'none' || side !== this.#closingSide(symbol)) return false;
    return wanted === 'as it is' || (stopPrice !== null && text(stopPrice) === text(wanted.stopPrice));
  }

  /**
   * `none` for a flat symbol, one that is just being closed, and a remainder too small for the venue. `as it is` where
   * something is held by no plan: whatever protects it is not taken away.
   */
  #wanted(symbol: string): Wanted | 'none' | 'as it is' {
    const { orders, plans, profile } = this.#options;
    const held = orders.heldUnits(symbol);
    if (!profile.nativeStops || held.isZero()) return 'none';
    const isClosing = orders.unfinished(symbol).some(isClose);
    if (isClosing && !isDerivative(symbol)) return 'none';
    const stopPrice = plans.stopPrice(symbol);
    if (stopPrice === null) return 'as it is';
    const side = this.#closingSide(symbol);
    return this.#fitted(symbol, { side, amount: absolute(held), stopPrice }) ?? 'none';
  }

  /** The stop as the venue takes it; null when it is below one of the venue's minimums. */
  #fitted(symbol: string, wanted: Wanted): Wanted | null {
    const instrument = this.#options.instruments(symbol);
    // Where the venue says nothing of the market it is left to it what it takes.
    if (instrument === undefined) return wanted.amount.gt(0) ? wanted : null;
    const { side, amount, stopPrice } = wanted;
    const order = { side, amount, stopPrice, type: 'stop', reduceOnly: true } as const;
    const fitted = applyFilters(instrument, order, stopPrice);
    return fitted.ok ? { side, stopPrice, ...fitted.order } : null;
  }

  #place(symbol: string, { side, amount, stopPrice }: Wanted): Promise<PlaceResult> {
    const { orders, ids, clock } = this.#options;
    const clientOrderId = ids.firstFree({ symbol, time: clock.now(), purpose: 'protection' }, (id) =>
      orders.isTaken(id),
    );
    return orders.place({
      clientOrderId,
      symbol,
      side,
      type: 'stop',
      purpose: 'protection',
      amount,
      limitPrice: null,
      stopPrice,
      reduceOnly: true,
      decisionId: null,
      expiresAt: null,
    });
  }

  #isDone(symbol: string, result: PlaceResult): boolean {
    if (result.outcome === 'placed' || result.outcome === 'known') return true;
    const reason = result.outcome === 'refused' ? result.message : result.order.reason;
    const left = this.#resting(symbol).length === 0 ? 'no stop' : 'not the stop it should have';
    this.#options.log.error(
      { symbol, outcome: result.outcome },
      `the position has ${left} at the venue: ${reason}`,
    );
    // While the emergency stop is engaged positions are being closed instead. One in doubt is asked about elsewhere.
    return result.outcome === 'refused' && result.code === 'kill-switch';
  }

  /** Puts a stop in the place of others, and those away: first where two may stand side by side, else afterwards. */
  async #replace(symbol: string, old: readonly Order[], next: Wanted): Promise<boolean> {
    const { maxStops } = this.#options.profile;
    if (!isDerivative(symbol) || this.#working(symbol).length >= maxStops) return this.#cancel(symbol, old);
    this.#replacing.add(symbol);
    let result: PlaceResult;
    try {
      result = await this.#place(symbol, next);
    } finally {
      this.#replacing.delete(symbol);
    }
    // The old ones stay until the new one stands: they protect at another price, or too much.
    if (result.outcome !== 'placed' || !isResting(result.order)) return this.#isDone(symbol, result);
    // What is held may have grown meanwhile.
    return this.#isCoveredWithout(symbol, old) ? this.#cancel(symbol, old) : this.#align(symbol);
  }

  #isCoveredWithout(symbol: string, old: readonly Order[]): boolean {
    const going = new Set(old.map(({ clientOrderId }) => clientOrderId));
    const staying = this.#resting(symbol).filter(({ clientOrderId }) => !going.has(clientOrderId));
    return sumOf(staying).gte(this.#tradable(symbol));
  }

  /** Cancels stops that are wrong, one at a time, then looks again. */
  async #cancel(symbol: string, wrong: readonly Order[]): Promise<boolean> {
    this.#replacing.add(symbol);
    let ended = true;
    for (const { clientOrderId } of wrong) {
      ended = (await this.#options.orders.cancel(clientOrderId)) === 'ended' && ended;
    }
    this.#replacing.delete(symbol);
    return ended && this.#align(symbol);
  }

  /** What is held, in whole lots. */
  #tradable(symbol: string): BaseAmount {
    const held = absolute(this.#options.orders.heldUnits(symbol));
    const instrument = this.#options.instruments(symbol);
    return instrument === undefined ? held : floorTo(held, instrument.lotSize);
  }

  #closingSide(symbol: string): Wanted['side'] {
    return this.#options.orders.heldUnits(symbol).isPositive() ? 'sell' : 'buy';
  }

  /** Stops that the venue has confirmed, and that would close what is held. */
  #resting(symbol: string): readonly Order[] {
    const side = this.#closingSide(symbol);
    return this.#working(symbol).filter((stop) => isResting(stop) && stop.side === side);
  }

  #working(symbol: string): readonly Order[] {
    return this.#options.orders.unfinished(symbol).filter(({ type }) => type === 'stop');
  }
}

const RESTING: ReadonlySet<Order['status']> = new Set(['OPEN', 'PARTIALLY_FILLED']);

function isResting({ status }: Order): boolean {
  return RESTING.has(status);
}

/** The newest stops that add up to an amount; none where they do not. */
function newestOf(stops: readonly Order[], amount: BaseAmount): readonly Order[] {
  const kept: Order[] = [];
  for (const stop of stops.toReversed()) {
    if (sumOf([...kept, stop]).lte(amount)) kept.push(stop);
  }
  return sumOf(kept).eq(amount) ? kept : [];
}

function sumOf(stops: readonly Order[]): BaseAmount {
  return sum(ZERO_BASE, stops.map(remainingOf));
}
