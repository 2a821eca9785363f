import {
  absolute,
  applyFilters,
  type Clock,
  float,
  type Instrument,
  type Logger,
  price,
  type Timers,
} from '../domain/index.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import { isClose, type OrderManager, type PlaceResult } from './orders/order-manager.ts';
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
  readonly log: Logger;
}

/** What is watched of a symbol. */
interface Watch {
  readonly level: number;
  readonly isLong: boolean;
  /** When the price was first seen beyond the level (monotonic); null while it is not. */
  beyondSinceMs: number | null;
  /** Not to be tried again before (monotonic). */
  notBeforeMs: number;
}

/** How long a stop at the venue may take to trigger before the engine closes in its place. */
const VENUE_GRACE_MS = 2_000;
/** Between two tries to close. */
const PAUSE_MS = 250;

/**
 * Watches the price of everything held by a plan, and closes at the market what goes beyond its stop and has none at
 * the venue that covers it, or one that does not trigger. Needs prices, and nothing else of the venue beforehand.
 */
export class EngineStop {
  readonly #options: EngineStopOptions;
  readonly #watched = new Map<string, Watch>();

  constructor(options: EngineStopOptions) {
    this.#options = options;
  }

  /** Takes over what is held of a symbol and where it is to be closed. */
  follow(symbol: string): void {
    const { orders, plans } = this.#options;
    const stopPrice = plans.stopPrice(symbol);
    const held = orders.heldUnits(symbol);
    if (stopPrice === null || held.isZero()) {
      this.#watched.delete(symbol);
      return;
    }
    const watch = { level: float(stopPrice), isLong: held.isPositive() };
    const known = this.#watched.get(symbol);
    if (known?.level === watch.level && known.isLong === watch.isLong) return;
    this.#watched.set(symbol, { ...watch, beyondSinceMs: null, notBeforeMs: Number.NEGATIVE_INFINITY });
  }

  /** Whether a symbol is watched. */
  watches(symbol: string): boolean {
    return this.#watched.has(symbol);
  }

  /** Told every price. Cheap while nothing is held or the price is on the right side. */
  price(symbol: string, now: number): void {
    const watch = this.#watched.get(symbol);
    if (watch === undefined) return;
    if (watch.isLong ? now > watch.level : now < watch.level) {
      watch.beyondSinceMs = null;
      return;
    }
    this.#beyond(symbol, watch, now);
  }

  #beyond(symbol: string, watch: Watch, now: number): void {
    const { orders, timers, isCovered } = this.#options;
    const nowMs = timers.monotonicMs();
    watch.beyondSinceMs ??= nowMs;
    const isTheirs = isCovered(symbol) && nowMs - watch.beyondSinceMs < VENUE_GRACE_MS;
    if (isTheirs || nowMs < watch.notBeforeMs || orders.unfinished(symbol).some(isClose)) return;
    watch.notBeforeMs = nowMs + PAUSE_MS;
    void this.#close(symbol, now);
  }

  async #close(symbol: string, now: number): Promise<void> {
    const { orders, ids, instruments, clock } = this.#options;
    const held = orders.heldUnits(symbol);
    const side = held.isPositive() ? 'sell' : 'buy';
    const wanted = { side, type: 'market', amount: absolute(held), reduceOnly: true } as const;
    const instrument = instruments(symbol);
    const fitted = instrument && applyFilters(instrument, wanted, price(now));
    // Too little for the venue to take: it stays, and shows as unprotected.
    if (fitted?.ok === false) return;
    const clientOrderId = ids.firstFree(
      { symbol, time: clock.now(), purpose: 'protection' },
      (id) => orders.order(id) !== undefined,
    );
    const result = await orders.place({
      ...wanted,
      amount: fitted?.order.amount ?? wanted.amount,
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
