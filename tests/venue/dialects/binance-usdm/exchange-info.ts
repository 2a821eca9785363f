import { text, type UtcMs } from '../../../../core/domain/index.ts';
import type { VenueSymbol } from '../../market/symbols.ts';

const ORDER_TYPES = ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET'];
/** The delivery date of what is never delivered. */
const NEVER = 4_133_404_800_000;

/** GET /fapi/v1/exchangeInfo */
export const futuresExchangeInfo = (symbols: readonly VenueSymbol[], now: UtcMs): unknown => ({
  timezone: 'UTC',
  serverTime: now,
  futuresType: 'U_MARGINED',
  rateLimits: [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
  ],
  exchangeFilters: [],
  assets: [{ asset: 'USDT', marginAvailable: true, autoAssetExchange: '-10000' }],
  symbols: symbols.filter(({ status }) => status !== 'SETTLED').map(symbolRow),
});

const symbolRow = (symbol: VenueSymbol): unknown => {
  const { tickSize, lotSize, minAmount, maxAmount, minNotional, priceBand, maxStops } = symbol.filters;
  const lots = { minQty: text(minAmount), maxQty: text(maxAmount), stepSize: text(lotSize) };
  return {
    ...{ symbol: symbol.id, pair: symbol.id, contractType: 'PERPETUAL', deliveryDate: NEVER, onboardDate: 0 },
    ...{ status: symbol.status, maintMarginPercent: '2.5000', requiredMarginPercent: '5.0000' },
    ...{ baseAsset: symbol.base, quoteAsset: symbol.quote, marginAsset: symbol.quote },
    ...{ pricePrecision: tickSize.dp(), quantityPrecision: lotSize.dp() },
    ...{ baseAssetPrecision: 8, quotePrecision: 8, underlyingType: 'COIN', underlyingSubType: [] },
    ...{ triggerProtect: '0.0500', liquidationFee: '0.012500', marketTakeBound: '0.05' },
    ...{ orderTypes: ORDER_TYPES, timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'] },
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: text(tickSize), maxPrice: '1000000', tickSize: text(tickSize) },
      { filterType: 'LOT_SIZE', ...lots },
      { filterType: 'MARKET_LOT_SIZE', ...lots },
      { filterType: 'MAX_NUM_ORDERS', limit: 200 },
      { filterType: 'MAX_NUM_ALGO_ORDERS', limit: maxStops },
      { filterType: 'MIN_NOTIONAL', notional: text(minNotional) },
      {
        ...{ filterType: 'PERCENT_PRICE', multiplierUp: `${priceBand}` },
        ...{ multiplierDown: (2 - priceBand).toFixed(4), multiplierDecimal: '4' },
      },
    ],
  };
};
