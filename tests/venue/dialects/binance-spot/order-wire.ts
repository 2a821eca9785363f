import { text, ZERO_BASE, ZERO_QUOTE } from '../../../../core/domain/index.ts';
import type { AccountEvent } from '../../accounts/account-events.ts';
import {
  type FillRecord,
  isStopType,
  type OrderRecord,
  type OrderState,
  stateOf,
} from '../../orders/order-record.ts';
import type { SeenOrder } from '../../orders/order-views.ts';

const DECIMALS = 8;
const padded = (value: { toFixed(decimals: number): string } | undefined): string =>
  value === undefined ? (0).toFixed(DECIMALS) : value.toFixed(DECIMALS);

/** An order that names a sum has the amount it came to. */
const amountOf = (order: OrderRecord, state: OrderState) =>
  order.quoteAmount === undefined ? order.amount : state.filled;

const common = (order: OrderRecord, state: OrderState) => ({
  ...{ symbol: order.symbol.id, orderId: order.id, orderListId: -1, clientOrderId: order.clientId },
  ...{
    price: padded(order.price),
    origQty: padded(amountOf(order, state)),
    executedQty: padded(state.filled),
  },
  ...{ origQuoteOrderQty: padded(order.quoteAmount), cummulativeQuoteQty: padded(state.filledQuote) },
  ...{
    status: state.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side.toUpperCase(),
  },
  ...(isStopType(order.type) ? { stopPrice: padded(order.stopPrice) } : {}),
  selfTradePreventionMode: 'NONE',
});

/** An order as it is told when it is asked for. */
export const orderRow = ({ order, state }: SeenOrder): unknown => ({
  ...common(order, state),
  ...{ stopPrice: padded(order.stopPrice), icebergQty: padded(undefined) },
  ...{ time: order.createdAt, updateTime: state.at, isWorking: state.working, workingTime: order.createdAt },
});

/** The answer to a new order: ACK, RESULT or FULL. */
export const placedRow = (order: OrderRecord, fills: readonly FillRecord[], kind: string): unknown => {
  const state = stateOf(order);
  const { symbol, orderId, orderListId, clientOrderId } = common(order, state);
  if (kind === 'ACK') return { symbol, orderId, orderListId, clientOrderId, transactTime: state.at };
  const result = { ...common(order, state), transactTime: state.at, workingTime: order.createdAt };
  if (kind === 'RESULT') return result;
  return {
    ...result,
    fills: fills.map((fill) => ({
      ...{ price: padded(fill.price), qty: padded(fill.amount), commission: padded(fill.fee) },
      ...{ commissionAsset: fill.feeAsset, tradeId: fill.tradeId },
    })),
  };
};

/** The answer to a cancel: `clientOrderId` names the cancel request, the order is `origClientOrderId`. */
export const cancelledRow = (order: OrderRecord, cancelId: string): unknown => {
  const state = stateOf(order);
  const names = { origClientOrderId: order.clientId, clientOrderId: cancelId };
  return { ...common(order, state), ...names, transactTime: state.at };
};

export const fillRow = (fill: FillRecord): unknown => ({
  ...{ symbol: fill.symbol.id, id: fill.tradeId, orderId: fill.orderId, orderListId: -1 },
  ...{ price: padded(fill.price), qty: padded(fill.amount), quoteQty: padded(fill.quote) },
  ...{ commission: padded(fill.fee), commissionAsset: fill.feeAsset, time: fill.time },
  ...{ isBuyer: fill.side === 'buy', isMaker: fill.isMaker, isBestMatch: true },
});

export const executionReport = (event: Extract<AccountEvent, { kind: 'order' }>, now: number): unknown => {
  const { order, state, execution, fill, cancelId } = event;
  const names = cancelId === null ? { c: order.clientId, C: '' } : { c: cancelId, C: order.clientId };
  return {
    ...{ e: 'executionReport', E: now, s: order.symbol.id, ...names, S: order.side.toUpperCase() },
    ...{ o: order.type, f: order.timeInForce, q: padded(amountOf(order, state)), p: padded(order.price) },
    ...{ P: padded(order.stopPrice), F: padded(undefined), g: -1, x: execution, X: state.status, r: 'NONE' },
    ...{ i: order.id, l: padded(fill?.amount ?? ZERO_BASE), z: padded(state.filled) },
    ...{ L: padded(fill?.price), n: fill === null ? '0' : text(fill.fee), N: fill?.feeAsset ?? null },
    ...{ T: state.at, t: fill?.tradeId ?? -1, I: 2 * order.id, w: state.working && fill === null },
    ...{ m: fill?.isMaker ?? false, M: fill !== null, O: order.createdAt, Z: padded(state.filledQuote) },
    ...{ Y: padded(fill?.quote ?? ZERO_QUOTE), Q: padded(order.quoteAmount), W: order.createdAt, V: 'NONE' },
  };
};
