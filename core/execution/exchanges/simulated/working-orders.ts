import type { Candle, UtcMs, VenueOrderId } from '../../../domain/index.ts';
import { fallsTo } from './step-walk.ts';
import type { WorkingOrder } from './working-order.ts';

/** Orders that work, in the order in which they came, and what has to happen to concern any of them. */
export class WorkingOrders {
  #all: readonly WorkingOrder[] = [];
  // A step that stays above the first, below the second and ends by the third concerns no order.
  #fallsTo = Number.NEGATIVE_INFINITY;
  #risesTo = Number.POSITIVE_INFINITY;
  #actsAfter = Number.POSITIVE_INFINITY;
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor(orders: readonly WorkingOrder[]) {
    this.#set(orders);
  }

  get all(): readonly WorkingOrder[] {
    return this.#all;
  }

  /** When the first of them is to be ended; infinity when none is. */
  get nextExpiry(): UtcMs {
    return this.#nextExpiry;
  }

  find(id: VenueOrderId): WorkingOrder | undefined {
    return this.#all.find(({ venue }) => venue.venueOrderId === id);
  }

  /** One whose time is up by then. */
  dueBy(time: UtcMs): WorkingOrder | undefined {
    return this.#all.find(({ expiresAt }) => expiresAt <= time);
  }

  add(order: WorkingOrder): void {
    this.#set([...this.#all, order]);
  }

  replace(order: WorkingOrder): void {
    this.#set(this.#all.map((each) => (isSame(each, order) ? order : each)));
  }

  remove(order: WorkingOrder): void {
    this.#set(this.#all.filter((each) => !isSame(each, order)));
  }

  /** Whether a step can concern any of them: asked a million times a second by backtests. */
  areTouchedBy(step: Candle, end: UtcMs): boolean {
    if (this.#all.length === 0) return false;
    return step.low <= this.#fallsTo || step.high >= this.#risesTo || end > this.#actsAfter;
  }

  #set(orders: readonly WorkingOrder[]): void {
    this.#all = orders;
    this.#fallsTo = Number.NEGATIVE_INFINITY;
    this.#risesTo = Number.POSITIVE_INFINITY;
    this.#actsAfter = Number.POSITIVE_INFINITY;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const order of orders) {
      this.#nextExpiry = Math.min(this.#nextExpiry, order.expiresAt);
      if (order.stage === 'taking' || order.stage === 'arriving') {
        this.#actsAfter = Math.min(this.#actsAfter, order.activeAt);
      } else if (fallsTo(order) === 'down') {
        this.#fallsTo = Math.max(this.#fallsTo, order.level);
      } else {
        this.#risesTo = Math.min(this.#risesTo, order.level);
      }
    }
    // An order whose moment is a step's very end is ended by that step.
    this.#actsAfter = Math.min(this.#actsAfter, this.#nextExpiry - 1);
  }
}

function isSame(a: WorkingOrder, b: WorkingOrder): boolean {
  return a.venue.venueOrderId === b.venue.venueOrderId;
}
