import type { Candle, ClientOrderId, Instrument, UtcMs } from '../../../domain/index.ts';
import { fallsTo, type StepWalk } from './step-walk.ts';
import type { WorkingOrder } from './working-order.ts';

/** One symbol at the simulated venue, with its working orders in the order in which they came. */
export class SymbolMarket {
  readonly instrument: Instrument;
  /** End of the last step applied. */
  appliedUntil: UtcMs;
  /** Close of the last step; null before the first. */
  lastClose: number | null = null;
  /** The step on its way; null between steps. */
  walk: StepWalk | null = null;
  #orders: readonly WorkingOrder[] = [];
  // A step that stays above the first, below the second and ends by the third touches no order.
  #fallsTo = Number.NEGATIVE_INFINITY;
  #risesTo = Number.POSITIVE_INFINITY;
  #actsAfter = Number.POSITIVE_INFINITY;

  constructor(instrument: Instrument, appliedUntil: UtcMs, orders: readonly WorkingOrder[]) {
    this.instrument = instrument;
    this.appliedUntil = appliedUntil;
    this.#setOrders(orders);
  }

  get orders(): readonly WorkingOrder[] {
    return this.#orders;
  }

  working(id: ClientOrderId): WorkingOrder | undefined {
    return this.#orders.find(({ venue }) => venue.clientOrderId === id);
  }

  add(order: WorkingOrder): void {
    this.#setOrders([...this.#orders, order]);
  }

  replace(order: WorkingOrder): void {
    this.#setOrders(this.#orders.map((each) => (isSame(each, order) ? order : each)));
  }

  remove(order: WorkingOrder): void {
    this.#setOrders(this.#orders.filter((each) => !isSame(each, order)));
  }

  /** Whether a step can concern any working order: asked a million times a second by backtests. */
  isTouchedBy(step: Candle, end: UtcMs): boolean {
    if (this.#orders.length === 0) return false;
    return step.low <= this.#fallsTo || step.high >= this.#risesTo || end > this.#actsAfter;
  }

  #setOrders(orders: readonly WorkingOrder[]): void {
    this.#orders = orders;
    this.#fallsTo = Number.NEGATIVE_INFINITY;
    this.#risesTo = Number.POSITIVE_INFINITY;
    this.#actsAfter = Number.POSITIVE_INFINITY;
    for (const order of orders) {
      if (order.stage === 'taking' || order.stage === 'arriving') {
        this.#actsAfter = Math.min(this.#actsAfter, order.activeAt);
      } else if (fallsTo(order) === 'down') {
        this.#fallsTo = Math.max(this.#fallsTo, order.level);
      } else {
        this.#risesTo = Math.min(this.#risesTo, order.level);
      }
    }
  }
}

function isSame(a: WorkingOrder, b: WorkingOrder): boolean {
  return a.venue.clientOrderId === b.venue.clientOrderId;
}
