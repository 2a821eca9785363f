import {
  type AccountEvent,
  absolute,
  accountEventId,
  type BaseAmount,
  type Clock,
  floorTo,
  type Instrument,
  maximum,
  minimum,
  negate,
  type Price,
  price,
  scale,
  tradeId,
  type UtcMs,
  VenueError,
  type VenueEvent,
  type VenueProfile,
  venueOrderId,
} from '../../../core/domain/index.ts';
import type { Dice } from '../dice.ts';
import type { Traits } from '../scenario.ts';
import { type AcceptanceView, closableOf, refusalOf } from './acceptance.ts';
import type { TrueAccount } from './true-account.ts';
import { feeOf, type TrueFill, toldFill } from './true-fill.ts';
import { type OrderTerms, type Origin, TrueOrder } from './true-order.ts';

export interface MatcherOptions {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly markets: ReadonlyMap<string, Instrument>;
  readonly account: TrueAccount;
  readonly profile: VenueProfile;
  readonly traits: Traits;
  readonly priceOf: (symbol: string) => number;
  /** Whether nothing trades in a symbol now, and whether its market is closed. */
  readonly dry: (symbol: string) => boolean;
  readonly halted: (symbol: string) => boolean;
  readonly stopRefusal: () => string | null;
  readonly tell: (event: VenueEvent) => void;
}

/** The venue gives up on the rest of an order that it fills in pieces. */
const GIVES_UP = 0.08;
const SLIPPAGE = 0.0004;

/** The venue's order book: takes orders, fills and triggers them as the price moves, and keeps the accounts. */
export class Matcher {
  readonly orders: TrueOrder[] = [];
  readonly fills: TrueFill[] = [];
  readonly #options: MatcherOptions;
  readonly #working = new Set<TrueOrder>();
  readonly #trades = new Map<string, number>();

  constructor(options: MatcherOptions) {
    this.#options = options;
  }

  get working(): readonly TrueOrder[] {
    return [...this.#working];
  }

  /** Takes an order, and fills what can be filled at once. @throws VenueError when it is refused. */
  accept(terms: OrderTerms, origin: Origin): TrueOrder {
    const refusal = refusalOf(terms, this.#view(terms.symbol));
    if (refusal !== null) throw new VenueError('rejected', refusal);
    const order = this.#add(terms, origin);
    if (order.temper !== 'waits') this.#meet(order);
    return order;
  }

  /** Ends an order that works. */
  cancel(order: TrueOrder, reason: string): void {
    if (order.working) this.#end(order, 'CANCELED', reason);
  }

  /** The price of a symbol has moved, or time has passed. */
  tick(symbol: string): void {
    for (const order of this.working) {
      if (order.terms.symbol === symbol && order.working) this.#meet(order);
    }
  }

  /** Ends the orders whose time is up, which a venue does whether or not its market is open. */
  expire(): void {
    const { clock, profile } = this.#options;
    if (!profile.goodTillDate) return;
    for (const order of this.working) {
      const { expiresAt } = order.terms;
      if (expiresAt !== null && clock.now() >= expiresAt) this.#end(order, 'EXPIRED', 'its time was up');
    }
  }

  /** Closes a share of a perpetual position at the market, as venues do to the winners of a day. */
  deleverage(symbol: string, share: number): void {
    const position = this.#options.account.position(symbol);
    const amount = floorTo(scale(absolute(position), share), this.#market(symbol).lotSize);
    if (amount.gt(0)) this.#execute(null, symbol, position.isPositive() ? 'sell' : 'buy', amount, 'taker');
  }

  #add(terms: OrderTerms, origin: Origin): TrueOrder {
    const { clock, dice, traits } = this.#options;
    // Numbered in each market anew: an order's id names it among those of its symbol.
    const number = this.orders.filter(({ terms: { symbol } }) => symbol === terms.symbol).length + 1;
    const id = venueOrderId(`v${number}`);
    const order = new TrueOrder(id, terms, origin, dice.pick(traits.tempers), clock.now());
    this.orders.push(order);
    this.#working.add(order);
    this.#tellOf(order);
    return order;
  }

  /** What a working order does at the price of now. */
  #meet(order: TrueOrder): void {
    const { dry, halted, priceOf } = this.#options;
    const { symbol, type, side, stopPrice, limitPrice } = order.terms;
    if (dry(symbol) || halted(symbol)) return;
    const now = price(priceOf(symbol));
    if (order.isRestingStop) {
      if (stopPrice !== null && (side === 'sell' ? now.lte(stopPrice) : now.gte(stopPrice)))
        this.#trigger(order);
      return;
    }
    if (
      type === 'limit' &&
      limitPrice !== null &&
      !(side === 'buy' ? now.lte(limitPrice) : now.gte(limitPrice))
    )
      return;
    this.#trade(order);
  }

  #trigger(stop: TrueOrder): void {
    const { clock, traits } = this.#options;
    if (traits.triggeredStop === 'trades-itself') {
      stop.triggered = true;
      if (stop.temper !== 'waits') this.#trade(stop);
      return;
    }
    const { terms, origin, remaining } = stop;
    const clientOrderId = traits.triggeredStop === 'child-with-same-id' ? terms.clientOrderId : null;
    this.#end(stop, traits.parentIsTold, 'triggered');
    const childTerms: OrderTerms = {
      ...terms,
      clientOrderId,
      type: 'market',
      amount: remaining,
      stopPrice: null,
    };
    stop.child = this.#add(childTerms, { ...origin, parent: stop, leftAt: clock.now() });
    if (stop.child.temper !== 'waits') this.#trade(stop.child);
  }

  /** Fills as much of an order as the market gives it now. */
  #trade(order: TrueOrder): void {
    const { dice } = this.#options;
    const { symbol, side, type, reduceOnly } = order.terms;
    const { kind, lotSize } = this.#market(symbol);
    const closable =
      reduceOnly && kind === 'perpetual' ? closableOf(this.#options.account.position(symbol), side) : null;
    if (closable?.isZero() === true) {
      this.#end(order, 'CANCELED', 'there was nothing left to reduce');
      return;
    }
    const most = closable === null ? order.remaining : minimum(order.remaining, closable);
    const share = dice.chance(0.1) ? 0.004 : dice.between(0.2, 0.7);
    const piece = maximum(lotSize, floorTo(scale(order.terms.amount, share), lotSize));
    const amount = order.temper === 'pieces' ? minimum(piece, most) : most;
    this.#execute(order, symbol, side, amount, type === 'limit' ? 'maker' : 'taker');
    if (order.working && order.temper === 'pieces' && type !== 'limit' && dice.chance(GIVES_UP)) {
      this.#end(order, 'EXPIRED', 'the market gave no more');
    }
  }

  #execute(
    order: TrueOrder | null,
    symbol: string,
    side: 'buy' | 'sell',
    amount: BaseAmount,
    liquidity: 'maker' | 'taker',
  ): void {
    const { clock, dice, traits, account } = this.#options;
    const market = this.#market(symbol);
    const at = this.#executionPrice(symbol, side, order?.terms.limitPrice ?? null);
    const trade = (this.#trades.get(symbol) ?? 0) + 1;
    this.#trades.set(symbol, trade);
    const fee = feeOf(traits, market, { side, price: at, amount, liquidity });
    const filled: TrueFill = {
      sequence: this.fills.length + 1,
      fill: {
        // Each market counts its own trades: the same id comes up in every one of them.
        tradeId: tradeId(`${trade}`),
        clientOrderId: order?.terms.clientOrderId ?? null,
        venueOrderId: order?.venueOrderId ?? null,
        ...{ symbol, side, price: at, amount, fee, liquidity },
        time: clock.now(),
      },
      // Coins that are gone and not told would be sold once more by anybody.
      feeToldLater: fee.asset !== market.base && dice.chance(traits.lateFees),
      order,
      hand: order?.origin.hand ?? 'venue',
      purpose: order?.origin.hand === 'ours' ? (order.origin.purpose ?? 'external') : 'external',
    };
    this.fills.push(filled);
    account.settle(filled);
    order?.fill(amount, clock.now());
    if (order?.working === false) this.#working.delete(order);
    this.#remember();
    this.#options.tell({ kind: 'fill', fill: toldFill(filled) });
    if (order !== null) this.#tellOf(order);
  }

  /** A limit order gets its own price, any other one a little worse than the market's. */
  #executionPrice(symbol: string, side: 'buy' | 'sell', limitPrice: Price | null): Price {
    if (limitPrice !== null) return limitPrice;
    const { dice, priceOf } = this.#options;
    const worse = scale(price(priceOf(symbol)), 1 + (side === 'buy' ? 1 : -1) * dice.between(0, SLIPPAGE));
    return maximum(this.#market(symbol).tickSize, floorTo(worse, this.#market(symbol).tickSize));
  }

  #end(order: TrueOrder, status: 'CANCELED' | 'EXPIRED' | 'FILLED', reason: string): void {
    order.end(status, reason, this.#options.clock.now());
    this.#working.delete(order);
    this.#tellOf(order);
  }

  #tellOf(order: TrueOrder): void {
    this.#remember();
    this.#options.tell({ kind: 'order', order: order.now });
  }

  #remember(): void {
    this.#options.account.remember(this.#options.clock.now(), this.working);
  }

  #view(symbol: string): AcceptanceView {
    const { account, profile, traits, priceOf, halted, stopRefusal } = this.#options;
    return {
      ...{ account, profile, traits },
      market: this.#market(symbol),
      price: price(priceOf(symbol)),
      halted: halted(symbol),
      stopRefusal: stopRefusal(),
      working: this.working,
      known: this.orders,
    };
  }

  #market(symbol: string): Instrument {
    const market = this.#options.markets.get(symbol);
    if (market === undefined) throw new VenueError('rejected', `${symbol} is not listed`);
    return market;
  }
}

/** What tells the fee of a fill later. */
export function lateFeeOf({ fill }: TrueFill, time: UtcMs): AccountEvent {
  return {
    id: accountEventId(`fee-${fill.symbol}-${fill.tradeId}`),
    kind: 'fee',
    asset: fill.fee.asset,
    amount: negate(fill.fee.amount),
    quoteValue: negate(fill.fee.quoteValue),
    symbol: fill.symbol,
    tradeId: fill.tradeId,
    time,
    note: 'a fee that was told late',
  };
}
