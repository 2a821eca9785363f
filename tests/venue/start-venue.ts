import type { AccountEvent } from './accounts/account-events.ts';
import { accountOf } from './accounts/account-events.ts';
import { type AccountTerms, USUAL_ACCOUNT, VenueAccount } from './accounts/venue-account.ts';
import { VenueClock } from './clock/venue-clock.ts';
import { spotDialect } from './dialects/binance-spot/spot-dialect.ts';
import type { Fault } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { attachFaultEffects } from './faults/fault-effects.ts';
import { letTrade, openMarkets } from './market/open-markets.ts';
import type { Mood } from './market/population.ts';
import { randomFor } from './market/seeds.ts';
import { OrderDesk } from './orders/order-desk.ts';
import { OrderViews } from './orders/order-views.ts';
import { HttpServer } from './rest/http-server.ts';
import { RateLimits } from './rest/rate-limits.ts';
import { RestService } from './rest/rest-service.ts';
import { spotImbalance } from './spot/imbalance.ts';
import { SpotFunds } from './spot/spot-funds.ts';
import { StreamHub } from './streams/stream-hub.ts';
import { Venue } from './venue.ts';
import type { World } from './world.ts';

export interface VenueOptions {
  readonly seed?: number;
  readonly dialect?: 'binance-spot' | 'binance-usdm';
  /** Whose time it lives by; the caller may move it himself. */
  readonly clock?: VenueClock;
  readonly symbols?: readonly string[];
  readonly accounts?: readonly Partial<AccountTerms>[];
  readonly faults?: readonly Fault[];
  readonly mood?: Partial<Mood>;
  readonly historyBars?: number;
  /** 0: any that is free. */
  readonly port?: number;
}

const NEW_YEAR = Date.UTC(2025, 0, 1);

/** Opens a venue on this machine; it is ready when the promise is. */
export async function startVenue(options: VenueOptions = {}): Promise<Venue> {
  const seed = options.seed ?? 1;
  const clock = options.clock ?? new VenueClock(NEW_YEAR);
  const faults = new FaultBoard(clock);
  const accounts = new Map(
    (options.accounts ?? [{}]).map((terms) => {
      const account = new VenueAccount({ ...USUAL_ACCOUNT, ...terms }, clock.now());
      return [account.name, account];
    }),
  );
  const open = openMarkets({
    ...{ seed, clock, kind: 'spot', names: options.symbols ?? ['BTC/USDT', 'ETH/USDT'] },
    ...{ mood: options.mood ?? {}, historyBars: options.historyBars ?? 1_440 },
  });
  const { markets, populations } = open;
  // The hub needs the world and the world's events need the hub: they meet here.
  const listeners: ((event: AccountEvent) => void)[] = [];
  const tell = (event: AccountEvent): void => {
    accounts.get(accountOf(event))?.holdings.keep(clock.now());
    for (const listener of listeners) listener(event);
  };
  const funds = new SpotFunds(accounts, markets);
  const desk = new OrderDesk({ clock, markets, funds, tell });
  const views = new OrderViews(desk, clock, faults);
  const random = randomFor(seed, 'ids');
  const world: World = { clock, random, markets, accounts, desk, views, faults, transfers: [], tell };
  const serverTime = (): number => clock.now() + (faults.inForce('clock-skew', '')?.ms ?? 0);
  const dialect = spotDialect(world, serverTime);
  const hub = new StreamHub(world, dialect);
  listeners.push((event) => hub.user(event));
  letTrade(open, clock);
  const limits = new RateLimits(dialect.rates, clock);
  const { routes, words } = dialect;
  const rest = new RestService({ clock, accounts, faults, limits, routes, words, serverTime });
  attachFaultEffects(world, hub, dialect);
  faults.schedule(options.faults ?? []);
  const server = new HttpServer(rest, hub);
  const port = await server.listen(options.port ?? 0);
  const imbalance = () => spotImbalance(accounts.values(), funds, world.transfers);
  return new Venue({ world, populations, hub, rest, server, port, imbalance });
}
