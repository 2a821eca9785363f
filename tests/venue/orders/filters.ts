import type { Decimal as DecimalJs } from 'decimal.js';
import { notional, type Price } from '../../../core/domain/index.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { OrderRequest } from './order-record.ts';
import { Refusal } from './refusal.ts';

/** @throws Refusal when the order does not pass what the symbol asks of every order. */
export function checkFilters(market: VenueMarket, order: OrderRequest): void {
  const { filters, status } = market.symbol;
  if (status === 'SETTLED') throw new Refusal('unknown-symbol');
  if (status !== 'TRADING') throw new Refusal('market-closed');
  for (const price of [order.price, order.stopPrice]) {
    if (price !== undefined && (price.lte(0) || !isMultiple(price, filters.tickSize)))
      throw new Refusal('price-filter', price.toFixed());
  }
  const { amount } = order;
  if (order.quoteAmount === undefined) {
    const isInRange = amount.gte(filters.minAmount) && amount.lte(filters.maxAmount);
    if (!isInRange || !isMultiple(amount, filters.lotSize)) throw new Refusal('lot-size', amount.toFixed());
  }
  const value = order.quoteAmount ?? notional(valuedAt(market, order), amount);
  if (value.lt(filters.minNotional) && order.reduceOnly !== true)
    throw new Refusal('min-notional', value.toFixed());
  if (order.price !== undefined) checkBand(market, order, order.price);
}

/** PERCENT_PRICE_BY_SIDE: nobody buys far above the market nor sells far below it. */
function checkBand(market: VenueMarket, order: OrderRequest, price: Price): void {
  const around = market.lastPrice;
  const { priceBand } = market.symbol.filters;
  const isTooHigh = price.gt(around.times(order.side === 'buy' ? priceBand : 20));
  const isTooLow = price.lt(around.div(order.side === 'sell' ? priceBand : 20));
  if (isTooHigh || isTooLow) throw new Refusal('percent-price', price.toFixed());
}

const valuedAt = (market: VenueMarket, order: OrderRequest): Price =>
  order.price ?? order.stopPrice ?? market.lastPrice;

const isMultiple = (value: DecimalJs, step: DecimalJs): boolean => value.mod(step).isZero();
