import {
  type AccountSnapshot,
  absolute,
  asBase,
  type BaseAmount,
  type ClientOrderId,
  type Exchange,
  floorTo,
  type Instrument,
  maximum,
  minimum,
  negate,
  subtract,
  text,
  type VenueOrder,
  ZERO_BASE,
} from '../domain/index.ts';
import { isClose, type PositionReader } from './orders/admission.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import { coinOf, isDerivative } from './orders/markets.ts';
import type { OrderManager } from './orders/order-manager.ts';
import type { VenueTalk } from './venue-talk.ts';

export interface VenueSightOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly instruments: (symbol: string) => Instrument | undefined;
  readonly ids: ClientOrderIds;
  readonly positions: PositionReader;
  /** Symbols that are traded, or of which something is held. */
  readonly symbols: () => readonly string[];
  /** Whether the venue has refused to close a symbol. */
  readonly refusal: (symbol: string) => Refusal | null;
  /** A symbol's last price; undefined where none is known. */
  readonly price: (symbol: string) => number | undefined;
}

/** How long ago a close was refused. */
export type Refusal = 'lately' | 'before';

/** What of ours there is, at one moment. */
export interface Sight {
  /** Orders of ours that the venue works. */
  readonly orders: readonly VenueOrder[];
  /** What is to be closed by symbol, signed. */
  readonly positions: ReadonlyMap<string, BaseAmount>;
  /** Orders that have not ended here, and that the venue does not list, with their symbols. */
  readonly unlisted: ReadonlyMap<ClientOrderId, string>;
  /** What is too small for the venue to take, in words, by symbol. */
  readonly left: ReadonlyMap<string, string>;
  /** What the account has of each symbol in which something of ours may be, whoever's it is. */
  readonly shown: ReadonlyMap<string, BaseAmount>;
}

/** Looks at the venue for what is ours: everything where the account is, else what our books and ids claim. */
export class VenueSight {
  readonly #options: VenueSightOptions;
  /** Symbols in which something of ours was found. */
  readonly #seen = new Set<string>();

  constructor(options: VenueSightOptions) {
    this.#options = options;
  }

  /**
   * What of the two questions the venue does not answer is as our own books have it.
   *
   * @param isWhole whether every symbol's orders are wanted, also where nothing of ours is known to be: to list them all
   * costs venues much more.
   */
  async look(talk: VenueTalk, isWhole: boolean): Promise<Sight> {
    const { exchange, orders } = this.#options;
    const how = isWhole ? {} : { symbols: this.#known() };
    // Orders first: what fills between the two questions is then seen as one or the other.
    const listed = (await talk.attempt('open orders', async () => exchange.openOrders(how))) ?? [];
    const own = listed.filter((order) => this.#ownsAll || this.#isOurs(order));
    for (const { symbol } of own) this.#seen.add(symbol);
    const account = await talk.attempt('account', async () => exchange.account());
    const owners = new Set(listed.map((order) => orders.ownerOf(order)?.clientOrderId));
    return {
      orders: own,
      unlisted: new Map(
        orders
          .unfinished()
          .filter(({ clientOrderId }) => !owners.has(clientOrderId))
          .map(({ clientOrderId, symbol }) => [clientOrderId, symbol]),
      ),
      ...this.#holdings(account),
      shown: new Map(
        account === undefined ? [] : this.#known().map((symbol) => [symbol, shownAt(symbol, account)]),
      ),
    };
  }

  /** Where something of ours may be. */
  #known(): readonly string[] {
    const { symbols, orders } = this.#options;
    const working = orders.unfinished().map(({ symbol }) => symbol);
    return [...new Set([...symbols(), ...working, ...this.#seen])];
  }

  get #ownsAll(): boolean {
    return this.#options.exchange.profile.account === 'ours';
  }

  #holdings(account: AccountSnapshot | undefined): Pick<Sight, 'positions' | 'left'> {
    const { symbols } = this.#options;
    const others = this.#ownsAll && account !== undefined ? account.positions.keys() : [];
    const positions = new Map<string, BaseAmount>();
    const left = new Map<string, string>();
    for (const symbol of new Set([...symbols(), ...others])) {
      const ours = this.#ours(symbol, account);
      const tradable = this.#tradable(symbol, absolute(ours));
      if (ours.isZero()) continue;
      if (tradable.isZero()) left.set(symbol, `${symbol}: ${text(ours)} is too little for the venue to take`);
      else positions.set(symbol, ours.isPositive() ? tradable : negate(tradable));
    }
    return { positions, left };
  }

  /** What of a symbol is ours to close. */
  #ours(symbol: string, account: AccountSnapshot | undefined): BaseAmount {
    const owned = this.#options.orders.heldUnits(symbol);
    const shown = account === undefined ? owned : shownAt(symbol, account);
    if (this.#ownsAll && account !== undefined) return shown;
    // What the trader holds beside is his, and what an order of ours may have sold already is not sold again.
    const free = maximum(ZERO_BASE, subtract(absolute(owned), this.#spokenFor(symbol)));
    if (shown.isPositive() !== owned.isPositive()) return ZERO_BASE;
    const ours = minimum(absolute(shown), free);
    return owned.isPositive() ? ours : negate(ours);
  }

  /** Stops on a spot market hold the coins that they would sell; on a derivative they only wait. */
  #spokenFor(symbol: string): BaseAmount {
    const { orders } = this.#options;
    return orders.spokenFor(symbol, (order) => isClose(order) || !isDerivative(symbol));
  }

  /** In whole lots; nothing where the venue would not take it. */
  #tradable(symbol: string, amount: BaseAmount): BaseAmount {
    const { instruments } = this.#options;
    const instrument = instruments(symbol);
    if (instrument === undefined) return amount;
    const lots = floorTo(amount, instrument.lotSize);
    return lots.lt(instrument.minAmount) || this.#isCheap(instrument, lots) ? ZERO_BASE : lots;
  }

  /** Whether the venue has refused it for being worth less than its least order, and would again. */
  #isCheap({ symbol, minNotional }: Instrument, amount: BaseAmount): boolean {
    const { positions, refusal, price } = this.#options;
    const refused = refusal(symbol);
    if (refused === null) return false;
    const at = price(symbol);
    const isWorthEnough = at !== undefined && amount.times(at).gte(minNotional);
    if (refused === 'before' && isWorthEnough) return false;
    const { quantity, cost } = positions.position(symbol);
    return cost.abs().times(amount).lt(minNotional.times(quantity.abs()));
  }

  #isOurs(order: VenueOrder): boolean {
    const { orders, ids } = this.#options;
    return orders.ownerOf(order) !== undefined || ids.purposeOf(order.clientOrderId) !== undefined;
  }
}

/** On a spot market the coins are the position. */
function shownAt(symbol: string, { assets, positions }: AccountSnapshot): BaseAmount {
  if (isDerivative(symbol)) return positions.get(symbol) ?? ZERO_BASE;
  const coins = assets.get(coinOf(symbol));
  return coins === undefined ? ZERO_BASE : asBase(coins.total);
}
