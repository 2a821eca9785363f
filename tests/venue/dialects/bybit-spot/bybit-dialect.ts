import { price } from '../../../../core/domain/index.ts';
import type { VenueAccount } from '../../accounts/venue-account.ts';
import { isOpen, type OrderRecord, stateOf } from '../../orders/order-record.ts';
import type { SeenOrder } from '../../orders/order-views.ts';
import { Refusal } from '../../orders/refusal.ts';
import { open, ordering, type Route, signed } from '../../rest/route.ts';
import type { VenueRequest } from '../../rest/venue-request.ts';
import { madeUpId, marketOf, type World } from '../../world.ts';
import type { Dialect } from '../dialect.ts';
import { levelRows } from '../market-wire.ts';
import { orderRequest } from '../order-request.ts';
import {
  barRows,
  bybitWire,
  executionRow,
  feeRow,
  instrumentRow,
  orderRow,
  type RejectReason,
  tickerRow,
  walletRow,
} from './wire.ts';
import { bybitWords } from './words.ts';

const NAMES = { clientId: 'orderLinkId', stopPrice: 'triggerPrice' };
const WEEK_MS = 7 * 86_400_000;

/** Bybit v5, spot of a unified account, as ccxt's bybit 4.5.84 asks for it. Its streams are not spoken. */
export function bybitDialect(world: World, serverTime: () => number): Dialect {
  const { clock } = world;
  return {
    words: bybitWords,
    wire: bybitWire(serverTime),
    rates: { weightPerMinute: 7_200, ordersPerTenSeconds: 200 },
    routes: [
      open('GET /v5/market/time', 1, () => ({ timeSecond: `${Math.floor(serverTime() / 1000)}` })),
      open('GET /v5/market/instruments-info', 1, () => ({
        category: 'spot',
        list: [...world.markets.values()]
          .filter(({ symbol }) => symbol.status !== 'SETTLED')
          .map(instrumentRow),
      })),
      open('GET /v5/market/tickers', 1, (request) => ({
        list: [tickerRow(marketOf(world, request.needed('symbol')))],
      })),
      open('GET /v5/market/kline', 1, (request) => ({
        list: barRows(marketOf(world, request.needed('symbol')), request, clock.now()),
      })),
      open('GET /v5/market/orderbook', 1, (request) => {
        const { book, symbol, updateId } = marketOf(world, request.needed('symbol'));
        const limit = request.number('limit') ?? 1;
        return {
          ...{ s: symbol.id, ts: clock.now(), u: updateId },
          ...{ b: levelRows(book.levels('buy', limit)), a: levelRows(book.levels('sell', limit)) },
        };
      }),
      signed('GET /v5/asset/coin/query-info', 1, () => ({ rows: [] })),
      signed('GET /v5/account/wallet-balance', 1, (request, account) => ({
        list: [walletRow(account.holdings.assetsAt(world.views.seenAt(request.route)))],
      })),
      signed('GET /v5/account/fee-rate', 1, (request, account) => ({
        list: [feeRow(marketOf(world, request.needed('symbol')), account)],
      })),
      ...orderRoutes(world),
    ],
    frames: () => [],
    ticks: () => [],
    connect: () => false,
    receive: () => undefined,
    userEvent: () => null,
    expireUserStreams: () => undefined,
  };
}

function orderRoutes(world: World): readonly Route[] {
  const { desk, views } = world;
  /** Taken, and then refused by the matching. */
  const rejected = new Map<OrderRecord, RejectReason>();
  const reasonOf = (order: OrderRecord): RejectReason =>
    rejected.get(order) ?? (stateOf(order).status === 'EXPIRED' ? 'EC_NoImmediateQtyToFill' : 'EC_NoError');
  const row = (seen: SeenOrder) => orderRow(seen, reasonOf(seen.order));
  const symbolIn = (request: VenueRequest): string => marketOf(world, request.needed('symbol')).symbol.id;

  const place = (request: VenueRequest, account: VenueAccount): unknown => {
    const type = request.needed('orderType').toUpperCase();
    const isMaker = request.text('timeInForce') === 'PostOnly';
    const asked = orderRequest(
      world,
      request.with({
        ...{ side: request.needed('side').toUpperCase(), quantity: request.needed('qty') },
        ...{
          type: isMaker ? 'LIMIT_MAKER' : type,
          timeInForce: isMaker ? 'GTX' : request.text('timeInForce'),
        },
        // A market order of so much money, unless it says otherwise.
        ...(type === 'MARKET' && request.text('marketUnit') !== 'baseCoin' && request.needed('side') === 'Buy'
          ? { quoteOrderQty: request.needed('qty') }
          : {}),
      }),
      NAMES,
    );
    const isKnown = desk.store
      .all()
      .some((order) => order.account === account.name && order.clientId === asked.clientId);
    if (isKnown) throw new Refusal('duplicate-client-id');
    return named(placed(account, asked));
  };

  const placed = (account: VenueAccount, asked: ReturnType<typeof orderRequest>): OrderRecord => {
    try {
      return desk.place(account.name, asked);
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'would-take') throw error;
      // It would have taken: it is taken all the same, and has ended when anybody looks. Out of the market's reach.
      const away = price(
        ((asked.price ?? price(0)).toNumber() * (asked.side === 'buy' ? 0.5 : 2)).toFixed(2),
      );
      const order = desk.place(account.name, { ...asked, price: away });
      desk.cancel(order, madeUpId(world.random, ''));
      rejected.set(order, 'EC_PostOnlyWillTakeLiquidity');
      return order;
    }
  };

  const found = (request: VenueRequest, account: VenueAccount): SeenOrder | undefined => {
    const name = nameIn(request);
    return name === undefined ? undefined : views.find(request.route, account.name, symbolIn(request), name);
  };
  const listed = (request: VenueRequest, account: VenueAccount, working: boolean): unknown => {
    const limit = Math.min(request.number('limit') ?? 20, 50);
    const seen = found(request, account);
    if (nameIn(request) !== undefined) return { list: seen === undefined ? [] : [row(seen)] };
    const all = views
      .all(request.route, account.name, symbolIn(request), { limit: Number.MAX_SAFE_INTEGER })
      .filter(({ order, state }) => isOpen(order, state) === working);
    return { list: all.toReversed().slice(0, limit).map(row), nextPageCursor: '' };
  };

  return [
    ordering('POST /v5/order/create', place),
    ordering('POST /v5/order/cancel', (request, account) => {
      const name = nameIn(request);
      // Without either id it is a wrong question.
      if (name === undefined) throw new Refusal('missing-parameter', 'orderId');
      const order = desk.store.find(account.name, symbolIn(request), name);
      if (order === undefined) throw new Refusal('unknown-order');
      desk.cancel(order, madeUpId(world.random, ''));
      return named(order);
    }),
    signed('GET /v5/order/realtime', 1, (request, account) => listed(request, account, true)),
    signed('GET /v5/order/history', 1, (request, account) => listed(request, account, false)),
    signed('GET /v5/execution/list', 1, (request, account) => {
      const start = request.number('startTime');
      const end = request.number('endTime') ?? (start === undefined ? undefined : start + WEEK_MS);
      if (start !== undefined && end !== undefined && end - start > WEEK_MS) throw new Refusal('time-window');
      const limit = Math.min(request.number('limit') ?? 50, 100);
      const page = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
      const all = views.fills(request.route, account.name, symbolIn(request), {
        ...page,
        limit: Number.MAX_SAFE_INTEGER,
      });
      // Newest first, and of a full stretch the newest.
      const list = all.slice(-limit).toReversed();
      return {
        list: list.map((fill) =>
          executionRow(fill, desk.store.get(fill.symbol.id, fill.orderId)?.clientId ?? ''),
        ),
      };
    }),
  ];
}

/** The answer to an order and to a cancel says that it has arrived, and nothing else. */
const named = ({ id, clientId }: OrderRecord): unknown => ({ orderId: `${id}`, orderLinkId: clientId });

function nameIn(request: VenueRequest): { readonly id: number } | { readonly clientId: string } | undefined {
  const id = request.text('orderId');
  // One that is no number of ours is no order's.
  if (id !== undefined) return { id: Number(id) };
  const clientId = request.text('orderLinkId');
  return clientId === undefined ? undefined : { clientId };
}
