import {
  absolute,
  add,
  amountFor,
  averagePrice,
  type BaseAmount,
  floorTo,
  type Instrument,
  maximum,
  notional,
  type OrderIntent,
  type Price,
  price,
  type QuoteAmount,
  subtract,
  sum,
  type VenueOrder,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../domain/index.ts';
import type { AcceptanceView } from './acceptance.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingTerms } from './terms.ts';
import type { VenueAccount } from './venue-account.ts';
import { remainingAmount, type WorkingOrder } from './working-order.ts';

/** What the account can still carry, with every working order's claim held back. */
export class BuyingPower {
  readonly #markets: ReadonlyMap<string, SymbolMarket>;
  readonly #account: VenueAccount;
  readonly #terms: TradingTerms;

  constructor(markets: ReadonlyMap<string, SymbolMarket>, account: VenueAccount, terms: TradingTerms) {
    this.#markets = markets;
    this.#account = account;
    this.#terms = terms;
  }

  /** What acceptance weighs a new order by. */
  viewFor(market: SymbolMarket, intent: OrderIntent): AcceptanceView {
    const { instrument } = market;
    return {
      instrument,
      mark: this.#mark(market),
      closable: this.#account.closable(intent.symbol, intent.side),
      freeCoins: this.#freeCoins(market),
      freeCash: this.#freeCash(instrument.settle),
      worstCost: (from) => this.#terms.withFee(this.#worstPrice(instrument, intent, from)),
    };
  }

  /** How much of an order can execute at a price: what it closes, and beyond that what cash allows. */
  capacity({ instrument }: SymbolMarket, order: WorkingOrder, at: Price): BaseAmount {
    const { symbol, side } = order.venue;
    const cash = maximum(ZERO_QUOTE, this.#freeCash(instrument.settle, order));
    const opening = mayOpen(order.venue, instrument) ? amountFor(cash, this.#terms.withFee(at)) : ZERO_BASE;
    return floorTo(add(this.#account.closable(symbol, side), opening), instrument.lotSize);
  }

  #freeCash(settle: string, except?: WorkingOrder): QuoteAmount {
    const markets = [...this.#markets.values()].filter(({ instrument }) => instrument.settle === settle);
    const claims = markets.flatMap((market) =>
      market.orders.filter((order) => order !== except).map((order) => this.#claim(market, order)),
    );
    return subtract(this.#account.freeCash(settle), sum(ZERO_QUOTE, claims));
  }

  /** Cash held back for a working order. */
  #claim(market: SymbolMarket, order: WorkingOrder): QuoteAmount {
    const { venue } = order;
    const from = order.stage === 'taking' ? this.#mark(market) : order.own;
    if (from === null || !mayOpen(venue, market.instrument)) return ZERO_QUOTE;
    const opening = subtract(remainingAmount(order), this.#account.closable(venue.symbol, venue.side));
    const worst = this.#terms.withFee(this.#worstPrice(market.instrument, venue, from));
    return notional(worst, maximum(ZERO_BASE, opening));
  }

  #freeCoins({ instrument, orders }: SymbolMarket): BaseAmount {
    const held = this.#account.closable(instrument.symbol, 'sell');
    const sells = orders.filter(({ venue }) => venue.side === 'sell').map(remainingAmount);
    return maximum(ZERO_BASE, subtract(held, sum(ZERO_BASE, sells)));
  }

  /** What an order that executes from a price pays at worst, before fees. */
  #worstPrice(instrument: Instrument, { type, side }: Pick<VenueOrder, 'type' | 'side'>, from: Price): Price {
    return type === 'limit' ? from : this.#terms.takerPrice(instrument, side, from);
  }

  /** The price now; after a restart, until the next step, the average price of the open position. */
  #mark({ instrument, walk, lastClose }: SymbolMarket): Price | null {
    const last = walk === null ? lastClose : walk.price;
    if (last !== null) return price(last);
    const { cost, quantity } = this.#account.position(instrument.symbol);
    return quantity.isZero() ? null : averagePrice(absolute(cost), absolute(quantity));
  }
}

/** Whether an order may add exposure: on spot a sell never does. */
function mayOpen(order: Pick<VenueOrder, 'side' | 'reduceOnly'>, { kind }: Instrument): boolean {
  return !order.reduceOnly && !(kind === 'spot' && order.side === 'sell');
}
