import type { AccountEvent } from '../../accounts/account-events.ts';
import { open, signed } from '../../rest/route.ts';
import type { World } from '../../world.ts';
import type { Dialect } from '../dialect.ts';
import { marketRoutes } from '../market-routes.ts';
import { clockFrames, eventFrames } from '../market-streams.ts';
import { receiveSubscription } from '../subscriptions.ts';
import { accountRow, positionEvent } from './account-wire.ts';
import { spotExchangeInfo } from './exchange-info.ts';
import { spotOrderRoutes } from './order-routes.ts';
import { executionReport } from './order-wire.ts';
import { UserStreams } from './user-streams.ts';
import { walletRoutes } from './wallet-routes.ts';
import { spotWords } from './words.ts';

/** Binance spot, as ccxt.pro.binance 4.5.84 speaks it. */
export function spotDialect(world: World, serverTime: () => number): Dialect {
  const { clock } = world;
  const users = new UserStreams(world, serverTime);
  const symbols = () => [...world.markets.values()].map(({ symbol }) => symbol);
  const account = (name: string) => {
    const found = world.accounts.get(name);
    if (found === undefined) throw new Error(`no account ${name}`);
    return found;
  };
  return {
    words: spotWords,
    rates: { weightPerMinute: 6_000, ordersPerTenSeconds: 100 },
    routes: [
      open('GET /api/v3/time', 1, () => ({ serverTime: serverTime() })),
      open('GET /api/v3/exchangeInfo', 20, () => spotExchangeInfo(symbols(), clock.now())),
      // Asked for by default besides spot's; there is nothing behind them here.
      open('GET /fapi/v1/exchangeInfo', 1, () => ({ symbols: [] })),
      open('GET /dapi/v1/exchangeInfo', 1, () => ({ symbols: [] })),
      ...marketRoutes(world, '/api/v3', () => ({})),
      ...walletRoutes(world),
      ...spotOrderRoutes(world),
      signed('GET /api/v3/account', 20, (request, of) => {
        const assets = of.holdings.assetsAt(world.views.seenAt(request.route));
        return accountRow(of, assets, clock.now());
      }),
    ],
    frames: (market, event, wanted) => eventFrames(market, event, wanted, (depth) => depth),
    ticks: clockFrames,
    connect: ({ path }) => /^\/(ws|stream|ws-api\/v3)(\/|$)/.test(path),
    receive: (connection, message) => {
      if (connection.path.startsWith('/ws-api')) users.receive(connection, message);
      else receiveSubscription(connection, message);
    },
    userEvent: (event: AccountEvent) => {
      const now = clock.now();
      if (event.kind === 'order') return executionReport(event, now);
      if (event.kind === 'balances') return positionEvent(account(event.account), event.assets, now);
      if (event.kind === 'transfer')
        return { e: 'balanceUpdate', E: now, a: event.asset, d: event.change.toFixed(8), T: now };
      return null;
    },
    expireUserStreams: (name) => users.expire(name),
  };
}
