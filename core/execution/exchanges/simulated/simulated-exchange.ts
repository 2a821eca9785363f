import type { SimulationSettings } from '../../../contract/index.ts';
import {
  type AssetAmount,
  add,
  type BaseAmount,
  baseAmount,
  type Candle,
  type ClientOrderId,
  type Clock,
  type Disposer,
  type Exchange,
  type Fill,
  floorTo,
  type Instrument,
  isFinal,
  maximum,
  minimum,
  type OpenOptions,
  type OrderIntent,
  type Price,
  price,
  type QuoteAmount,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  scale,
  subtract,
  type TradingCosts,
  type UtcMs,
  VenueError,
  type VenueEvent,
  type VenueFill,
  type VenueOrder,
} from '../../../domain/index.ts';
import { refusalOf } from './acceptance.ts';
import { BuyingPower } from './buying-power.ts';
import { type NextTouch, StepWalk } from './step-walk.ts';
import { SymbolMarket } from './symbol-market.ts';
import { type FeeAsset, TradingTerms } from './terms.ts';
import { VenueAccount } from './venue-account.ts';
import { NEW_VENUE, VenueRecords } from './venue-records.ts';
import {
  acceptedOrder,
  remainder,
  remainingAmount,
  restoredOrder,
  TRIGGERED,
  taking,
  type WorkingOrder,
  workingOrder,
} from './working-order.ts';

export interface SimulatedExchangeOptions {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly settings: SimulationSettings;
  /** Opening balance, in the quote currency of the first instrument. */
  readonly capital: QuoteAmount;
  readonly clock: Clock;
  /** Where the venue remembers over a restart; without it, it forgets. */
  readonly store?: SimulatedVenueStore;
  /** Goes before the venue's order and trade ids. */
  readonly idPrefix?: string;
  /** Default `quote`. */
  readonly feeAsset?: FeeAsset;
}

/**
 * A venue of our own, for demo, replay, paper and backtests. It fills against steps of market data, and to the
 * trader's disadvantage wherever a candle leaves room: the worse order of the extremes, spread and slippage for
 * takers, limits only when traded through, a share of the volume. No leverage, no funding, no liquidation.
 */
export class SimulatedExchange implements Exchange {
  readonly id = 'simulated';
  readonly #settings: SimulationSettings;
  readonly #terms: TradingTerms;
  readonly #clock: Clock;
  readonly #markets: ReadonlyMap<string, SymbolMarket>;
  readonly #account: VenueAccount;
  readonly #power: BuyingPower;
  readonly #records: VenueRecords;
  /** The step on its way: time goes by it meanwhile. */
  #walking: StepWalk | null = null;

  /** @throws TypeError without any instrument. */
  constructor(options: SimulatedExchangeOptions) {
    const { instruments, settings, store } = options;
    const [first] = instruments.values();
    if (first === undefined) throw new TypeError('a simulated exchange needs at least one instrument');
    const stored = store?.load() ?? NEW_VENUE;
    this.#settings = settings;
    this.#terms = new TradingTerms(settings, options.feeAsset ?? 'quote');
    this.#clock = options.clock;
    this.#records = new VenueRecords(stored, store, options.idPrefix ?? 'sim-');
    this.#account = new VenueAccount(instruments, { asset: first.quote, amount: options.capital }, stored);
    const working = stored.orders.filter(({ status }) => !isFinal(status)).map(restoredOrder);
    const marketOf = (symbol: string, instrument: Instrument): SymbolMarket =>
      new SymbolMarket(
        instrument,
        stored.appliedUntil.get(symbol) ?? 0,
        working.filter(({ venue }) => venue.symbol === symbol),
      );
    this.#markets = new Map([...instruments].map(([symbol, each]) => [symbol, marketOf(symbol, each)]));
    this.#power = new BuyingPower(this.#markets, this.#account, this.#terms);
  }

  /**
   * Lets one step of market data happen. Synchronous: events are emitted while the step is walked, and an order
   * that a listener sends takes part in the rest of it. A step that was applied before is ignored.
   *
   * @throws VenueError for a symbol that is not listed.
   */
  advance(symbol: string, step: Candle, durationMs: number): void {
    const market = this.#market(symbol);
    const end = step.openTime + durationMs;
    if (end <= market.appliedUntil) return;
    market.appliedUntil = end;
    if (market.isTouchedBy(step, end)) this.#walk(market, step, durationMs);
    market.lastClose = step.close;
  }

  // BRIDGE: this and the next three are replaced by the venue's own with the new simulated exchange.
  instrument(symbol: string): Instrument {
    return this.#markets.get(symbol)?.instrument as Instrument;
  }

  costs(_symbol: string): TradingCosts {
    const { makerFeeBps, takerFeeBps, spreadBps, slippageBps } = this.#settings;
    return { makerFeeBps, takerFeeBps, spreadBps, slippageBps, source: 'settings' };
  }

  async open(_options: OpenOptions): Promise<void> {
    return;
  }

  async close(): Promise<void> {
    return;
  }

  async submit(intent: OrderIntent): Promise<VenueOrder> {
    const existing = this.#records.order(intent.clientOrderId);
    if (existing !== undefined) return existing;
    const market = this.#market(intent.symbol);
    const refusal = refusalOf(intent, this.#power.viewFor(market, intent));
    if (refusal !== undefined) throw new VenueError('rejected', refusal);

    const order = acceptedOrder(intent, this.#records.nextOrderId, this.#stamp());
    const sentAtPrice = market.walk === null ? null : market.walk.price;
    market.add(workingOrder(order, this.#marketTime() + this.#settings.latencyMs, sentAtPrice));
    this.#record(market, order);
    return order;
  }

  async cancel(symbol: string, id: ClientOrderId): Promise<VenueOrder> {
    const market = this.#market(symbol);
    this.#end(market, id, 'CANCELED', null);
    const order = this.#records.order(id);
    if (order === undefined) throw new VenueError('rejected', `there is no order ${id} to cancel`);
    return order;
  }

  async order(_symbol: string, id: ClientOrderId): Promise<VenueOrder | null> {
    return this.#records.order(id) ?? null;
  }

  async openOrders(): Promise<readonly VenueOrder[]> {
    return [...this.#markets.values()].flatMap(({ orders }) => orders.map(({ venue }) => venue));
  }

  async fillsSince(since: UtcMs): Promise<readonly VenueFill[]> {
    return this.#records.fillsSince(since);
  }

  async positions(): Promise<ReadonlyMap<string, BaseAmount>> {
    return this.#account.quantities();
  }

  async balances(): Promise<ReadonlyMap<string, AssetAmount>> {
    return this.#account.balances();
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    return this.#records.onEvent(listener);
  }

  #walk(market: SymbolMarket, step: Candle, durationMs: number): void {
    const { symbol, lotSize } = market.instrument;
    const volume = floorTo(scale(baseAmount(step.volume), this.#settings.maxVolumeShare), lotSize);
    const held = this.#account.position(symbol).quantity.toNumber();
    const walk = new StepWalk(step, durationMs, volume, market.orders, held);
    market.walk = walk;
    this.#walking = walk;
    try {
      for (let next = walk.next(market.orders); next !== undefined; next = walk.next(market.orders)) {
        walk.share = next.share;
        this.#act(market, walk, next);
      }
    } finally {
      market.walk = null;
      this.#walking = null;
    }
  }

  #act(market: SymbolMarket, walk: StepWalk, { order, crossed }: NextTouch): void {
    const { side } = order.venue;
    const takerPrice = (from: Price): Price => this.#terms.takerPrice(market.instrument, side, from);
    switch (order.stage) {
      case 'resting':
        this.#fill(market, walk, order, order.own, 'maker');
        break;
      case 'taking':
        this.#fill(market, walk, order, takerPrice(walk.takingPrice(order)), 'taker');
        break;
      case 'waiting': {
        const from = crossed ? order.own : price(walk.price);
        const triggered = taking(order, { ...order.venue, reason: TRIGGERED });
        market.replace(triggered);
        if (walk.volumeLeft.isZero()) this.#record(market, triggered.venue);
        else this.#fill(market, walk, triggered, takerPrice(from), 'taker');
        break;
      }
      case 'arriving': {
        const from = walk.takingPrice(order);
        const isBuy = side === 'buy';
        const best = this.#terms.bestOpposite(side, from);
        const marketable = isBuy ? best.lte(order.own) : best.gte(order.own);
        const at = (isBuy ? minimum : maximum)(order.own, takerPrice(from));
        if (marketable) this.#fill(market, walk, order, at, 'taker');
        else market.replace({ ...order, stage: 'resting' });
        break;
      }
    }
  }

  #fill(
    market: SymbolMarket,
    walk: StepWalk,
    order: WorkingOrder,
    at: Price,
    liquidity: Fill['liquidity'],
  ): void {
    const { instrument } = market;
    const wanted = minimum(remainingAmount(order), walk.volumeLeft);
    const amount = minimum(wanted, this.#power.capacity(market, order, at));
    if (amount.gt(0)) this.#execute(market, walk, order, at, amount, liquidity);
    if (amount.eq(wanted)) return;
    const reason = order.venue.reduceOnly
      ? 'nothing is left to reduce'
      : `insufficient balance of ${instrument.quote}`;
    this.#end(market, order.venue.clientOrderId, 'EXPIRED', reason);
  }

  #execute(
    market: SymbolMarket,
    walk: StepWalk,
    order: WorkingOrder,
    at: Price,
    amount: BaseAmount,
    liquidity: Fill['liquidity'],
  ): void {
    const { instrument } = market;
    const { clientOrderId, symbol, side } = order.venue;
    const time = this.#stamp();
    const fee = this.#terms.fee(instrument, side, at, amount, liquidity);
    const tradeId = this.#records.nextTradeId;
    const fill: VenueFill = { tradeId, clientOrderId, symbol, side, price: at, amount, fee, liquidity, time };
    this.#account.settle(fill, instrument);
    walk.volumeLeft = subtract(walk.volumeLeft, amount);

    const filledAmount = add(order.venue.filledAmount, amount);
    const isFilled = filledAmount.eq(order.venue.amount);
    const status = isFilled ? 'FILLED' : 'PARTIALLY_FILLED';
    const venue: VenueOrder = { ...order.venue, filledAmount, status, updatedAt: time };
    if (isFilled) market.remove(order);
    else market.replace(remainder(order, venue));
    this.#record(market, venue, { fills: [fill], balances: this.#account.balances() });
  }

  #end(market: SymbolMarket, id: ClientOrderId, status: 'CANCELED' | 'EXPIRED', reason: string | null): void {
    const order = market.working(id);
    if (order === undefined) return;
    market.remove(order);
    this.#record(market, { ...order.venue, status, reason, updatedAt: this.#stamp() });
  }

  #record(market: SymbolMarket, order: VenueOrder, also: Partial<SimulatedVenueState> = {}): void {
    const appliedUntil = new Map([[order.symbol, market.appliedUntil]]);
    this.#records.record(order, { ...also, appliedUntil });
  }

  #market(symbol: string): SymbolMarket {
    const market = this.#markets.get(symbol);
    if (market === undefined)
      throw new VenueError('rejected', `${symbol} is not listed on the simulated exchange`);
    return market;
  }

  /** Market time: of the step being walked, else of the clock. */
  #marketTime(): UtcMs {
    return this.#walking?.time ?? this.#clock.now();
  }

  /** The time records carry: never before the clock, so that nothing happens before it was asked for. */
  #stamp(): UtcMs {
    return Math.max(this.#marketTime(), this.#clock.now());
  }
}
