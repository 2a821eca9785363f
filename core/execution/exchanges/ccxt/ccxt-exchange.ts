import {
  type AccountEvent,
  type AccountSnapshot,
  type Asking,
  type Clock,
  type Connection,
  type Disposer,
  type Exchange,
  type FillPage,
  type FillQuery,
  type Instrument,
  type KeyRights,
  type Logger,
  type OpenOptions,
  type OpenOrdersAsking,
  type OrderGate,
  type OrderIntent,
  type OrderLookup,
  type OrderRef,
  type Timers,
  type TradingCosts,
  VenueError,
  type VenueEvent,
  type VenueFill,
  VenueListeners,
  type VenueOrder,
  type VenueProfile,
} from '../../../domain/index.ts';
import { AccountCalls } from './account-calls.ts';
import { STREAM_CURES } from './cures.ts';
import type { Dialect } from './dialect.ts';
import { saysOutOfTime } from './faults.ts';
import { FillCalls } from './fill-calls.ts';
import { askKeyRights } from './key-rights.ts';
import { KeyWatch } from './key-watch.ts';
import { isListening } from './listening.ts';
import { NewsRounds } from './news-rounds.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { OrderCalls } from './order-calls.ts';
import { OwnIds } from './own-ids.ts';
import { feeAssetOf, listOf, type ReadingContext, readFill, readOrder, refOfRow } from './reading.ts';
import { type UserSource, UserStream } from './user-stream.ts';
import { VenueMarkets } from './venue-markets.ts';

export interface CcxtExchangeOptions {
  readonly ccxt: HardenedCcxt;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** The account's currency. */
  readonly quote: string;
  /** Of perpetuals. */
  readonly leverage: number;
  /** What trading costs where the venue does not say. */
  readonly costs: Omit<TradingCosts, 'source'>;
}

/** How often markets, costs and the clock are asked anew. */
const REFRESH_MS = 5 * 60_000;
const OPENING: Connection = { state: 'connecting', message: 'the venue has not been opened' };
const CLOSED: Connection = { state: 'closed', message: 'the connection was closed' };

/** A venue that trades for money or on its test network, spoken to through ccxt. */
export class CcxtExchange implements Exchange {
  readonly id: string;
  readonly profile: VenueProfile;
  readonly #options: CcxtExchangeOptions;
  readonly #context: ReadingContext;
  readonly #markets: VenueMarkets;
  readonly #orders: OrderCalls;
  readonly #fills: FillCalls;
  readonly #account: AccountCalls;
  readonly #stream: UserStream;
  readonly #ownIds = new OwnIds();
  readonly #stop = new AbortController();
  readonly #listeners = new VenueListeners();
  readonly #key: KeyWatch;
  /** Of the user stream. */
  #line: Connection = OPENING;
  #connection: Connection = OPENING;
  #symbols: readonly string[] = [];
  #isMeasuring = false;

  constructor(options: CcxtExchangeOptions) {
    const { ccxt, dialect, clock, timers, log, costs, quote } = options;
    const { api, calls } = ccxt;
    const now = (): number => clock.now();
    this.#options = options;
    this.id = api.id;
    this.profile = dialect.profile;
    this.#key = new KeyWatch(api.name, () => this.#look());
    this.#markets = new VenueMarkets({ ccxt, dialect, now, fallback: costs });
    this.#context = {
      dialect,
      now,
      instrument: (symbol) => this.#markets.instrument(symbol),
      ownIdOf: (symbol, id) => this.#ownIds.of(symbol, id),
      worthOf: (asset) => this.#markets.worthOf(asset),
    };
    this.#orders = new OrderCalls(ccxt, this.#context);
    this.#account = new AccountCalls(ccxt, this.#context, quote);
    const read = (rows: readonly unknown[]): Promise<readonly VenueFill[]> => this.#readFills(rows);
    const isListed = (symbol: string): boolean => this.instrument(symbol) !== undefined;
    this.#fills = new FillCalls({
      ...{ ccxt, now, isListed, read },
      paging: dialect.fills,
      lookBackMs: dialect.profile.fillsLookBackMs,
    });
    calls.onFailure = (error) => {
      if (saysOutOfTime(dialect.codes, error)) this.#measureAgain();
    };
    STREAM_CURES[dialect.id]?.(api);
    const common = { calls, timers, log, onConnection: (line: Connection) => this.#connect(line) };
    this.#stream = new UserStream(
      dialect.news === 'streams'
        ? {
            ...common,
            sources: {
              orders: { next: () => api.watchOrders(), take: (rows) => this.#takeOrders(rows) },
              trades: { next: () => api.watchMyTrades(), take: (rows) => this.#takeFills(rows) },
            },
            isListening: () => isListening(api),
          }
        : {
            ...common,
            sources: { trades: this.#rounds(dialect.news.everyMs) },
            isListening: () => true,
          },
    );
  }

  /** Asks for what filled, in the place of a stream that tells it. */
  #rounds(everyMs: number): UserSource {
    const { timers } = this.#options;
    const rounds = new NewsRounds({
      now: () => this.#context.now(),
      page: (query) => this.#fills.page(query),
      find: (ref) => this.#orders.find(ref),
      ownIdOf: this.#context.ownIdOf,
      tell: (event) => {
        if (event.kind === 'order') this.#told(event.order);
        else this.#emit(event);
      },
    });
    return {
      next: async () => {
        await timers.wait(everyMs, this.#stop.signal);
        if (!this.#stop.signal.aborted) await rounds.ask(this.#symbols);
      },
      take: () => undefined,
    };
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** @throws TraderError when the account is not as it must be; VenueError when the venue does not answer. */
  async open({ symbols, signal, onProgress }: OpenOptions): Promise<void> {
    signal?.throwIfAborted();
    const { name } = this.#options.ccxt.api;
    this.#symbols = symbols;
    onProgress?.(`${name}: asking what is traded there`);
    await this.#markets.measureClock();
    await this.#markets.load(false);
    onProgress?.(`${name}: checking the keys and the account`);
    // A user stream opens with a wrong secret: only a signed question tells.
    await this.#account.snapshot();
    await this.#markets.requireOneWay();
    const listed = symbols.filter((symbol) => this.instrument(symbol) !== undefined);
    for (const symbol of listed) await this.#markets.prepare(symbol, this.#options.leverage);
    await Promise.all(listed.map((symbol) => this.#markets.askCosts(symbol)));
    signal?.throwIfAborted();
    await this.#stream.start();
    void this.#keepFresh();
  }

  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#stream.stop();
    this.#connect(CLOSED);
    await this.#options.ccxt.api.close();
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#markets.instrument(symbol);
  }

  costs(symbol: string): TradingCosts {
    return this.#markets.costs(symbol);
  }

  clockOffsetMs(): number | null {
    return this.#markets.clockOffsetMs;
  }

  async submit(intent: OrderIntent, gate?: OrderGate): Promise<VenueOrder> {
    this.#requireOpen();
    return this.#told(await this.#key.ordering(() => this.#orders.submit(intent, gate)));
  }

  async cancel(ref: OrderRef): Promise<VenueOrder> {
    this.#requireOpen();
    return this.#told(await this.#key.ordering(() => this.#orders.cancel(ref)));
  }

  async order(ref: OrderRef, how?: Asking): Promise<OrderLookup> {
    this.#requireOpen();
    const lookup = await this.#key.asking(() => this.#orders.find(ref, how?.isUrgent));
    if (lookup.kind === 'found') this.#ownIds.note(lookup.order);
    return lookup;
  }

  async openOrders(how: OpenOrdersAsking = {}): Promise<readonly VenueOrder[]> {
    this.#requireOpen();
    return this.#key.proving(() => this.#orders.open(this.#symbols, how));
  }

  async fills(query: FillQuery, how?: Asking): Promise<FillPage> {
    this.#requireOpen();
    return this.#key.asking(() => this.#fills.page(query, how?.isUrgent));
  }

  async account(how?: Asking): Promise<AccountSnapshot> {
    this.#requireOpen();
    return this.#key.proving(() => this.#account.snapshot(how?.isUrgent));
  }

  /** What the key may do, asked anew. @throws VenueError when the venue does not answer. */
  async keyRights(): Promise<KeyRights> {
    this.#requireOpen();
    return askKeyRights(this.#options.ccxt, this.#options.dialect);
  }

  async accountEvents(since: number): Promise<readonly AccountEvent[]> {
    this.#requireOpen();
    return this.#key.asking(() => this.#account.events(since, this.#symbols));
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    return this.#listeners.add(listener);
  }

  /** What is heard of an order goes to everybody. */
  #told(order: VenueOrder): VenueOrder {
    this.#ownIds.note(order);
    this.#emit({ kind: 'order', order });
    return order;
  }

  #requireOpen(): void {
    const { state, message } = this.#connection;
    if (state === 'closed') throw new VenueError('unavailable', message);
  }

  #takeOrders(rows: unknown): void {
    const orders = listOf(rows, (row) => row);
    const { stopParams } = this.#options.dialect;
    for (const row of orders) {
      const ref = refOfRow(row, this.#context);
      // What is streamed of a stop with a list of its own is told as filled when it has only triggered.
      if (stopParams !== null && ref.type === 'stop') this.#askAbout(ref);
      else this.#told(readOrder(row, this.#context));
    }
  }

  #askAbout(ref: OrderRef): void {
    this.#orders
      .find(ref)
      .then((lookup) => {
        if (lookup.kind === 'found') this.#told(lookup.order);
      })
      // The next comparison asks again.
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'a stop could not be asked about'));
  }

  #takeFills(rows: unknown): void {
    const copies = structuredClone(listOf(rows, (row) => row));
    this.#readFills(copies)
      .then((fills) => {
        for (const fill of fills) this.#emit({ kind: 'fill', fill });
      })
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'streamed trades could not be read'));
  }

  /** Reads trades, once it is known what the assets are worth in which their fees were taken. */
  async #readFills(rows: readonly unknown[]): Promise<readonly VenueFill[]> {
    const { quote } = this.#options;
    for (const asset of new Set(rows.map((row) => feeAssetOf(row, this.#context)))) {
      if (asset !== null && this.#markets.worthOf(asset) === null) await this.#markets.askWorth(asset, quote);
    }
    return rows.map((row) => readFill(row, this.#context));
  }

  async #keepFresh(): Promise<void> {
    const { timers, log } = this.#options;
    const { signal } = this.#stop;
    for (;;) {
      await timers.wait(REFRESH_MS, signal);
      if (signal.aborted) return;
      this.#key.forgive();
      try {
        await this.#markets.measureClock();
        await this.#markets.load(true);
        for (const symbol of this.#symbols) await this.#markets.askCosts(symbol);
      } catch (error) {
        log.warn({ err: error }, 'what the venue trades could not be asked anew');
      }
    }
  }

  /** Our clock has jumped, or was measured by an answer that took too long: until then every signed request is refused. */
  #measureAgain(): void {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    this.#markets
      .measureClock()
      .catch((error: unknown) => {
        const message = 'the venue finds our clock wrong and does not tell the time';
        this.#options.log.warn({ err: error }, message);
      })
      .finally(() => {
        this.#isMeasuring = false;
      });
  }

  #connect(line: Connection): void {
    this.#line = line;
    this.#look();
  }

  /** A venue that does not take the key is as good as gone, whatever its stream does. */
  #look(): void {
    const { trouble } = this.#key;
    const isKeyAtFault = trouble !== null && this.#line.state !== 'closed';
    const connection: Connection = isKeyAtFault ? { state: 'disconnected', message: trouble } : this.#line;
    const { state, message } = this.#connection;
    if (connection.state === state && connection.message === message) return;
    this.#connection = connection;
    this.#emit({ kind: 'connection', connection });
  }

  #emit(event: VenueEvent): void {
    this.#listeners.tell(event);
  }
}
