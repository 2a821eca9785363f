import { baseAmount, price } from '../../../../core/domain/index.ts';
import type { VenueAccount } from '../../accounts/venue-account.ts';
import type { FuturesWorld } from '../../futures/futures-world.ts';
import { isStopType, type OrderRecord, stateOf } from '../../orders/order-record.ts';
import type { OrderName } from '../../orders/order-store.ts';
import { Refusal } from '../../orders/refusal.ts';
import { bySymbol, ordering, type Route, signed } from '../../rest/route.ts';
import type { VenueRequest } from '../../rest/venue-request.ts';
import { marketOf } from '../../world.ts';
import { orderRequest } from '../order-request.ts';
import { pageOf, windowed } from '../page.ts';
import { fillRow, orderRow } from './order-wire.ts';

const WEEK_MS = 7 * 86_400_000;
const NAMES = { clientId: 'newClientOrderId', stopPrice: 'stopPrice' };
const ALL_CANCELLED = { code: 200, msg: 'The operation of cancel all open order is done.' };

/** Plain orders. Conditional ones have calls of their own and are seen by none of these. */
export function futuresOrderRoutes(world: FuturesWorld): readonly Route[] {
  const { desk, views } = world;
  const row = (order: OrderRecord): unknown => orderRow({ order, state: stateOf(order) }, false);
  const symbolIn = (request: VenueRequest): string => marketOf(world, request.needed('symbol')).symbol.id;
  const find = (request: VenueRequest, account: VenueAccount): OrderRecord => {
    const order = desk.store.find(account.name, symbolIn(request), nameIn(request));
    if (order === undefined) throw new Refusal('unknown-order');
    return order;
  };
  return [
    ordering('POST /fapi/v1/order', (request, account) => {
      const asked = orderRequest(world, request, NAMES);
      if (isStopType(asked.type)) throw new Refusal('conditional-type');
      if (asked.type !== 'LIMIT' && asked.type !== 'MARKET') throw new Refusal('bad-order-type');
      return row(desk.place(account.name, asked));
    }),
    ordering('PUT /fapi/v1/order', (request, account) => {
      const order = find(request, account);
      desk.amend(order, price(request.needed('price')), baseAmount(request.needed('quantity')));
      return row(order);
    }),
    signed('DELETE /fapi/v1/order', 1, (request, account) => {
      const order = find(request, account);
      desk.cancel(order);
      return row(order);
    }),
    signed('DELETE /fapi/v1/allOpenOrders', 1, (request, account) => {
      for (const order of desk.store.open(account.name, symbolIn(request))) desk.cancel(order);
      return ALL_CANCELLED;
    }),
    ...['order', 'openOrder'].map((path) =>
      signed(`GET /fapi/v1/${path}`, 1, (request, account) => {
        const seen = views.find(request.route, account.name, symbolIn(request), nameIn(request));
        if (seen === undefined) throw new Refusal('no-such-order');
        return orderRow(seen);
      }),
    ),
    signed('GET /fapi/v1/openOrders', bySymbol(1, 40), (request, account) => {
      const symbol = request.text('symbol');
      if (symbol !== undefined) marketOf(world, symbol);
      return views.open(request.route, account.name, symbol).map((seen) => orderRow(seen));
    }),
    signed('GET /fapi/v1/allOrders', 5, (request, account) =>
      views
        .all(request.route, account.name, symbolIn(request), windowed(pageOf(request, 'orderId'), WEEK_MS))
        .map((seen) => orderRow(seen)),
    ),
    signed('GET /fapi/v1/userTrades', 5, (request, account) => {
      const orderId = request.number('orderId');
      const asked = windowed(pageOf(request, 'fromId'), WEEK_MS);
      const page = { ...asked, ...(orderId === undefined ? {} : { orderId }) };
      // Without a start it is the last week's, whatever came before.
      const isBounded = asked.start !== undefined || asked.fromId !== undefined;
      const since = isBounded ? 0 : world.clock.now() - WEEK_MS;
      const fills = views.fills(request.route, account.name, symbolIn(request), page);
      return fills.filter(({ time }) => time >= since).map(fillRow);
    }),
  ];
}

/** @throws Refusal where neither id is given. */
function nameIn(request: VenueRequest): OrderName {
  const id = request.number('orderId');
  if (id !== undefined) return { id };
  return { clientId: request.needed('origClientOrderId') };
}
