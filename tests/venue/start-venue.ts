import type { AccountEvent } from './accounts/account-events.ts';
import { accountOf } from './accounts/account-events.ts';
import { type AccountTerms, USUAL_ACCOUNT, VenueAccount } from './accounts/venue-account.ts';
import { VenueClock } from './clock/venue-clock.ts';
import type { Fault } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { attachFaultEffects } from './faults/fault-effects.ts';
import { type DialectName, kindOf } from './kinds.ts';
import { letTrade, openMarkets } from './market/open-markets.ts';
import type { Mood } from './market/population.ts';
import { randomFor } from './market/seeds.ts';
import { OrderDesk } from './orders/order-desk.ts';
import { OrderViews } from './orders/order-views.ts';
import { HttpServer } from './rest/http-server.ts';
import { RateLimits } from './rest/rate-limits.ts';
import { RestService } from './rest/rest-service.ts';
import { StreamHub } from './streams/stream-hub.ts';
import { Venue } from './venue.ts';
import type { World } from './world.ts';

export interface VenueOptions {
  readonly seed?: number;
  readonly dialect?: DialectName;
  /** Whose time it lives by; the caller may move it himself. */
  readonly clock?: VenueClock;
  readonly symbols?: readonly string[];
  readonly accounts?: readonly Partial<AccountTerms>[];
  readonly faults?: readonly Fault[];
  readonly mood?: Partial<Mood>;
  readonly historyBars?: number;
  /** 0: any that is free. */
  readonly port?: number;
  /** How long a request and its answer are under way together, in this machine's time. Default: none. */
  readonly latencyMs?: number;
}

const NEW_YEAR = Date.UTC(2025, 0, 1);
/** Fees of the lowest tier, in basis points. */
const USUAL_FEES = {
  'binance-spot': { makerBps: 10, takerBps: 10 },
  'binance-usdm': { makerBps: 2, takerBps: 5 },
  'bybit-spot': { makerBps: 10, takerBps: 10 },
} as const;

/** Opens a venue on this machine; it is ready when the promise is. */
export async function startVenue(options: VenueOptions = {}): Promise<Venue> {
  const seed = options.seed ?? 1;
  const clock = options.clock ?? new VenueClock(NEW_YEAR);
  const name = options.dialect ?? 'binance-spot';
  const faults = new FaultBoard(clock);
  const accounts = new Map(
    (options.accounts ?? [{}]).map((terms) => {
      const account = new VenueAccount({ ...USUAL_ACCOUNT, ...USUAL_FEES[name], ...terms }, clock.now());
      return [account.name, account];
    }),
  );
  const open = openMarkets({
    ...{ seed, clock, kind: name === 'binance-usdm' ? 'perpetual' : 'spot' },
    ...{ names: options.symbols ?? ['BTC/USDT', 'ETH/USDT'] },
    ...{ mood: options.mood ?? {}, historyBars: options.historyBars ?? 1_440 },
  });
  const { markets, populations } = open;
  // What happens is told to those who are built on it: they are added as they come.
  const listeners: ((event: AccountEvent) => void)[] = [];
  const tell = (event: AccountEvent): void => {
    accounts.get(accountOf(event))?.holdings.keep(clock.now());
    for (const listener of listeners) listener(event);
  };
  const kind = kindOf(name, accounts, markets, seed);
  const desk = new OrderDesk({ clock, markets, funds: kind.funds, tell });
  const views = new OrderViews(desk, clock, faults);
  const random = randomFor(seed, 'ids');
  const world: World = { clock, random, markets, accounts, desk, views, faults, transfers: [], tell };
  const serverTime = (): number => clock.now() + (faults.inForce('clock-skew', '')?.ms ?? 0);
  const later: ((event: AccountEvent) => void)[] = [];
  const { dialect, futures, imbalance } = kind.finish(world, serverTime, (hear) => later.push(hear));
  const hub = new StreamHub(world, dialect);
  // The stream says what happened before others make more of it happen.
  listeners.push((event) => hub.user(event), ...later);
  letTrade(open, clock);
  const limits = new RateLimits(dialect.rates, clock);
  const { routes, words, wire } = dialect;
  const rest = new RestService({ clock, accounts, faults, limits, routes, words, wire, serverTime });
  attachFaultEffects(world, hub, dialect);
  faults.schedule(options.faults ?? []);
  const server = new HttpServer(rest, hub, options.latencyMs ?? 0);
  const port = await server.listen(options.port ?? 0);
  return new Venue({ world, futures, populations, hub, rest, server, port, imbalance });
}
