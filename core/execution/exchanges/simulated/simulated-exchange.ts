import type { SimulationSettings } from '../../../contract/index.ts';
import {
  type AccountEvent,
  type AccountSnapshot,
  type AssetAmount,
  BPS,
  type Candle,
  type Clock,
  type Connection,
  type ConnectionState,
  type Disposer,
  type Exchange,
  type FillPage,
  type FillQuery,
  type Instrument,
  type OpenOptions,
  type OrderBook,
  type OrderIntent,
  type OrderLookup,
  type OrderRef,
  type PublicTrade,
  type QuoteAmount,
  type SimulatedVenueStore,
  type TradingCosts,
  type UtcMs,
  VenueError,
  type VenueEvent,
  type VenueOrder,
} from '../../../domain/index.ts';
import { refusalOf } from './acceptance.ts';
import { BuyingPower } from './buying-power.ts';
import { Executions } from './executions.ts';
import { LiveMatching } from './live-matching.ts';
import { MatchingEngine } from './matching-engine.ts';
import { SIMULATED_PROFILE } from './profile.ts';
import { restoredMarkets } from './restored-markets.ts';
import type { SymbolMarket } from './symbol-market.ts';
import { type FeeAsset, TradingTerms } from './terms.ts';
import { Transfers } from './transfers.ts';
import { UnkeptVenue } from './unkept-venue.ts';
import { VenueAccount } from './venue-account.ts';
import { VenueRecords } from './venue-records.ts';
import { acceptedOrder, workingOrder } from './working-order.ts';
import type { WorkingOrders } from './working-orders.ts';

export interface SimulatedExchangeOptions {
  /** Default `simulated`. */
  readonly id?: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly settings: SimulationSettings;
  /** What a new account opens with, in the quote currency of the first instrument. A restored one keeps what it has. */
  readonly capital: QuoteAmount;
  readonly clock: Clock;
  /** Where the venue remembers over a restart; without it, it forgets. */
  readonly store?: SimulatedVenueStore;
  /** Goes before the venue's ids of orders, trades and transfers. */
  readonly idPrefix?: string;
  /** Default `quote`. */
  readonly feeAsset?: FeeAsset;
  /** Fills on one page; default 500. */
  readonly fillsPageSize?: number;
}

const PAGE_SIZE = 500;

/**
 * A venue of our own, for demo, replay, paper and backtests. It fills against steps of market data, and to the
 * trader's disadvantage wherever a candle leaves room: the worse order of the extremes, spread and slippage for
 * takers, limits only when traded a tick through, a share of the volume. On paper it fills against the book and the trades of a
 * real venue instead (`showBook`, `showTrade`, `showStatus`, `settle`). No leverage, no funding, no liquidation.
 */
export class SimulatedExchange implements Exchange {
  readonly id: string;
  readonly profile = SIMULATED_PROFILE;
  readonly #options: SimulatedExchangeOptions;
  readonly #terms: TradingTerms;
  readonly #markets: ReadonlyMap<string, SymbolMarket>;
  readonly #unlisted: WorkingOrders;
  readonly #account: VenueAccount;
  readonly #power: BuyingPower;
  readonly #transfers: Transfers;
  readonly #records: VenueRecords;
  readonly #executions: Executions;
  readonly #engine: MatchingEngine;
  readonly #live: LiveMatching;
  #connection: Connection = { state: 'connecting', message: 'the simulated venue has not been opened' };
  /** No working order is to be ended before this moment. */
  #nextExpiry: UtcMs;

  /** @throws TypeError without any instrument. */
  constructor(options: SimulatedExchangeOptions) {
    const { instruments, settings, clock } = options;
    const [first] = instruments.values();
    if (first === undefined) throw new TypeError('a simulated exchange needs at least one instrument');
    const store = options.store ?? new UnkeptVenue();
    const stored = store.load();
    this.#options = options;
    this.id = options.id ?? 'simulated';
    this.#terms = new TradingTerms(settings, options.feeAsset ?? 'quote');
    this.#records = new VenueRecords(stored, store, options.idPrefix ?? 'sim-');
    const cash = first.settle;
    this.#account = new VenueAccount(instruments, { asset: cash, amount: options.capital }, stored, store);
    const { markets, unlisted } = restoredMarkets(instruments, stored, this.#records);
    this.#markets = markets;
    this.#unlisted = unlisted;
    this.#power = new BuyingPower(markets, this.#account, this.#terms);
    const parts = { markets, account: this.#account, power: this.#power, records: this.#records };
    this.#transfers = new Transfers({ ...parts, cash });
    const { maxVolumeShare } = settings;
    const terms = this.#terms;
    const executions = new Executions({ ...parts, terms, clock });
    this.#executions = executions;
    this.#engine = new MatchingEngine({ account: this.#account, terms, executions, maxVolumeShare });
    this.#live = new LiveMatching(executions);
    this.#nextExpiry = this.#firstExpiry();
  }

  get connection(): Connection {
    return this.#connection;
  }

  async open({ signal }: OpenOptions): Promise<void> {
    signal?.throwIfAborted();
    // An account is opened once: the capital given to a later process changes nothing.
    this.#records.recordAccount({
      balances: this.#account.balances(),
      positions: this.#account.everyPosition(),
    });
    this.#connect('connected', '');
  }

  async close(): Promise<void> {
    this.#connect('closed', 'the simulated venue is closed');
  }

  /**
   * Lets one step of market data happen. Synchronous: events are emitted while the step is walked, and an order
   * that a listener sends takes part in the rest of it. A step that was applied before is ignored. Orders of every
   * symbol whose time was up when the step began are ended first.
   *
   * @throws VenueError for a symbol that is not listed.
   */
  advance(symbol: string, step: Candle, durationMs: number): void {
    const market = this.#market(symbol);
    const end = step.openTime + durationMs;
    if (end <= market.appliedUntil) return;
    this.advanceTo(step.openTime);
    market.appliedUntil = end;
    if (market.working.areTouchedBy(step, end)) this.#engine.walk(market, step, durationMs);
    market.lastClose = step.close;
  }

  /**
   * Lets a real venue's book happen, where orders are filled on paper. Synchronous, as `advance` is. A book with an empty
   * side, or one that crosses, is left out. Amounts in coins.
   *
   * @throws VenueError for a symbol that is not listed.
   */
  showBook(symbol: string, book: OrderBook): void {
    this.#live.show(this.#market(symbol), book);
  }

  /** Lets a trade of a real venue happen. @throws VenueError for a symbol that is not listed. */
  showTrade(symbol: string, trade: PublicTrade): void {
    this.#live.trade(this.#market(symbol), trade);
  }

  /** What a real venue says of a market by now. Of one that it has closed nothing is taken. @throws VenueError */
  showStatus(symbol: string, status: Instrument['status']): void {
    const market = this.#market(symbol);
    market.instrument = { ...market.instrument, status };
  }

  /** Lets time pass at a real venue: what has arrived takes, what is due ends. */
  settle(): void {
    this.advanceTo(this.#executions.now());
    for (const market of this.#markets.values()) this.#live.settle(market);
  }

  /**
   * Ends the orders of every symbol whose time is up, whether or not there is any market data. For a moment up to
   * which every step has been applied: an order could still have filled in one that is yet to come.
   */
  advanceTo(time: UtcMs): void {
    if (time < this.#nextExpiry) return;
    for (const among of this.#everyWorking()) {
      for (let order = among.dueBy(time); order !== undefined; order = among.dueBy(time)) {
        this.#executions.expire(among, order);
      }
    }
    this.#nextExpiry = this.#firstExpiry();
  }

  /**
   * Money that the trader puts in, or takes out when the amount is below 0.
   *
   * @throws VenueError when there is less free than is to be taken out, or when the asset's worth is not known.
   */
  transfer(asset: string, amount: AssetAmount, note: string): AccountEvent {
    return this.#transfers.make(asset, amount, note, this.#executions.stamp());
  }

  /** Whether no order works, of no symbol: then it makes no difference how finely the market is told. */
  get isIdle(): boolean {
    return this.#everyWorking().every(({ all }) => all.length === 0);
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#markets.get(symbol)?.instrument;
  }

  costs(symbol: string): TradingCosts {
    const best = this.#markets.get(symbol)?.book.best ?? null;
    if (best === null) return this.#terms.costs;
    const spreadBps = ((2 * (best.ask - best.bid)) / (best.ask + best.bid)) * BPS;
    return { ...this.#terms.costs, spreadBps, spreadSeen: true };
  }

  clockOffsetMs(): number {
    return 0;
  }

  async submit(intent: OrderIntent): Promise<VenueOrder> {
    this.#mustBeConnected();
    const market = this.#market(intent.symbol);
    const refusal = this.#refusalOf(intent, market);
    if (refusal !== undefined) throw new VenueError('rejected', refusal);

    const order = acceptedOrder(intent, this.#records.nextOrderId, this.#executions.stamp());
    const { venueOrderId } = order;
    const activeAt = this.#executions.now() + this.#options.settings.latencyMs;
    const expiresAt = intent.expiresAt ?? Number.POSITIVE_INFINITY;
    const sentAtPrice = market.walk === null ? null : market.walk.price;
    market.working.add(workingOrder(order, { activeAt, expiresAt }, sentAtPrice));
    this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt);
    this.#executions.record(order, {
      activeAt: new Map([[venueOrderId, activeAt]]),
      expiresAt: new Map(intent.expiresAt === null ? [] : [[venueOrderId, intent.expiresAt]]),
    });
    return order;
  }

  async cancel(ref: OrderRef): Promise<VenueOrder> {
    this.#mustBeConnected();
    const order = this.#records.find(ref);
    if (order === undefined) {
      const id = ref.clientOrderId ?? ref.venueOrderId;
      throw new VenueError('rejected', `there is no order ${id} of ${ref.symbol} to cancel`);
    }
    const among = this.#markets.get(order.symbol)?.working ?? this.#unlisted;
    const working = among.find(order.venueOrderId);
    return working === undefined
      ? order
      : this.#executions.end(among, working, 'CANCELED', null, this.#executions.stamp());
  }

  async order(ref: OrderRef): Promise<OrderLookup> {
    this.#mustBeConnected();
    const order = this.#records.find(ref);
    return order === undefined ? { kind: 'absent' } : { kind: 'found', order };
  }

  async openOrders(): Promise<readonly VenueOrder[]> {
    this.#mustBeConnected();
    return this.#everyWorking().flatMap(({ all }) => all.map(({ venue }) => venue));
  }

  async fills(query: FillQuery): Promise<FillPage> {
    this.#mustBeConnected();
    return this.#records.fills(query, this.#options.fillsPageSize ?? PAGE_SIZE);
  }

  async account(): Promise<AccountSnapshot> {
    this.#mustBeConnected();
    return {
      time: this.#executions.stamp(),
      assets: this.#power.assets(),
      positions: this.#account.positions(),
    };
  }

  async accountEvents(since: UtcMs): Promise<readonly AccountEvent[]> {
    this.#mustBeConnected();
    return this.#records.accountEvents(since);
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    return this.#records.onEvent(listener);
  }

  #refusalOf(intent: OrderIntent, market: SymbolMarket): string | undefined {
    const { clientOrderId, expiresAt } = intent;
    if (this.#records.knows(clientOrderId)) return `the client order id ${clientOrderId} is in use`;
    if (expiresAt !== null && expiresAt <= this.#executions.now())
      return 'the time of the order is up already';
    return refusalOf(intent, this.#power.viewFor(market, intent));
  }

  #everyWorking(): readonly WorkingOrders[] {
    return [...[...this.#markets.values()].map(({ working }) => working), this.#unlisted];
  }

  #firstExpiry(): UtcMs {
    return Math.min(...this.#everyWorking().map(({ nextExpiry }) => nextExpiry));
  }

  #connect(state: ConnectionState, message: string): void {
    if (state === this.#connection.state) return;
    this.#connection = { state, message };
    this.#records.announce({ kind: 'connection', connection: this.#connection });
  }

  #mustBeConnected(): void {
    const { state, message } = this.#connection;
    if (state !== 'connected') throw new VenueError('unavailable', message);
  }

  #market(symbol: string): SymbolMarket {
    const market = this.#markets.get(symbol);
    if (market === undefined)
      throw new VenueError('rejected', `${symbol} is not listed on the simulated exchange`);
    return market;
  }
}
