import { text, type UtcMs } from '../../../../core/domain/index.ts';
import type { VenueSymbol } from '../../market/symbols.ts';

export const SPOT_ORDER_TYPES = [
  'LIMIT',
  'LIMIT_MAKER',
  'MARKET',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;

/** GET /api/v3/exchangeInfo. A delisted symbol is not in it any more. */
export const spotExchangeInfo = (symbols: readonly VenueSymbol[], now: UtcMs): unknown => ({
  timezone: 'UTC',
  serverTime: now,
  rateLimits: [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
  ],
  exchangeFilters: [],
  symbols: symbols.filter(({ status }) => status !== 'SETTLED').map(symbolRow),
});

const symbolRow = (symbol: VenueSymbol): unknown => {
  const { tickSize, lotSize, minAmount, maxAmount, minNotional, priceBand, maxStops } = symbol.filters;
  const lots = { minQty: text(minAmount), maxQty: text(maxAmount), stepSize: text(lotSize) };
  const band = { multiplierUp: `${priceBand}`, multiplierDown: `${1 / priceBand}` };
  return {
    ...{ symbol: symbol.id, status: symbol.status, baseAsset: symbol.base, baseAssetPrecision: 8 },
    ...{ quoteAsset: symbol.quote, quotePrecision: 8, quoteAssetPrecision: 8 },
    ...{ baseCommissionPrecision: 8, quoteCommissionPrecision: 8, orderTypes: SPOT_ORDER_TYPES },
    ...{
      icebergAllowed: false,
      ocoAllowed: false,
      quoteOrderQtyMarketAllowed: true,
      cancelReplaceAllowed: true,
    },
    ...{ isSpotTradingAllowed: true, isMarginTradingAllowed: false, permissions: ['SPOT'] },
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: text(tickSize), maxPrice: '1000000', tickSize: text(tickSize) },
      { filterType: 'LOT_SIZE', ...lots },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0', maxQty: text(maxAmount), stepSize: '0' },
      {
        ...{ filterType: 'PERCENT_PRICE_BY_SIDE', avgPriceMins: 5 },
        ...{ bidMultiplierUp: band.multiplierUp, bidMultiplierDown: '0.05' },
        ...{ askMultiplierUp: '20', askMultiplierDown: band.multiplierDown },
      },
      {
        ...{ filterType: 'NOTIONAL', minNotional: text(minNotional), applyMinToMarket: true },
        ...{ maxNotional: '9000000', applyMaxToMarket: false, avgPriceMins: 5 },
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
      { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: maxStops },
    ],
  };
};
