import {
  add,
  type BaseAmount,
  type Candle,
  float,
  type Price,
  price,
  subtract,
  type UtcMs,
} from '../../../domain/index.ts';
import { IntrabarPath, type Touch } from './intrabar-path.ts';
import { type PricedOrder, remainingAmount, type WorkingOrder } from './working-order.ts';

/** What happens next to an order on the way through a step, and where: it is touched, or its time is up. */
export interface NextTouch extends Touch {
  readonly order: WorkingOrder;
  readonly isExpiry: boolean;
}

/** One step of market data being walked: how far the walk has come and how much volume is left to take part in. */
export class StepWalk {
  readonly #step: Candle;
  readonly #durationMs: number;
  readonly #path: IntrabarPath;
  readonly #tickSize: Price;
  /** Share of the step that lies behind, 0 to 1. */
  share = 0;
  volumeLeft: BaseAmount;

  /** @param held the signed position when the step begins. */
  constructor(
    step: Candle,
    durationMs: number,
    tickSize: Price,
    volume: BaseAmount,
    orders: readonly WorkingOrder[],
    held: number,
  ) {
    this.#step = step;
    this.#durationMs = durationMs;
    this.#tickSize = tickSize;
    this.#path = new IntrabarPath(step, againstTheTrader(orders, held));
    this.volumeLeft = volume;
  }

  get time(): UtcMs {
    return this.#timeAt(this.share);
  }

  get price(): number {
    return this.#path.priceAt(this.share);
  }

  /** What happens next from here on. At the same moment stops come first, then the older order. */
  next(orders: readonly WorkingOrder[]): NextTouch | undefined {
    let next: NextTouch | undefined;
    for (const order of orders) {
      const candidate = this.#nextOf(order);
      if (candidate === undefined) continue;
      const stopFirst = order.stage === 'waiting' && next?.order.stage !== 'waiting';
      const earlier =
        next === undefined || candidate.share < next.share || (candidate.share === next.share && stopFirst);
      if (earlier) next = candidate;
    }
    return next;
  }

  /**
   * The price from which an order takes now. Sent within this step: the worse of then and now. Sent before it:
   * the worse of the open and of where the price would be now had it gone against the order from the start.
   */
  takingPrice({ venue, sentAtPrice }: WorkingOrder): Price {
    const worse = venue.side === 'buy' ? Math.max : Math.min;
    if (sentAtPrice !== null) return price(worse(sentAtPrice, this.price));
    const adverse = new IntrabarPath(this.#step, venue.side === 'buy' ? 'high-first' : 'low-first');
    return price(worse(this.#step.open, adverse.priceAt(this.share)));
  }

  #nextOf(order: WorkingOrder): NextTouch | undefined {
    const touch = this.#touch(order);
    const { expiresAt } = order;
    if (touch !== undefined && this.#timeAt(touch.share) < expiresAt) {
      return { ...touch, order, isExpiry: false };
    }
    const share = (expiresAt - this.#step.openTime) / this.#durationMs;
    return share > 1 ? undefined : { share, crossed: false, order, isExpiry: true };
  }

  #timeAt(share: number): UtcMs {
    return this.#step.openTime + Math.round(share * this.#durationMs);
  }

  #touch(order: WorkingOrder): Touch | undefined {
    const from = Math.max(this.share, (order.activeAt - this.#step.openTime) / this.#durationMs);
    if (from >= 1) return undefined;
    // Without volume nothing fills, but a stop still triggers.
    if (order.stage === 'waiting') return this.#path.touch(order.level, fallsTo(order), from);
    if (this.volumeLeft.isZero()) return undefined;
    if (order.stage === 'resting') return this.#path.touch(this.#beyond(order), fallsTo(order), from);
    return { share: from, crossed: false };
  }

  /** A tick through a resting order's price: everybody who stood before it at that price is served by then. */
  #beyond(order: PricedOrder): number {
    return float((fallsTo(order) === 'down' ? subtract : add)(order.own, this.#tickSize));
  }
}

/** Sell stops and buy limits act when the price falls to them; buy stops and sell limits when it rises. */
export function fallsTo({ venue }: WorkingOrder): 'down' | 'up' {
  return (venue.type === 'stop') === (venue.side === 'sell') ? 'down' : 'up';
}

/**
 * Which extreme comes first. A position meets the one that hurts it, and so does a position that a market order
 * is about to open. With neither, resting orders fill as late in the step as they can: a buyer sees the high
 * first.
 */
function againstTheTrader(orders: readonly WorkingOrder[], held: number): 'low-first' | 'high-first' {
  if (held !== 0) return held > 0 ? 'low-first' : 'high-first';
  let lean = 0;
  for (const order of orders) {
    const direction = (order.venue.side === 'buy') === (order.stage === 'taking') ? 1 : -1;
    lean += direction * remainingAmount(order).toNumber();
  }
  return lean > 0 ? 'low-first' : 'high-first';
}
