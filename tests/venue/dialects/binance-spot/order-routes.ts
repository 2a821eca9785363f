import type { VenueAccount } from '../../accounts/venue-account.ts';
import { isStopType, type OrderRecord } from '../../orders/order-record.ts';
import type { OrderName } from '../../orders/order-store.ts';
import { Refusal } from '../../orders/refusal.ts';
import { codeOf, WithStatus } from '../../rest/answer.ts';
import { bySymbol, ordering, type Route, signed } from '../../rest/route.ts';
import type { VenueRequest } from '../../rest/venue-request.ts';
import { madeUpId, marketOf, type World } from '../../world.ts';
import { orderRequest } from '../order-request.ts';
import { pageOf, windowed } from '../page.ts';
import { SPOT_ORDER_TYPES } from './exchange-info.ts';
import { cancelledRow, fillRow, orderRow, placedRow } from './order-wire.ts';
import { spotWords } from './words.ts';

const DAY_MS = 86_400_000;
const NAMES = { clientId: 'newClientOrderId', stopPrice: 'stopPrice' };

export function spotOrderRoutes(world: World): readonly Route[] {
  const { desk, views } = world;

  const place = (request: VenueRequest, account: VenueAccount): unknown => {
    const asked = orderRequest(world, request, NAMES);
    if (!SPOT_ORDER_TYPES.some((type) => type === asked.type)) throw new Refusal('bad-order-type');
    if (asked.price !== undefined && asked.type !== 'LIMIT_MAKER') request.needed('timeInForce');
    const isRefused =
      isStopType(asked.type) && world.faults.strike('stop-refused', asked.symbol.id) !== undefined;
    if (isRefused) throw new Refusal('bad-order-type');
    const order = desk.place(account.name, asked);
    const fills = desk.fills.filter(
      (fill) => fill.orderId === order.id && fill.symbol.id === order.symbol.id,
    );
    const kind =
      request.text('newOrderRespType') ??
      (order.type === 'MARKET' || order.type === 'LIMIT' ? 'FULL' : 'ACK');
    return placedRow(order, fills, kind);
  };

  const cancel = (order: OrderRecord | undefined): unknown => {
    if (order === undefined) throw new Refusal('unknown-order');
    const cancelId = madeUpId(world.random, '');
    desk.cancel(order, cancelId);
    return cancelledRow(order, cancelId);
  };

  const find = (request: VenueRequest, account: VenueAccount): OrderRecord | undefined =>
    desk.store.find(account.name, marketOf(world, request.needed('symbol')).symbol.id, nameIn(request));

  return [
    ordering('POST /api/v3/order', place),
    signed('POST /api/v3/order/test', 1, (request) => {
      orderRequest(world, request, NAMES);
      return {};
    }),
    signed('DELETE /api/v3/order', 1, (request, account) => cancel(find(request, account))),
    signed('GET /api/v3/order', 4, (request, account) => {
      const { id } = marketOf(world, request.needed('symbol')).symbol;
      const seen = views.find(request.route, account.name, id, nameIn(request));
      if (seen === undefined) throw new Refusal('no-such-order');
      return orderRow(seen);
    }),
    signed('GET /api/v3/openOrders', bySymbol(6, 80), (request, account) => {
      const symbol = request.text('symbol');
      if (symbol !== undefined) marketOf(world, symbol);
      return views.open(request.route, account.name, symbol).map(orderRow);
    }),
    signed('DELETE /api/v3/openOrders', 1, (request, account) => {
      const orders = desk.store.open(account.name, marketOf(world, request.needed('symbol')).symbol.id);
      if (orders.length === 0) throw new Refusal('unknown-order');
      return orders.map(cancel);
    }),
    signed('GET /api/v3/allOrders', 20, (request, account) => {
      const { id } = marketOf(world, request.needed('symbol')).symbol;
      return views
        .all(request.route, account.name, id, windowed(pageOf(request, 'orderId'), DAY_MS))
        .map(orderRow);
    }),
    signed('GET /api/v3/myTrades', 20, (request, account) => {
      const { id } = marketOf(world, request.needed('symbol')).symbol;
      const orderId = request.number('orderId');
      const window = windowed(pageOf(request, 'fromId'), DAY_MS);
      const page = { ...window, ...(orderId === undefined ? {} : { orderId }) };
      return views.fills(request.route, account.name, id, page).map(fillRow);
    }),
    ordering('POST /api/v3/order/cancelReplace', (request, account) => replace(request, account)),
  ];

  /** Two halves, each of which can fail: what stands afterwards is said in the body only. */
  function replace(request: VenueRequest, account: VenueAccount): unknown {
    const symbol = marketOf(world, request.needed('symbol')).symbol.id;
    const id = request.number('cancelOrderId');
    const clientId = request.text('cancelOrigClientOrderId');
    const name = { ...(id === undefined ? {} : { id }), ...(clientId === undefined ? {} : { clientId }) };
    const cancelled = attempt(() => cancel(desk.store.find(account.name, symbol, name)));
    if (!cancelled.ok) {
      const data = {
        cancelResult: 'FAILURE',
        newOrderResult: 'NOT_ATTEMPTED',
        cancelResponse: cancelled.body,
      };
      const body = {
        code: -2022,
        msg: 'Order cancel-replace failed.',
        data: { ...data, newOrderResponse: null },
      };
      return new WithStatus(400, body);
    }
    const placed = attempt(() => place(request, account));
    const data = {
      ...{ cancelResult: 'SUCCESS', newOrderResult: placed.ok ? 'SUCCESS' : 'FAILURE' },
      ...{ cancelResponse: cancelled.body, newOrderResponse: placed.body },
    };
    if (placed.ok) return data;
    return new WithStatus(409, { code: -2021, msg: 'Order cancel-replace partially failed.', data });
  }
}

/** @throws Refusal where neither id is given. */
function nameIn(request: VenueRequest): OrderName {
  const id = request.number('orderId');
  if (id !== undefined) return { id };
  return { clientId: request.needed('origClientOrderId') };
}

function attempt(run: () => unknown): { readonly ok: boolean; readonly body: unknown } {
  try {
    return { ok: true, body: run() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, body: codeOf(spotWords(error.reason, error.detail, '')) };
  }
}
