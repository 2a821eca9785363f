import { type BaseAmount, baseAmount, price } from '../../../core/domain/index.ts';
import type { Side } from '../matching/order-book.ts';
import type { OrderRecord, OrderRequest } from '../orders/order-record.ts';
import { madeUpId, marketOf, type World } from '../world.ts';

/** The trader's own hand on the account that the program trades on: its orders carry no id of the program's. */
export class Hand {
  readonly #world: World;
  readonly #account: string;

  constructor(world: World, account: string) {
    this.#world = world;
    this.#account = account;
  }

  /** At the market. @throws Refusal as for anybody. */
  buy(symbol: string, amount: string): OrderRecord {
    return this.#place(symbol, 'buy', 'MARKET', baseAmount(amount), {});
  }

  sell(symbol: string, amount: string, more: Partial<OrderRequest> = {}): OrderRecord {
    return this.#place(symbol, 'sell', 'MARKET', baseAmount(amount), more);
  }

  /** Rests until its price comes. */
  limit(symbol: string, side: Side, amount: string, at: string): OrderRecord {
    return this.#place(symbol, side, 'LIMIT', baseAmount(amount), { price: price(at) });
  }

  cancel(order: OrderRecord): void {
    this.#world.desk.cancel(order);
  }

  #place(
    symbol: string,
    side: Side,
    type: string,
    amount: BaseAmount,
    more: Partial<OrderRequest>,
  ): OrderRecord {
    const market = marketOf(this.#world, symbol.replace(/:.*$/, '').replace('/', ''));
    const clientId = madeUpId(this.#world.random, 'web_');
    return this.#world.desk.place(this.#account, {
      ...{ symbol: market.symbol, side, type, timeInForce: 'GTC', clientId, amount, origin: 'hand' },
      ...more,
    });
  }
}
