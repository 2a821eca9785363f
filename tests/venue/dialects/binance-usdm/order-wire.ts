import { averagePrice, text, ZERO_BASE, ZERO_QUOTE } from '../../../../core/domain/index.ts';
import type { AccountEvent } from '../../accounts/account-events.ts';
import { type AlgoOrder, algoStateOf } from '../../futures/algo-order.ts';
import type { FillRecord, OrderRecord, OrderState } from '../../orders/order-record.ts';
import type { SeenOrder } from '../../orders/order-views.ts';

const orZero = (value: { toFixed(): string } | undefined): string => value?.toFixed() ?? '0';

const averageOf = ({ filled, filledQuote }: OrderState): string =>
  filled.isZero() ? '0.00000' : averagePrice(filledQuote, filled).toDecimalPlaces(8).toFixed();

/** An order as it is told; one that was just placed or cancelled has no `time`. */
export const orderRow = ({ order, state }: SeenOrder, isAsked = true): unknown => ({
  ...{ orderId: order.id, symbol: order.symbol.id, status: state.status, clientOrderId: order.clientId },
  ...{ price: orZero(order.price), avgPrice: averageOf(state), origQty: text(order.amount) },
  ...{ executedQty: text(state.filled), cumQty: text(state.filled), cumQuote: text(state.filledQuote) },
  ...{ timeInForce: order.timeInForce, type: order.type, reduceOnly: order.reduceOnly, closePosition: false },
  ...{ side: order.side.toUpperCase(), positionSide: order.positionSide, stopPrice: '0' },
  ...{ workingType: 'CONTRACT_PRICE', priceProtect: false, origType: order.type, priceMatch: 'NONE' },
  ...{ selfTradePreventionMode: 'NONE', goodTillDate: 0, updateTime: state.at },
  ...(isAsked ? { time: order.createdAt } : {}),
});

export const algoRow = (algo: AlgoOrder): unknown => {
  const state = algoStateOf(algo);
  const { request } = algo;
  return {
    ...{ algoId: algo.id, clientAlgoId: request.clientId, algoType: 'CONDITIONAL', orderType: request.type },
    ...{ symbol: request.symbol.id, side: request.side.toUpperCase(), positionSide: request.positionSide },
    ...{ timeInForce: request.timeInForce, quantity: algo.closePosition ? '0' : text(request.amount) },
    ...{ algoStatus: state.status, actualOrderId: state.orderId === null ? '' : `${state.orderId}` },
    ...{ actualPrice: '0', triggerPrice: orZero(request.stopPrice), price: orZero(request.price) },
    ...{ icebergQuantity: null, selfTradePreventionMode: 'NONE', workingType: algo.workingType },
    ...{ priceMatch: 'NONE', closePosition: algo.closePosition, priceProtect: false },
    ...{ reduceOnly: request.reduceOnly === true, createTime: algo.createdAt, updateTime: state.at },
    ...{ triggerTime: state.triggeredAt ?? 0, goodTillDate: 0 },
  };
};

export const fillRow = (fill: FillRecord): unknown => ({
  ...{ symbol: fill.symbol.id, id: fill.tradeId, orderId: fill.orderId, side: fill.side.toUpperCase() },
  ...{ price: text(fill.price), qty: text(fill.amount), realizedPnl: text(fill.realizedPnl) },
  ...{ marginAsset: fill.feeAsset, quoteQty: text(fill.quote), commission: text(fill.fee) },
  ...{ commissionAsset: fill.feeAsset, time: fill.time, positionSide: fill.positionSide },
  ...{ buyer: fill.side === 'buy', maker: fill.isMaker },
});

export const orderTradeUpdate = (event: Extract<AccountEvent, { kind: 'order' }>, now: number): unknown => {
  const { order, state, execution, fill } = event;
  const isFromStop = order.stopPrice !== undefined;
  return {
    ...{ e: 'ORDER_TRADE_UPDATE', E: now, T: state.at },
    o: {
      ...{ s: order.symbol.id, c: order.clientId, S: order.side.toUpperCase(), o: order.type },
      ...{ f: order.timeInForce, q: text(order.amount), p: orZero(order.price), ap: averageOf(state) },
      ...{ sp: orZero(order.stopPrice), x: execution, X: state.status, i: order.id },
      ...{ l: text(fill?.amount ?? ZERO_BASE), z: text(state.filled), L: orZero(fill?.price) },
      ...(fill === null ? {} : { n: text(fill.fee), N: fill.feeAsset }),
      ...{
        T: state.at,
        t: fill?.tradeId ?? 0,
        b: '0',
        a: '0',
        m: fill?.isMaker ?? false,
        R: order.reduceOnly,
      },
      ...{ wt: 'CONTRACT_PRICE', ot: order.type, ps: order.positionSide, cp: false, pP: false },
      ...{ rp: text(fill?.realizedPnl ?? ZERO_QUOTE), V: 'NONE', pm: 'NONE', gtd: 0, st: isFromStop },
    },
  };
};

export const algoUpdate = (algo: AlgoOrder, child: OrderRecord | undefined, now: number): unknown => {
  const state = algoStateOf(algo);
  const { request } = algo;
  const childState = child?.states.at(-1);
  return {
    ...{ e: 'ALGO_UPDATE', T: state.at, E: now },
    o: {
      ...{ caid: request.clientId, aid: algo.id, at: 'CONDITIONAL', o: request.type, s: request.symbol.id },
      ...{ S: request.side.toUpperCase(), ps: request.positionSide, f: request.timeInForce },
      ...{ q: text(request.amount), X: state.status, ai: state.orderId === null ? '' : `${state.orderId}` },
      ...(childState === undefined ? {} : { ap: averageOf(childState), aq: text(childState.filled) }),
      ...{ act: child?.type ?? '0', tp: orZero(request.stopPrice), p: orZero(request.price), V: 'NONE' },
      ...{ wt: algo.workingType, pm: 'NONE', cp: algo.closePosition, pP: false },
      ...{ R: request.reduceOnly === true, tt: state.triggeredAt ?? 0, gtd: 0, rm: state.failure },
    },
  };
};
