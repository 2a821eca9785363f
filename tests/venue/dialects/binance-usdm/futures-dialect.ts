import { text } from '../../../../core/domain/index.ts';
import { algoStateOf } from '../../futures/algo-order.ts';
import type { FuturesWorld } from '../../futures/futures-world.ts';
import { open } from '../../rest/route.ts';
import type { StreamConnection } from '../../streams/stream-connection.ts';
import { walletRoutes } from '../binance-spot/wallet-routes.ts';
import type { Dialect, StreamFrame } from '../dialect.ts';
import { marketRoutes } from '../market-routes.ts';
import { clockFrames, eventFrames } from '../market-streams.ts';
import { receiveSubscription } from '../subscriptions.ts';
import { futuresAccountRoutes } from './account-routes.ts';
import { accountUpdate } from './account-wire.ts';
import { algoRoutes } from './algo-routes.ts';
import { futuresExchangeInfo } from './exchange-info.ts';
import { fundingRoutes } from './funding-routes.ts';
import { ListenKeys } from './listen-keys.ts';
import { futuresOrderRoutes } from './order-routes.ts';
import { algoUpdate, orderTradeUpdate } from './order-wire.ts';
import { futuresWords } from './words.ts';

/** Binance USD-M futures, as ccxt.pro.binanceusdm 4.5.84 speaks them. */
export function futuresDialect(world: FuturesWorld, serverTime: () => number): Dialect {
  const { clock, desk, funding } = world;
  const keys = new ListenKeys(world);
  const symbols = () => [...world.markets.values()].map(({ symbol }) => symbol);
  return {
    words: futuresWords,
    rates: { weightPerMinute: 2_400, ordersPerTenSeconds: 300 },
    routes: [
      open('GET /fapi/v1/time', 1, () => ({ serverTime: serverTime() })),
      open('GET /fapi/v1/exchangeInfo', 1, () => futuresExchangeInfo(symbols(), clock.now())),
      ...marketRoutes(world, '/fapi/v1', () => ({ E: clock.now(), T: clock.now() })),
      ...fundingRoutes(world),
      ...walletRoutes(world),
      ...keys.routes(),
      ...futuresOrderRoutes(world),
      ...algoRoutes(world),
      ...futuresAccountRoutes(world),
    ],
    frames: (market, event, wanted) =>
      eventFrames(market, event, wanted, (depth, pu, T) => ({ ...depth, T, pu })),
    ticks: (market, wanted) => {
      const stream = wanted.find((name) =>
        new RegExp(`^${market.symbol.id.toLowerCase()}@markPrice(@1s)?$`).test(name),
      );
      const frames = clockFrames(market, wanted);
      if (stream === undefined) return frames;
      const [now, p] = [clock.now(), text(market.markPrice)];
      const rate = { r: funding.rateOf(market.symbol.id).toFixed(8), T: funding.nextAt };
      const mark: StreamFrame = {
        stream,
        data: { e: 'markPriceUpdate', E: now, s: market.symbol.id, p, i: p, P: p, ...rate },
      };
      return [...frames, mark];
    },
    connect: (connection) => connect(keys, connection),
    receive: (connection, message) => {
      if (connection.user === null) receiveSubscription(connection, message);
    },
    userEvent: (event) => {
      const now = clock.now();
      if (event.kind === 'order') return orderTradeUpdate(event, now);
      if (event.kind === 'algo') {
        const { orderId } = algoStateOf(event.algo);
        const { id } = event.algo.request.symbol;
        return algoUpdate(event.algo, orderId === null ? undefined : desk.store.get(id, orderId), now);
      }
      if (event.kind === 'transfer' || event.assets.length === 0) return null;
      return accountUpdate(world, event.account, event.symbols, event.reason, now);
    },
    expireUserStreams: (name) => keys.expire(name),
  };
}

/** /public and /market are the public streams, /private?listenKey= and /ws/KEY a user's. */
function connect(keys: ListenKeys, connection: StreamConnection): boolean {
  const { path, query } = connection;
  if (/^\/(public|market)\/(ws|stream)(\/|$)/.test(path)) return true;
  const key = query.get('listenKey') ?? /^\/ws\/(\w{32,})$/.exec(path)?.[1];
  if (key !== undefined) return keys.connect(connection, key);
  return /^\/(ws|stream)(\/|$)/.test(path);
}
