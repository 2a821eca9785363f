import {
  baseAmount,
  floorTo,
  maximum,
  type OrderBook,
  type Price,
  type PublicTrade,
  price,
  subtract,
  ZERO_BASE,
} from '../../../domain/index.ts';
import type { Executions } from './executions.ts';
import { fallsTo } from './step-walk.ts';
import type { SymbolMarket } from './symbol-market.ts';
import { type PricedOrder, TRIGGERED, taking, type WorkingOrder } from './working-order.ts';

/** Nobody takes from a book that was seen longer ago. */
const STALE_MS = 10_000;

/**
 * Lets the book and the trades of a real venue happen to orders that only we know of. Takers walk the book. A limit waits
 * behind what stood at its price when it came, less what trades or goes away there, and fills in full when the market
 * trades through it. Stops trigger by trades.
 */
export class LiveMatching {
  readonly #executions: Executions;

  constructor(executions: Executions) {
    this.#executions = executions;
  }

  /** The venue shows its book. */
  show(market: SymbolMarket, book: OrderBook): void {
    const best = market.book.show(book, this.#executions.now());
    if (best === null) return;
    market.lastClose = (best.bid + best.ask) / 2;
    for (const order of this.#active(market)) if (order.stage === 'resting') this.#lookAhead(market, order);
    this.settle(market);
  }

  /** Something traded at the venue. */
  trade(market: SymbolMarket, trade: PublicTrade): void {
    market.lastClose = trade.price;
    market.appliedUntil = Math.max(market.appliedUntil, trade.time);
    for (const order of this.#active(market)) {
      // A venue that is asked now and then tells of trades that happened before the order was there.
      if (trade.time < order.activeAt) continue;
      const isReached = order.stage === 'waiting' && reaches(trade.price, order);
      if (isReached) this.#trigger(market, order);
      else if (order.stage === 'resting') this.#tradeAt(market, order, trade);
    }
  }

  /** Lets orders take that may by now. */
  settle(market: SymbolMarket): void {
    // The book of a closed market may still be shown: nobody trades in it.
    if (market.instrument.status !== 'trading') return;
    if (this.#executions.now() - market.book.seenAt > STALE_MS) return;
    for (const order of this.#active(market)) {
      if (order.stage === 'taking') this.#take(market, order, null);
      else if (order.stage === 'arriving') this.#arrive(market, order);
      else if (order.stage === 'resting') this.#meet(market, order);
    }
  }

  /** Orders that have arrived, in their order, each as it is when its turn comes. */
  *#active({ working }: SymbolMarket): Iterable<WorkingOrder> {
    const now = this.#executions.now();
    for (const { venue } of working.all) {
      const order = working.find(venue.venueOrderId);
      if (order !== undefined && order.activeAt <= now && now < order.expiresAt) yield order;
    }
  }

  #trigger(market: SymbolMarket, order: WorkingOrder): void {
    const triggered = taking(order, { ...order.venue, reason: TRIGGERED });
    market.working.replace(triggered);
    this.#executions.record(triggered.venue);
    this.settle(market);
  }

  /** Takes what the book offers, up to a price, until nothing is left of one of the two. */
  #take(market: SymbolMarket, { venue }: WorkingOrder, limit: Price | null): void {
    const { instrument, working, book } = market;
    for (const { level, amount } of [...book.offers(venue.side)]) {
      const order = working.find(venue.venueOrderId);
      const at = price(level);
      if (order === undefined || (limit !== null && isWorse(at, limit, venue.side))) return;
      const supply = { volumeLeft: floorTo(amount, instrument.lotSize) };
      const before = supply.volumeLeft;
      this.#executions.fill(market, order, at, supply, 'taker');
      book.take(level, subtract(before, supply.volumeLeft));
    }
  }

  #arrive(market: SymbolMarket, order: PricedOrder): void {
    const { working, book } = market;
    if (order.venue.postOnly === true && crosses(book, order)) {
      this.#executions.refuseToTake(working, order);
      return;
    }
    this.#take(market, order, order.own);
    const rest = working.find(order.venue.venueOrderId);
    if (rest === undefined) return;
    const ahead = book.standing(order.venue.side, order.level);
    working.replace({ ...order, venue: rest.venue, stage: 'resting', ahead });
  }

  /** Others offer what a resting order wants: they would have met it. */
  #meet(market: SymbolMarket, { venue, own }: PricedOrder): void {
    const { instrument, working, book } = market;
    for (const { level, amount } of [...book.offers(venue.side)]) {
      const order = working.find(venue.venueOrderId);
      if (order === undefined || isWorse(price(level), own, venue.side)) return;
      const supply = { volumeLeft: floorTo(amount, instrument.lotSize) };
      const before = supply.volumeLeft;
      this.#executions.fill(market, order, own, supply, 'maker');
      book.take(level, subtract(before, supply.volumeLeft));
    }
  }

  #tradeAt(market: SymbolMarket, order: PricedOrder, trade: PublicTrade): void {
    const { side, amount } = order.venue;
    if (trade.takerSide === side || !reaches(trade.price, order)) return;
    if (trade.price !== order.level) {
      this.#executions.fill(market, order, order.own, { volumeLeft: amount }, 'maker');
      return;
    }
    const { ahead } = order;
    // Nobody can say how much stands before it where the book does not reach.
    if (ahead === undefined) return;
    const traded = baseAmount(trade.amount);
    const moved: PricedOrder = { ...order, ahead: maximum(ZERO_BASE, subtract(ahead, traded)) };
    market.working.replace(moved);
    const volumeLeft = floorTo(maximum(ZERO_BASE, subtract(traded, ahead)), market.instrument.lotSize);
    if (volumeLeft.gt(0)) this.#executions.fill(market, moved, order.own, { volumeLeft }, 'maker');
  }

  /** There cannot be more before an order than is shown. */
  #lookAhead({ book, working }: SymbolMarket, order: PricedOrder): void {
    const shown = book.standing(order.venue.side, order.level);
    if (shown !== undefined && !order.ahead?.lte(shown)) working.replace({ ...order, ahead: shown });
  }
}

/** Whether others offer what an order wants at its price or better. */
function crosses(book: SymbolMarket['book'], { venue, own }: PricedOrder): boolean {
  return [...book.offers(venue.side)].some(({ level }) => !isWorse(price(level), own, venue.side));
}

/** Whether a price touches an order's own, from the side it waits on. */
function reaches(at: number, order: PricedOrder): boolean {
  return fallsTo(order) === 'down' ? at <= order.level : at >= order.level;
}

function isWorse(at: Price, limit: Price, side: 'buy' | 'sell'): boolean {
  return side === 'buy' ? at.gt(limit) : at.lt(limit);
}
