import { type AssetAmount, assetAmount, type UtcMs } from '../../core/domain/index.ts';
import { Hand } from './accounts/hand.ts';
import type { VenueAccount } from './accounts/venue-account.ts';
import type { VenueClock } from './clock/venue-clock.ts';
import type { FaultBoard } from './faults/fault-board.ts';
import type { FuturesWorld } from './futures/futures-world.ts';
import type { Population } from './market/population.ts';
import type { VenueMarket } from './market/venue-market.ts';
import type { BookLevel } from './matching/order-book.ts';
import type { FillRecord, OrderRecord } from './orders/order-record.ts';
import type { HttpServer } from './rest/http-server.ts';
import type { RequestRecord, RestService } from './rest/rest-service.ts';
import type { StreamHub } from './streams/stream-hub.ts';
import type { World } from './world.ts';

export interface VenueParts {
  readonly world: World;
  /** Null on spot. */
  readonly futures: FuturesWorld | null;
  readonly populations: ReadonlyMap<string, Population>;
  readonly hub: StreamHub;
  readonly rest: RestService;
  readonly server: HttpServer;
  readonly port: number;
  /** What accounts, population and fees together have more or less than came in: nothing, or the venue is wrong. */
  readonly imbalance: () => ReadonlyMap<string, AssetAmount>;
}

/** How much venue time passes before sockets and promises have their turn. */
const SLICE_MS = 250;

/** A running venue, as a test holds it: the truth is read here and nowhere else. */
export class Venue {
  readonly clock: VenueClock;
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly faults: FaultBoard;
  readonly #parts: VenueParts;

  constructor(parts: VenueParts) {
    this.#parts = parts;
    this.clock = parts.world.clock;
    this.faults = parts.world.faults;
    this.restUrl = `http://127.0.0.1:${parts.port}`;
    this.wsUrl = `ws://127.0.0.1:${parts.port}`;
  }

  get apiKey(): string {
    return this.account().terms.apiKey;
  }

  get secret(): string {
    return this.account().terms.secret;
  }

  now(): UtcMs {
    return this.clock.now();
  }

  /** Lets venue time pass; whoever listens has his turn between slices of it. */
  async advance(ms: number, sliceMs = SLICE_MS): Promise<void> {
    const until = this.now() + ms;
    while (this.now() < until) {
      this.clock.advanceTo(Math.min(this.now() + sliceMs, until));
      await this.settle(1);
    }
    await this.settle();
  }

  /** Lets what is on its way through sockets arrive. */
  async settle(turns = 5): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1)
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
  }

  /** Lets whoever listens read all that was said, and do so many turns' work with it. */
  async heard(turns: number): Promise<void> {
    let isHeard = false;
    void this.#parts.hub.heard().then(() => {
      isHeard = true;
    });
    // Who only waits for an answer loses his turn of the processor as well.
    do await this.settle(1);
    while (!isHeard);
    await this.settle(turns);
  }

  market(symbol: string): VenueMarket {
    const market = this.#parts.world.markets.get(idOf(symbol));
    if (market === undefined) throw new Error(`no market ${symbol}`);
    return market;
  }

  book(symbol: string): { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] } {
    const { book } = this.market(symbol);
    return { bids: book.levels('buy'), asks: book.levels('sell') };
  }

  /** Carries a market to a price, trading everything on the way. */
  moveTo(symbol: string, price: number): void {
    this.population(symbol).moveTo(price);
  }

  population(symbol: string): Population {
    const population = this.#parts.populations.get(idOf(symbol));
    if (population === undefined) throw new Error(`no market ${symbol}`);
    return population;
  }

  /** @param name the first account where none is named. */
  account(name?: string): VenueAccount {
    const { accounts } = this.#parts.world;
    const account = name === undefined ? accounts.values().next().value : accounts.get(name);
    if (account === undefined) throw new Error(`no account ${name}`);
    return account;
  }

  hand(name?: string): Hand {
    return new Hand(this.#parts.world, this.account(name).name);
  }

  deposit(asset: string, amount: string, name?: string): void {
    this.#transfer(asset, assetAmount(amount), name);
  }

  withdraw(asset: string, amount: string, name?: string): void {
    this.#transfer(asset, assetAmount(`-${amount}`), name);
  }

  /** Every fill of the account, in order. */
  fills(name?: string): readonly FillRecord[] {
    const { name: account } = this.account(name);
    return this.#parts.world.desk.fills.filter((fill) => fill.account === account);
  }

  /** Every order of the account that was ever accepted, with its states. */
  orders(name?: string): readonly OrderRecord[] {
    const { name: account } = this.account(name);
    return this.#parts.world.desk.store.all().filter((order) => order.account === account);
  }

  openOrders(name?: string): readonly OrderRecord[] {
    return this.#parts.world.desk.store.open(this.account(name).name);
  }

  /** What only futures have: positions, conditional orders, income. @throws on spot. */
  get futures(): FuturesWorld {
    if (this.#parts.futures === null) throw new Error('a spot venue has no futures');
    return this.#parts.futures;
  }

  /** Carries out the requests that the fault `held-back` has kept. */
  letArrive(): void {
    this.#parts.rest.letArrive();
  }

  /** What the venue has counted in this minute, in its own units. */
  get usedWeight(): number {
    return this.#parts.rest.usedWeight;
  }

  /** Every request that arrived. */
  get requests(): readonly RequestRecord[] {
    return this.#parts.rest.requests;
  }

  /** Tells of each request as it arrives, by its route, before anything is done. */
  onArrival(listener: (route: string) => void): void {
    this.#parts.rest.onArrival = listener;
  }

  /** Open sockets. */
  get sockets(): number {
    return this.#parts.hub.connections.size;
  }

  /** What is listened to: the names of public streams, and `user NAME` for a user stream. */
  get listening(): readonly string[] {
    return [...this.#parts.hub.connections].flatMap(({ streams, user }) =>
      user === null ? [...streams] : [...streams, `user ${user.account}`],
    );
  }

  imbalance(): ReadonlyMap<string, AssetAmount> {
    return this.#parts.imbalance();
  }

  async close(): Promise<void> {
    this.#parts.hub.close();
    await this.#parts.server.close();
  }

  #transfer(asset: string, change: AssetAmount, name?: string): void {
    const { transfers, tell } = this.#parts.world;
    const account = this.account(name);
    account.holdings.credit(asset, change);
    const [id, at] = [transfers.length + 1, this.now()];
    transfers.push({ id, account: account.name, asset, change: change.toFixed(), at });
    tell({ kind: 'transfer', account: account.name, asset, change });
    const reason = change.gt(0) ? 'DEPOSIT' : 'WITHDRAW';
    tell({ kind: 'balances', account: account.name, assets: [asset], symbols: [], reason });
  }
}

/** BTC/USDT, BTC/USDT:USDT and BTCUSDT name the same market. */
const idOf = (symbol: string): string => symbol.replace(/:.*$/, '').replace('/', '');
