import {
  assetAmount,
  baseAmount,
  type Candle,
  clientOrderId,
  type Fill,
  type OrderIntent,
  type OrderRef,
  price,
  quoteAmount,
  tradeId,
} from '../../core/domain/index.ts';

/** Values for tests: complete and plausible, with only what matters to the test spelled out. */

type Written<T, K extends keyof T> = Partial<Omit<T, K>>;

export function intentOf(
  id: string,
  given: Written<OrderIntent, 'amount' | 'limitPrice' | 'stopPrice' | 'clientOrderId'> & {
    readonly amount?: number | string;
    readonly limitPrice?: number | string;
    readonly stopPrice?: number | string;
  } = {},
): OrderIntent {
  const { amount, limitPrice, stopPrice, ...rest } = given;
  return {
    clientOrderId: clientOrderId(id),
    symbol: 'BTC/USDT',
    side: 'buy',
    type: stopPrice !== undefined ? 'stop' : limitPrice !== undefined ? 'limit' : 'market',
    purpose: 'entry',
    amount: baseAmount(amount ?? 1),
    limitPrice: limitPrice === undefined ? null : price(limitPrice),
    stopPrice: stopPrice === undefined ? null : price(stopPrice),
    reduceOnly: false,
    decisionId: null,
    createdAt: 1_000,
    expiresAt: null,
    ...rest,
  };
}

/** How an order is found again by the id that we gave it. */
export function refTo(id: string, given: Partial<OrderRef> = {}): OrderRef {
  return {
    symbol: 'BTC/USDT',
    clientOrderId: clientOrderId(id),
    venueOrderId: null,
    type: 'market',
    ...given,
  };
}

/** @param order the id that we gave the order; null for a fill that was not ours. */
export function fillOf(
  trade: string,
  order: string | null,
  given: Written<Fill, 'tradeId' | 'clientOrderId' | 'amount' | 'price'> & {
    readonly amount?: number | string;
    readonly price?: number | string;
  } = {},
): Fill {
  const { amount, price: at, ...rest } = given;
  return {
    tradeId: tradeId(trade),
    clientOrderId: order === null ? null : clientOrderId(order),
    venueOrderId: null,
    symbol: 'BTC/USDT',
    side: 'buy',
    purpose: 'entry',
    price: price(at ?? 100),
    amount: baseAmount(amount ?? 1),
    fee: { asset: 'USDT', amount: assetAmount('0.1'), quoteValue: quoteAmount('0.1') },
    liquidity: 'taker',
    time: 2_000,
    ...rest,
  };
}

/** A candle from its corners; volume is large unless told. */
export function candleOf(
  openTime: number,
  [open, high, low, close]: readonly [number, number, number, number],
  volume = 1_000_000,
): Candle {
  return { openTime, open, high, low, close, volume };
}
