import {
  add,
  type BaseAmount,
  notional,
  type Price,
  subtract,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import type { AccountEvent, Execution } from '../accounts/account-events.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { MarketTrade, VenueMarket } from '../market/venue-market.ts';
import type { Match } from '../matching/matching-engine.ts';
import type { Side } from '../matching/order-book.ts';
import { checkFilters } from './filters.ts';
import type { Funds } from './funds.ts';
import {
  type FillRecord,
  isOpen,
  isStopType,
  type OrderRecord,
  type OrderRequest,
  type OrderState,
  stateOf,
} from './order-record.ts';
import { OrderStore } from './order-store.ts';
import { Refusal } from './refusal.ts';
import { wouldTrigger } from './triggers.ts';

export interface DeskTerms {
  readonly clock: VenueClock;
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly funds: Funds;
  readonly tell: (event: AccountEvent) => void;
}

/** Takes orders, has them matched, and keeps the truth about them. Only what is refused leaves no trace. */
export class OrderDesk {
  readonly store = new OrderStore();
  readonly fills: FillRecord[] = [];
  readonly #terms: DeskTerms;
  #reviewing = false;
  #reviewAgain = false;
  #afterTrades: () => void = () => undefined;

  constructor(terms: DeskTerms) {
    this.#terms = terms;
    for (const market of terms.markets.values())
      market.attach(
        (at, match, trade) => this.#settle(at, match, trade),
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
    const market = this.#market(request.symbol.id);
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
    this.#tellOrder(order, 'NEW');
    if (stateOf(order).working) this.#activate(market, order);
    this.#tellBalances(market, order);
    return order;
  }

  /** @throws Refusal when the order is not open. */
  cancel(order: OrderRecord, cancelId: string | null = null): void {
    if (!isOpen(order)) throw new Refusal('unknown-order');
    this.#end(order, 'CANCELED', 'CANCELED', cancelId);
  }

  /** Ends an order by the venue's own rules. */
  expire(order: OrderRecord): void {
    if (isOpen(order)) this.#end(order, 'EXPIRED', 'EXPIRED');
  }

  /** Makes a resting order smaller; it keeps its place in the queue. */
  shrink(order: OrderRecord, to: BaseAmount): void {
    const resting = this.#market(order.symbol.id).book.find(order.account, order.id);
    if (resting?.remaining.gt(to) === true)
      this.#market(order.symbol.id).book.reduce(resting, subtract(resting.remaining, to));
  }

  /** Changes price and amount of a resting order; it goes behind all that wait at the new price. */
  amend(order: OrderRecord, price: Price, amount: BaseAmount): void {
    if (!isOpen(order) || amount.lte(stateOf(order).filled)) throw new Refusal('unknown-order');
    const market = this.#market(order.symbol.id);
    checkFilters(market, { ...order, price, amount });
    const resting = market.book.find(order.account, order.id);
    if (resting !== undefined) market.book.remove(resting);
    order.price = price;
    order.amount = amount;
    this.#change(order, {});
    this.#tellOrder(order, 'AMENDMENT');
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
    else if (order.quoteAmount !== undefined && stateOf(order).filled.gt(0)) this.#end(order, 'FILLED', null);
    else this.#end(order, 'EXPIRED', 'EXPIRED');
  }

  #settle(market: VenueMarket, match: Match, trade: MarketTrade): void {
    this.#settleSide(market, match, trade, match.maker.owner, match.maker.id, match.maker.side, true);
    this.#settleSide(market, match, trade, match.taker.owner, match.taker.id, match.taker.side, false);
  }

  #settleSide(
    market: VenueMarket,
    match: Match,
    trade: MarketTrade,
    owner: string | null,
    id: number,
    side: Side,
    isMaker: boolean,
  ): void {
    const { funds, clock } = this.#terms;
    if (owner === null) {
      funds.fillOther(market, match, side);
      return;
    }
    const order = this.store.get(market.symbol.id, id);
    if (order === undefined) throw new Error(`nobody knows order ${id} of ${market.symbol.id}`);
    const { price, amount } = match;
    const quote = notional(price, amount);
    const money = funds.fill(market, order, match, isMaker);
    const before = stateOf(order);
    const filled = add(before.filled, amount);
    const isFilled = order.quoteAmount === undefined && filled.gte(order.amount);
    const fill: FillRecord = {
      ...{
        tradeId: trade.id,
        orderId: id,
        account: owner,
        symbol: market.symbol,
        side,
        price,
        amount,
        quote,
      },
      ...{ ...money, isMaker, time: clock.now(), positionSide: order.positionSide },
    };
    this.fills.push(fill);
    this.#change(order, {
      status: isFilled ? 'FILLED' : 'PARTIALLY_FILLED',
      filled,
      filledQuote: add(before.filledQuote, quote),
    });
    if (isFilled) funds.release(market, order);
    this.#tellOrder(order, 'TRADE', fill);
    this.#tellBalances(market, order);
  }

  /** After trades: what waited for this price goes to the market, which may move it further. */
  #reviewStops(): void {
    this.#reviewAgain = true;
    if (this.#reviewing) return;
    this.#reviewing = true;
    while (this.#reviewAgain) {
      this.#reviewAgain = false;
      for (const order of this.store.waitingStops()) {
        const market = this.#market(order.symbol.id);
        if (wouldTrigger(market.lastPrice, order)) this.#trigger(market, order);
      }
    }
    this.#reviewing = false;
  }

  #trigger(market: VenueMarket, order: OrderRecord): void {
    this.#change(order, { working: true });
    this.#tellOrder(order, 'NEW');
    this.#terms.funds.release(market, order);
    try {
      this.#terms.funds.reserve(market, order);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#end(order, 'EXPIRED', 'EXPIRED');
      return;
    }
    this.#activate(market, order);
    this.#tellBalances(market, order);
  }

  #end(
    order: OrderRecord,
    status: OrderState['status'],
    execution: Execution | null,
    cancelId: string | null = null,
  ): void {
    const market = this.#market(order.symbol.id);
    const resting = market.book.find(order.account, order.id);
    if (resting !== undefined) market.book.remove(resting);
    this.#change(order, { status });
    this.#terms.funds.release(market, order);
    if (execution !== null) this.#tellOrder(order, execution, null, cancelId);
    this.#tellBalances(market, order);
  }

  #change(order: OrderRecord, change: Partial<OrderState>): void {
    order.states.push({ ...stateOf(order), ...change, at: this.#terms.clock.now() });
    if (!isOpen(order)) this.store.ended(order);
  }

  #tellOrder(
    order: OrderRecord,
    execution: Execution,
    fill: FillRecord | null = null,
    cancelId: string | null = null,
  ): void {
    this.#terms.tell({ kind: 'order', order, state: stateOf(order), execution, fill, cancelId });
  }

  #tellBalances(market: VenueMarket, order: OrderRecord): void {
    const assets = this.#terms.funds.touched(market, order);
    const symbols = [market.symbol.id];
    this.#terms.tell({ kind: 'balances', account: order.account, assets, symbols, reason: 'ORDER' });
  }

  #market(id: string): VenueMarket {
    const market = this.#terms.markets.get(id);
    if (market === undefined) throw new Refusal('unknown-symbol');
    return market;
  }
}
