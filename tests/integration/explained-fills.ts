import { Decimal } from 'decimal.js';
import type {
  ClientOrderId,
  Fill,
  MarketEvent,
  OrderBook,
  UtcMs,
  VenueFill,
} from '../../core/domain/index.ts';
import type { Taped } from './paper-tape.ts';

/** What a price moved on the way to a fill, by what moved it. */
export type Parts = Readonly<Record<string, Decimal>>;

/** What an order came from. */
export interface Origin {
  readonly purpose: Fill['purpose'];
  readonly amount: Decimal;
  /** The close that was decided on, or a stop's own price. */
  readonly price: Decimal;
}

export interface Explained {
  readonly origin: Origin;
  readonly fill: VenueFill;
  /** Where the market that was shown puts it. */
  readonly expected: { readonly price: Decimal; readonly amount: Decimal };
  /** From the origin's price to the expected one, times the amount: in quote currency. */
  readonly parts: Parts;
  /** Since its order was sent. */
  readonly afterMs: number;
}

export type Step = Extract<MarketEvent, { readonly kind: 'step' }>;

const ZERO = new Decimal(0);

/** A book as a paper trader may take from it: what he took stays taken while that level is shown. */
class Walkable {
  readonly #taken = new Map<number, Decimal>();
  #book: OrderBook = { time: 0, bids: [], asks: [] };

  show(book: OrderBook): void {
    this.#book = book;
    const shown = new Set([...book.bids, ...book.asks].map(([at]) => at));
    for (const at of this.#taken.keys()) if (!shown.has(at)) this.#taken.delete(at);
  }

  get mid(): Decimal {
    const [bid, ask] = [this.#book.bids[0]?.[0] ?? 0, this.#book.asks[0]?.[0] ?? 0];
    return new Decimal(bid).plus(new Decimal(ask)).div(2);
  }

  best(side: Fill['side']): Decimal {
    return new Decimal(this.#levels(side)[0]?.[0] ?? 0);
  }

  /** The best level that has a lot left, and how much. */
  next(side: Fill['side'], lot: Decimal): { readonly price: Decimal; readonly amount: Decimal } {
    for (const [at, there] of this.#levels(side)) {
      const left = new Decimal(there).minus(this.#taken.get(at) ?? ZERO);
      const whole = left.minus(left.mod(lot));
      if (whole.gt(0)) return { price: new Decimal(at), amount: whole };
    }
    return { price: ZERO, amount: ZERO };
  }

  take({ price: at, amount }: VenueFill): void {
    const level = at.toNumber();
    this.#taken.set(level, (this.#taken.get(level) ?? ZERO).plus(amount));
  }

  #levels(side: Fill['side']) {
    return side === 'buy' ? this.#book.asks : this.#book.bids;
  }
}

/**
 * Each fill of a paper venue, by what that was shown: from the price that was decided on to the middle of the book when the
 * order left, to that when it arrived, to the best offer, and down the book. A stop's way begins at its own price and goes
 * by the trade that triggered it.
 */
export function explainPaper(
  tape: readonly Taped[],
  origins: ReadonlyMap<ClientOrderId, Origin>,
  lot: Decimal,
): readonly Explained[] {
  const book = new Walkable();
  const sent = new Map<ClientOrderId, { readonly mid: Decimal; readonly at: UtcMs }>();
  const filled = new Map<ClientOrderId, Decimal>();
  let traded = ZERO;
  const explain = (fill: VenueFill, id: ClientOrderId, origin: Origin): Explained => {
    const { side, amount } = fill;
    const before = filled.get(id) ?? ZERO;
    filled.set(id, before.plus(amount));
    const offer = book.next(side, lot);
    const best = book.best(side);
    const { mid, at } = sent.get(id) ?? { mid: ZERO, at: 0 };
    const way = (from: Decimal, to: Decimal): Decimal => to.minus(from).times(amount);
    const toTheBook =
      origin.purpose === 'protection'
        ? { trigger: way(origin.price, traded), 'to the best offer': way(traded, best) }
        : {
            'before it was sent': way(origin.price, mid),
            latency: way(mid, book.mid),
            'half the spread': way(book.mid, best),
          };
    book.take(fill);
    return {
      origin,
      fill,
      expected: { price: offer.price, amount: Decimal.min(offer.amount, origin.amount.minus(before)) },
      parts: { ...toTheBook, 'down the book': way(best, offer.price) },
      afterMs: fill.time - at,
    };
  };
  return tape.flatMap((entry) => {
    if (entry.kind === 'book') book.show(entry.book);
    if (entry.kind === 'trade') traded = new Decimal(entry.trade.price);
    if (entry.kind !== 'said') return [];
    const { event } = entry;
    if (event.kind === 'order' && event.order.clientOrderId !== null) {
      const { clientOrderId } = event.order;
      if (!sent.has(clientOrderId)) sent.set(clientOrderId, { mid: book.mid, at: event.order.updatedAt });
    }
    if (event.kind !== 'fill' || event.fill.clientOrderId === null) return [];
    const origin = origins.get(event.fill.clientOrderId);
    return origin === undefined ? [] : [explain(event.fill, event.fill.clientOrderId, origin)];
  });
}

export interface Assumed {
  readonly spreadBps: number;
  readonly slippageBps: number;
  readonly latencyMs: number;
  readonly tick: Decimal;
}

/**
 * Where a fill of the backtest has to be, by its candle: from the price that was decided on to the opening, as far against
 * the order as the price can have gone while that was on its way, then spread and slippage as they are assumed, to the tick.
 * Parts are for one coin.
 */
export function explainBacktest(
  { side, purpose }: Fill,
  origin: Origin,
  { candle, durationMs }: Step,
  { spreadBps, slippageBps, latencyMs, tick }: Assumed,
): { readonly price: Decimal; readonly parts: Parts } {
  const isBuy = side === 'buy';
  const open = new Decimal(candle.open);
  const worst = isBuy ? candle.high : candle.low;
  // The way to the first extreme takes a third of the bar. Candles are floats, and so is the way.
  const onArrival = new Decimal(candle.open + (worst - candle.open) * (latencyMs / durationMs) * 3);
  const trigger = isBuy ? Decimal.max(open, origin.price) : Decimal.min(open, origin.price);
  const from = purpose === 'protection' ? trigger : onArrival;
  const against = (bps: number): Decimal =>
    from
      .times(bps)
      .times('0.0001')
      .times(isBuy ? 1 : -1);
  const [halfSpread, slippage] = [against(spreadBps / 2), against(slippageBps)];
  const exact = from.plus(halfSpread).plus(slippage);
  const fitted = exact.toNearest(tick, isBuy ? Decimal.ROUND_UP : Decimal.ROUND_DOWN);
  const toTheMarket =
    purpose === 'protection'
      ? { trigger: trigger.minus(origin.price) }
      : { 'to the opening': open.minus(origin.price), latency: onArrival.minus(open) };
  return {
    price: fitted,
    parts: { ...toTheMarket, 'half the spread': halfSpread, slippage, 'to the tick': fitted.minus(exact) },
  };
}
