import { type BaseAmount, type Price, subtract, ZERO_BASE, ZERO_QUOTE } from '../../../core/domain/index.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import { checkFilters } from './filters.ts';
import { type DeskTerms, OrderLife } from './order-life.ts';
import {
  type FillRecord,
  isOpen,
  isStopType,
  type OrderRecord,
  type OrderRequest,
  stateOf,
} from './order-record.ts';
import type { OrderStore } from './order-store.ts';
import { Refusal } from './refusal.ts';
import { Settlement } from './settlement.ts';
import { wouldTrigger } from './triggers.ts';

/** Takes orders, has them matched, and keeps the truth about them. Only what is refused leaves no trace. */
export class OrderDesk {
  readonly store: OrderStore;
  readonly fills: readonly FillRecord[];
  readonly #terms: DeskTerms;
  readonly #life: OrderLife;
  #reviewing = false;
  #reviewAgain = false;
  #afterTrades: () => void = () => undefined;

  constructor(terms: DeskTerms) {
    this.#terms = terms;
    this.#life = new OrderLife(terms);
    this.store = this.#life.store;
    this.fills = this.#life.fills;
    const settlement = new Settlement(terms, this.#life);
    for (const market of terms.markets.values())
      market.attach(
        (at, match, trade) => settlement.settle(at, match, trade),
        () => {
          this.#reviewStops();
          this.#afterTrades();
        },
      );
  }

  /** Who else looks at the market after trades. */
  afterTrades(look: () => void): void {
    this.#afterTrades = look;
  }

  /** @throws Refusal when the venue does not take the order. */
  place(account: string, request: OrderRequest): OrderRecord {
    const market = this.#life.market(request.symbol.id);
    checkFilters(market, request);
    if (this.store.openByClientId(account, request.symbol.id, request.clientId) !== undefined)
      throw new Refusal('duplicate-client-id');
    this.#checkType(market, account, request);
    const { clock, funds } = this.#terms;
    const order: OrderRecord = {
      origin: 'api',
      reduceOnly: false,
      positionSide: 'BOTH',
      ...request,
      id: this.store.nextId(request.symbol.id),
      account,
      createdAt: clock.now(),
      states: [],
    };
    order.states.push({
      ...{ at: clock.now(), status: 'NEW', filled: ZERO_BASE, filledQuote: ZERO_QUOTE },
      working: !isStopType(request.type),
    });
    funds.reserve(market, order);
    this.store.add(order);
    this.#life.tellOrder(order, 'NEW');
    if (stateOf(order).working) this.#activate(market, order);
    this.#life.tellBalances(market, order);
    return order;
  }

  /** @throws Refusal when the order is not open. */
  cancel(order: OrderRecord, cancelId: string | null = null): void {
    if (!isOpen(order)) throw new Refusal('unknown-order');
    this.#life.end(order, 'CANCELED', 'CANCELED', cancelId);
  }

  /** Ends an order by the venue's own rules. */
  expire(order: OrderRecord): void {
    if (isOpen(order)) this.#life.end(order, 'EXPIRED', 'EXPIRED');
  }

  /** Makes a resting order smaller; it keeps its place in the queue. */
  shrink(order: OrderRecord, to: BaseAmount): void {
    const resting = this.#life.market(order.symbol.id).book.find(order.account, order.id);
    if (resting?.remaining.gt(to) === true)
      this.#life.market(order.symbol.id).book.reduce(resting, subtract(resting.remaining, to));
  }

  /** Changes price and amount of a resting order; it goes behind all that wait at the new price. */
  amend(order: OrderRecord, price: Price, amount: BaseAmount): void {
    if (!isOpen(order) || amount.lte(stateOf(order).filled)) throw new Refusal('unknown-order');
    const market = this.#life.market(order.symbol.id);
    checkFilters(market, { ...order, price, amount });
    const resting = market.book.find(order.account, order.id);
    if (resting !== undefined) market.book.remove(resting);
    order.price = price;
    order.amount = amount;
    this.#life.change(order, {});
    this.#life.tellOrder(order, 'AMENDMENT');
    this.#activate(market, order);
  }

  #checkType(market: VenueMarket, account: string, request: OrderRequest): void {
    const { side, type, price } = request;
    const isPostOnly = type === 'LIMIT_MAKER' || request.timeInForce === 'GTX';
    if (isPostOnly && market.engine.crosses(side, price ?? null)) throw new Refusal('would-take');
    if (!isStopType(type)) return;
    if (wouldTrigger(market.lastPrice, request)) throw new Refusal('would-trigger');
    const waiting = this.store.open(account, market.symbol.id).filter((order) => isStopType(order.type));
    if (waiting.length >= market.symbol.filters.maxStops) throw new Refusal('too-many-stops');
  }

  /** What can be filled is filled; the rest waits in the book or ends. */
  #activate(market: VenueMarket, order: OrderRecord): void {
    const { funds } = this.#terms;
    const limit = order.price ?? null;
    const wanted = order.quoteAmount === undefined ? order.amount : market.symbol.filters.maxAmount;
    const amount = funds.cap(market, order, subtract(wanted, stateOf(order).filled));
    const before = stateOf(order).filled;
    const isAllOrNothing = order.timeInForce === 'FOK';
    const canFillAll = !isAllOrNothing || market.engine.quote(order.side, limit, amount).amount.gte(amount);
    if (canFillAll) {
      const budget = order.quoteAmount;
      const taker = { id: order.id, owner: order.account, side: order.side, limit, amount };
      market.take(budget === undefined ? taker : { ...taker, budget });
    }
    if (!isOpen(order)) return;
    const isResting = limit !== null && order.timeInForce !== 'IOC' && !isAllOrNothing;
    const left = subtract(amount, subtract(stateOf(order).filled, before));
    if (isResting && left.gt(0))
      market.book.add({
        id: order.id,
        owner: order.account,
        side: order.side,
        price: limit,
        remaining: left,
      });
    else if (order.quoteAmount !== undefined && stateOf(order).filled.gt(0))
      this.#life.end(order, 'FILLED', null);
    else this.#life.end(order, 'EXPIRED', 'EXPIRED');
  }

  /** After trades: what waited for this price goes to the market, which may move it further. */
  #reviewStops(): void {
    this.#reviewAgain = true;
    if (this.#reviewing) return;
    this.#reviewing = true;
    while (this.#reviewAgain) {
      this.#reviewAgain = false;
      for (const order of this.store.waitingStops()) {
        const market = this.#life.market(order.symbol.id);
        if (wouldTrigger(market.lastPrice, order)) this.#trigger(market, order);
      }
    }
    this.#reviewing = false;
  }

  #trigger(market: VenueMarket, order: OrderRecord): void {
    this.#life.change(order, { working: true });
    this.#life.tellOrder(order, 'NEW');
    this.#terms.funds.release(market, order);
    try {
      this.#terms.funds.reserve(market, order);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#life.end(order, 'EXPIRED', 'EXPIRED');
      return;
    }
    this.#activate(market, order);
    this.#life.tellBalances(market, order);
  }
}
