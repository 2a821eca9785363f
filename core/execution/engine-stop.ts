import {
  absolute,
  applyFilters,
  type Clock,
  float,
  type Instrument,
  type Logger,
  type OrderIntent,
  price,
  type Timers,
  type UtcMs,
} from '../domain/index.ts';
import { isClose } from './orders/admission.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { OrderManager } from './orders/order-manager.ts';
import type { PlaceResult } from './orders/order-sender.ts';
import { Pursuit } from './orders/pursuit.ts';
import type { VenuePatience } from './orders/venue-patience.ts';
import type { StopPlans } from './stop-keeper.ts';

export interface EngineStopOptions {
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly plans: StopPlans;
  /** Whether stops at the venue cover everything that is held of a symbol. */
  readonly isCovered: (symbol: string) => boolean;
  readonly instruments: (symbol: string) => Instrument | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly patience: VenuePatience;
  readonly log: Logger;
}

/** What is watched of a symbol. */
interface Watch {
  readonly level: number;
  readonly isLong: boolean;
  /** The price beyond the level, and since when it is there (monotonic); null while it is not. */
  beyond: { price: number; readonly sinceMs: number } | null;
  /** Not to be tried again before, in market time: other prices may come often. */
  notBefore: UtcMs;
}

/** How long a stop at the venue may take to trigger before the engine closes in its place. */
const VENUE_GRACE_MS = 2_000;
/** How long to wait before each further try to close. */
const PAUSES_MS = [250, 500, 1_000, 2_000] as const;

/**
 * Watches the price of everything held by a plan, and closes at the market what goes beyond its stop and has none at
 * the venue that covers it, or one that does not trigger. Needs prices, and nothing else of the venue beforehand.
 */
export class EngineStop {
  readonly #options: EngineStopOptions;
  readonly #watched = new Map<string, Watch>();
  /** Symbols that are being closed at this moment. */
  readonly #closing = new Set<string>();
  /** Goes on while the price is beyond a stop, whether or not another price comes. */
  readonly #pursuit: Pursuit;

  constructor(options: EngineStopOptions) {
    this.#options = options;
    this.#pursuit = new Pursuit({
      ...options,
      goal: 'closing in the place of a stop',
      attempt: (symbol) => this.#attempt(symbol),
      pausesMs: PAUSES_MS,
    });
  }

  /** Takes over what is held of a symbol and where it is to be closed. Without a plan the last one holds. */
  follow(symbol: string): void {
    const { orders, plans } = this.#options;
    const held = orders.heldUnits(symbol);
    const isLong = held.isPositive();
    const isOther = this.#watched.get(symbol)?.isLong !== isLong;
    if (held.isZero() || isOther) this.#watched.delete(symbol);
    const stopPrice = plans.stopPrice(symbol);
    if (held.isZero() || stopPrice === null) return;
    const level = float(stopPrice);
    if (this.#watched.get(symbol)?.level === level) return;
    this.#watched.set(symbol, { level, isLong, beyond: null, notBefore: 0 });
  }

  /** Whether a symbol is watched, and there is enough of it for the venue to take a close. */
  watches(symbol: string): boolean {
    const watch = this.#watched.get(symbol);
    return watch !== undefined && this.#closeOf(symbol, watch.level) !== null;
  }

  /** Told every price. Cheap while nothing is held or the price is on the right side. */
  price(symbol: string, now: number): void {
    const watch = this.#watched.get(symbol);
    if (watch === undefined) return;
    if (watch.isLong ? now <= watch.level : now >= watch.level) this.#onBeyond(symbol, watch, now);
    else watch.beyond = null;
  }

  /** Tries no more. */
  close(): void {
    this.#pursuit.close();
  }

  #onBeyond(symbol: string, watch: Watch, now: number): void {
    if (watch.beyond === null) {
      watch.beyond = { price: now, sinceMs: this.#options.timers.monotonicMs() };
      this.#pursuit.begin(symbol);
    }
    watch.beyond.price = now;
    if (this.#options.clock.now() >= watch.notBefore) void this.#attempt(symbol);
  }

  /** @returns whether nothing is left to be closed. Never rejects. */
  async #attempt(symbol: string): Promise<boolean> {
    const { orders, timers, clock, isCovered, log } = this.#options;
    const watch = this.#watched.get(symbol);
    if (watch === undefined || watch.beyond === null) return true;
    const isTheirs = isCovered(symbol) && timers.monotonicMs() - watch.beyond.sinceMs < VENUE_GRACE_MS;
    if (isTheirs || this.#closing.has(symbol) || orders.unfinished(symbol).some(isClose)) return false;
    watch.notBefore = clock.now() + PAUSES_MS[0];
    this.#closing.add(symbol);
    try {
      await this.#close(symbol, watch.beyond.price);
    } catch (error) {
      log.error({ symbol, error }, 'the engine failed to close in the place of a stop');
    } finally {
      this.#closing.delete(symbol);
    }
    return false;
  }

  async #close(symbol: string, now: number): Promise<void> {
    const { orders, ids, clock } = this.#options;
    const close = this.#closeOf(symbol, now);
    // Too little for the venue to take: it stays, and shows as unprotected.
    if (close === null) return;
    const clientOrderId = ids.firstFree({ symbol, time: clock.now(), purpose: 'protection' }, (id) =>
      orders.isTaken(id),
    );
    const result = await orders.place({
      ...close,
      clientOrderId,
      symbol,
      purpose: 'protection',
      limitPrice: null,
      stopPrice: null,
      decisionId: null,
      expiresAt: null,
    });
    this.#tell(symbol, now, result);
  }

  /** What closes everything held at about a price; null when the venue would not take it. */
  #closeOf(symbol: string, at: number): Pick<OrderIntent, 'side' | 'type' | 'amount' | 'reduceOnly'> | null {
    const { orders, instruments } = this.#options;
    const held = orders.heldUnits(symbol);
    const side = held.isPositive() ? 'sell' : 'buy';
    const close = { side, type: 'market', amount: absolute(held), reduceOnly: true } as const;
    const instrument = instruments(symbol);
    if (instrument === undefined) return close;
    const fitted = applyFilters(instrument, close, price(at));
    return fitted.ok ? { ...close, amount: fitted.order.amount } : null;
  }

  #tell(symbol: string, now: number, result: PlaceResult): void {
    const { log } = this.#options;
    const what = `${symbol} reached its stop at ${now} and has none at the venue that closes it`;
    if (result.outcome === 'refused') {
      log.error({ symbol, code: result.code }, `${what}; the engine cannot close it: ${result.message}`);
      return;
    }
    const { clientOrderId } = result.order;
    log.warn({ symbol, outcome: result.outcome, clientOrderId }, `${what}: the engine closes it`);
  }
}
