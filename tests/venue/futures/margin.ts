import {
  absolute,
  add,
  type BaseAmount,
  maximum,
  notional,
  type Price,
  type QuoteAmount,
  quoteAmount,
  rounded,
  scale,
  subtract,
  sum,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import { type OrderRecord, stateOf } from '../orders/order-record.ts';
import type { FuturesAccount } from './futures-account.ts';
import { type Position, unrealizedOf } from './position-book.ts';

/** Share of a position's worth below which it is liquidated. */
export const MAINTENANCE = 0.004;
const DECIMALS = 8;

type Markets = ReadonlyMap<string, VenueMarket>;

export const markOf = (markets: Markets, symbol: string): Price => {
  const market = markets.get(symbol);
  if (market === undefined) throw new Error(`no market ${symbol}`);
  return market.markPrice;
};

export const worthOf = (markets: Markets, position: Position): QuoteAmount =>
  absolute(notional(markOf(markets, position.symbol), position.amount));

export const maintenanceOf = (markets: Markets, position: Position): QuoteAmount =>
  rounded(scale(worthOf(markets, position), MAINTENANCE), DECIMALS);

/** What an account needs of a worth at its leverage. */
export const initialMargin = (account: FuturesAccount, symbol: string, worth: QuoteAmount): QuoteAmount =>
  rounded(scale(worth, 1 / account.leverage(symbol)), DECIMALS);

const isIsolated = (account: FuturesAccount, { symbol }: Position): boolean =>
  account.marginType(symbol) === 'isolated';

/** The wallet's parts, at the present mark prices. */
export interface MarginState {
  readonly wallet: QuoteAmount;
  /** Without what is set aside for isolated positions. */
  readonly crossWallet: QuoteAmount;
  readonly crossUnrealized: QuoteAmount;
  readonly unrealized: QuoteAmount;
  readonly positionMargin: QuoteAmount;
  readonly orderMargin: QuoteAmount;
  readonly maintenance: QuoteAmount;
  /** What can be used for new orders. */
  readonly available: QuoteAmount;
}

export function marginState(
  markets: Markets,
  account: FuturesAccount,
  wallet: QuoteAmount,
  openOrders: readonly OrderRecord[],
): MarginState {
  const positions = account.positions.all();
  const cross = positions.filter((position) => !isIsolated(account, position));
  const total = (of: (position: Position) => QuoteAmount, list = positions): QuoteAmount =>
    sum(ZERO_QUOTE, list.map(of));
  const unrealizedAt = (position: Position): QuoteAmount =>
    unrealizedOf(position, markOf(markets, position.symbol));
  const marginAt = (position: Position): QuoteAmount =>
    initialMargin(account, position.symbol, worthOf(markets, position));
  const crossWallet = subtract(
    wallet,
    total(({ isolatedWallet }) => isolatedWallet),
  );
  const crossUnrealized = total(unrealizedAt, cross);
  const orderMargin = sum(
    ZERO_QUOTE,
    openOrders.map((order) => orderMarginOf(markets, account, order)),
  );
  const used = add(total(marginAt, cross), orderMargin);
  return {
    ...{ wallet, crossWallet, crossUnrealized, orderMargin },
    unrealized: total(unrealizedAt),
    positionMargin: total(marginAt),
    maintenance: total((position) => maintenanceOf(markets, position)),
    available: maximum(ZERO_QUOTE, subtract(add(crossWallet, crossUnrealized), used)),
  };
}

/** What an open order holds: nothing where it only makes a position smaller. */
export function orderMarginOf(markets: Markets, account: FuturesAccount, order: OrderRecord): QuoteAmount {
  const left = subtract(order.amount, stateOf(order).filled);
  return initialMargin(account, order.symbol.id, openingWorth(markets, account, order, left));
}

/** What of an order would open a position, in quote currency. */
export function openingWorth(
  markets: Markets,
  account: FuturesAccount,
  order: OrderRecord,
  amount: BaseAmount,
): QuoteAmount {
  if (order.reduceOnly) return ZERO_QUOTE;
  const held = account.positions.of(order.symbol.id, order.positionSide).amount;
  const isAgainst = !held.isZero() && held.gt(0) !== (order.side === 'buy');
  const opening = isAgainst ? subtract(amount, absolute(held)) : amount;
  if (opening.lte(0)) return ZERO_QUOTE;
  return notional(order.price ?? markOf(markets, order.symbol.id), opening);
}

/** Where an isolated position is liquidated; 0: nowhere, or it is not isolated. */
export function liquidationPriceOf(account: FuturesAccount, position: Position): QuoteAmount {
  if (position.amount.isZero() || !isIsolated(account, position)) return ZERO_QUOTE;
  const missing = subtract(position.cost, position.isolatedWallet);
  const factor = position.amount.times(position.amount.gt(0) ? 1 - MAINTENANCE : 1 + MAINTENANCE);
  const at = missing.div(factor);
  return at.lte(0) ? ZERO_QUOTE : rounded(quoteAmount(at.toFixed(20)), DECIMALS);
}
