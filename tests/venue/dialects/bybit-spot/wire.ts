import { text } from '../../../../core/domain/index.ts';
import type { VenueAccount } from '../../accounts/venue-account.ts';
import type { VenueMarket } from '../../market/venue-market.ts';
import type { FillRecord } from '../../orders/order-record.ts';
import type { SeenOrder } from '../../orders/order-views.ts';
import type { VenueRequest } from '../../rest/venue-request.ts';
import type { Wire } from '../dialect.ts';
import { bookTickerRow, intervalMs, klineRows } from '../market-wire.ts';

const BPS = 10_000;
const DECIMALS = 8;

/** Every answer in an envelope, every signature in headers. */
export const bybitWire = (now: () => number): Wire => ({
  signed: (request: VenueRequest) => {
    const [timestamp, receiveWindow, signature] = ['timestamp', 'recv-window', 'sign'].map((name) =>
      request.header(`x-bapi-${name}`),
    );
    const apiKey = request.header('x-bapi-api-key');
    const said = request.method === 'GET' ? request.query : request.body;
    return {
      apiKey,
      timestamp,
      receiveWindow,
      signature,
      signed: `${timestamp}${apiKey}${receiveWindow}${said}`,
    };
  },
  success: (result) => ({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: now() }),
  refusal: ({ code, msg }) => ({ retCode: code, retMsg: msg, result: {}, retExtInfo: {}, time: now() }),
});

export const instrumentRow = ({ symbol }: VenueMarket): unknown => {
  const { tickSize, lotSize, minAmount, maxAmount, minNotional } = symbol.filters;
  return {
    ...{ symbol: symbol.id, baseCoin: symbol.base, quoteCoin: symbol.quote },
    ...{ status: symbol.status === 'TRADING' ? 'Trading' : 'PreLaunch', marginTrading: 'none' },
    lotSizeFilter: {
      ...{ basePrecision: text(lotSize), quotePrecision: '0.00000001' },
      ...{ minOrderQty: text(minAmount), maxOrderQty: text(maxAmount) },
      ...{ minOrderAmt: text(minNotional), maxOrderAmt: '4000000' },
    },
    priceFilter: { tickSize: text(tickSize) },
  };
};

/** Why an order ended that the venue had taken. */
export type RejectReason = 'EC_NoError' | 'EC_PostOnlyWillTakeLiquidity' | 'EC_NoImmediateQtyToFill';

const STATUS = { NEW: 'New', PARTIALLY_FILLED: 'PartiallyFilled', FILLED: 'Filled' } as const;

export function orderRow({ order, state }: SeenOrder, rejectReason: RejectReason): unknown {
  const isOver = state.status === 'CANCELED' || state.status === 'EXPIRED';
  const isUnfilled = isOver && state.filled.isZero();
  return {
    ...{ orderId: `${order.id}`, orderLinkId: order.clientId, symbol: order.symbol.id },
    ...{
      side: order.side === 'buy' ? 'Buy' : 'Sell',
      orderType: order.type === 'MARKET' ? 'Market' : 'Limit',
    },
    ...{ price: (order.price ?? 0).toFixed(), qty: text(order.amount), marketUnit: 'baseCoin' },
    ...{ cumExecQty: text(state.filled), cumExecValue: text(state.filledQuote) },
    orderStatus: !isOver ? STATUS[state.status] : isUnfilled ? 'Cancelled' : 'PartiallyFilledCanceled',
    rejectReason,
    ...{ timeInForce: order.timeInForce === 'GTX' ? 'PostOnly' : order.timeInForce, reduceOnly: false },
    ...{
      createdTime: `${order.createdAt}`,
      updatedTime: `${state.at}`,
      triggerPrice: '0.00',
      stopOrderType: '',
    },
  };
}

/** How a trade is called: in no order, as a UUID is. */
export const executionId = (tradeId: number): string => `${(tradeId * 7_919) % 100_003}-${tradeId}`;

export const executionRow = (fill: FillRecord, clientId: string): unknown => ({
  ...{ symbol: fill.symbol.id, orderId: `${fill.orderId}`, orderLinkId: clientId },
  ...{
    side: fill.side === 'buy' ? 'Buy' : 'Sell',
    execId: `${(fill.tradeId * 7_919) % 100_003}-${fill.tradeId}`,
  },
  ...{ execPrice: text(fill.price), execQty: text(fill.amount), execValue: text(fill.quote) },
  ...{ execFee: text(fill.fee), feeCurrency: fill.feeAsset, isMaker: fill.isMaker },
  ...{ execTime: `${fill.time}`, execType: 'Trade', orderType: 'Market' },
});

export const walletRow = (
  assets: VenueAccount['holdings'] extends { assets(): infer A } ? A : never,
): unknown => ({
  accountType: 'UNIFIED',
  coin: [...assets].map(([coin, { free, locked }]) => ({
    coin,
    // What can be withdrawn is not told any more.
    ...{ walletBalance: free.plus(locked).toFixed(DECIMALS), locked: locked.toFixed(DECIMALS), free: '' },
    ...{ availableToWithdraw: '', totalOrderIM: '0', totalPositionIM: '0' },
  })),
});

export const feeRow = ({ symbol }: VenueMarket, { terms }: VenueAccount): unknown => ({
  ...{ symbol: symbol.id, makerFeeRate: `${terms.makerBps / BPS}`, takerFeeRate: `${terms.takerBps / BPS}` },
});

export function tickerRow(market: VenueMarket): unknown {
  // As the other dialect has it: the best of both sides.
  const best = bookTickerRow(market) as { readonly bidPrice: string; readonly askPrice: string };
  return {
    ...{ symbol: market.symbol.id, bid1Price: best.bidPrice, ask1Price: best.askPrice },
    lastPrice: market.lastPrice.toFixed(),
  };
}

/** Newest first; a bar's length is told in minutes. */
export function barRows(market: VenueMarket, request: VenueRequest, now: number): readonly unknown[] {
  const interval = request.needed('interval') === 'D' ? '1d' : `${request.needed('interval')}m`;
  intervalMs(interval);
  const rows = klineRows(market, request.with({ interval, startTime: request.text('start') }), now);
  return rows
    .map((row) => {
      const [start, open, high, low, close, volume, , turnover] = row as readonly unknown[];
      return [`${String(start)}`, open, high, low, close, volume, turnover];
    })
    .toReversed();
}
