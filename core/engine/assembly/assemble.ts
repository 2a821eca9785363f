import type { Settings } from '../../contract/index.ts';
import {
  type DecisionStore,
  type Fill,
  type Instrument,
  isFinal,
  type Logger,
  type ManualClock,
  type Order,
  type OrderGate,
  type OrderLedger,
  type Position,
  price,
  quoteAmount,
  type RoundTrip,
  type SimulatedVenueStore,
  type StateStore,
  simulationNotes,
  TIMEFRAME_MS,
  type UtcMs,
} from '../../domain/index.ts';
import { ClientOrderIds, OrderManager, SimulatedExchange, StopKeeper } from '../../execution/index.ts';
import { type FeatureGroup, FeatureStream } from '../../features/index.ts';
import { Portfolio } from '../../portfolio/index.ts';
import { CircuitBreaker, EntryReview, type FeedHealth, type Latch } from '../../safety/index.ts';
import { EntryTheses } from '../loop/entry-theses.ts';
import type { LineUp } from '../loop/line-up.ts';
import { requireOneAccount } from './one-account.ts';
import { SymbolDesk } from '../loop/symbol-desk.ts';
import { TradeDesk } from '../loop/trade-desk.ts';
import { type LoopObserver, TradingLoop } from '../loop/trading-loop.ts';

/** What the assembled engine tells besides what the loop does. */
export interface EngineObserver extends LoopObserver {
  onOrder?(order: Order): void;
  onFill?(fill: Fill, closed: RoundTrip | undefined): void;
  /** Nothing is sent any more, for this reason. */
  onFault?(reason: string): void;
}

export interface AssemblyOptions {
  readonly settings: Settings;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly clock: ManualClock;
  /** Asked once a bar: who votes on it. */
  readonly lineUp: () => LineUp;
  readonly orderIdPrefix: string;
  readonly ledger: OrderLedger;
  readonly decisions: DecisionStore;
  readonly state: StateStore;
  readonly venueStore?: SimulatedVenueStore;
  readonly equity?: readonly { readonly time: UtcMs; readonly equity: string }[];
  /** Asked before every order leaves; its state goes into every entry's review. */
  readonly killSwitch: OrderGate & { state(): Latch | undefined };
  readonly feedHealth: () => FeedHealth;
  readonly entriesHeld: () => string | null;
  readonly recordedFeatures: readonly string[];
  /** Groups of features to compute; all that candles feed when absent. */
  readonly featureGroups?: readonly FeatureGroup[];
  readonly observer: EngineObserver;
  readonly log: Logger;
}

/** The engine's parts, wired. */
export interface Engine {
  readonly loop: TradingLoop;
  readonly venue: SimulatedExchange;
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly stops: StopKeeper;
  readonly portfolio: Portfolio;
  readonly breaker: CircuitBreaker;
  readonly theses: EntryTheses;
  /** What its simulated venue leaves out, a line each. */
  readonly notes: readonly string[];
  /** Places the stop of every open position again where it is missing: after a restart, or taken away by hand. */
  assertProtection(): void;
  close(): void;
}

const BPS = 10_000;
const HOUR_MS = TIMEFRAME_MS['1h'];

/**
 * Wires the ten steps into one engine around a simulated venue: for the demo, a replay and a backtest alike, which
 * differ only in what is passed in. The one place where steps meet.
 *
 * @throws SettingsError when the instruments cannot be traded in one account.
 */
export function assembleEngine(options: AssemblyOptions): Engine {
  const { settings, instruments, clock, ledger, state, killSwitch, observer, log } = options;
  requireOneAccount(instruments.values(), ledger);
  const capital = quoteAmount(settings.capital);
  const instrumentOf = (symbol: string): Instrument => venue.instrument(symbol);
  const venue = new SimulatedExchange({
    instruments,
    settings: settings.simulation,
    capital,
    clock,
    ...(options.venueStore === undefined ? {} : { store: options.venueStore }),
  });
  const portfolio = new Portfolio({
    capital,
    instruments: instrumentOf,
    history: { fills: ledger.fills(), equity: options.equity ?? [] },
  });
  const breaker = new CircuitBreaker({ settings: settings.safety, state, clock, logger: log });
  const theses = new EntryTheses(state);
  const ids = new ClientOrderIds(options.orderIdPrefix);

  /** A fill reaches the portfolio, the breaker and the stop before its announcement ends. */
  const onFill = (fill: Fill): void => {
    const closed = portfolio.apply(fill);
    if (closed !== undefined) {
      breaker.observeTrade(closed);
      theses.forget(fill.symbol);
    }
    protect(portfolio.position(fill.symbol));
    observer.onFill?.(fill, closed);
  };
  const protect = (position: Position): void => {
    const stopPrice = theses.of(position.symbol)?.stopPrice;
    stops.follow(position, stopPrice === undefined ? null : price(stopPrice));
  };
  const orders = new OrderManager({
    exchange: venue,
    ledger,
    clock,
    gate: killSwitch,
    log,
    positions: portfolio,
    ids,
    onFill,
    onOrder: (order) => {
      // A close that ended without closing everything leaves a rest to protect.
      if (isFinal(order.status) && order.purpose !== 'protection') protect(portfolio.position(order.symbol));
      observer.onOrder?.(order);
    },
    onFault: (reason) => observer.onFault?.(reason),
  });
  const stops = new StopKeeper({ orders, ids, positions: portfolio, instruments: instrumentOf, clock, log });

  const roundTripCost = roundTripCostOf(settings);
  const featureOptions = { timeframeMs: TIMEFRAME_MS[settings.timeframe], groups: options.featureGroups };
  const desks = new Map(
    [...instruments].map(([symbol, instrument]) => {
      const features = new FeatureStream({ ...featureOptions, isBtc: instrument.base === 'BTC' });
      return [symbol, new SymbolDesk({ instrument, timeframe: settings.timeframe, features, roundTripCost })];
    }),
  );
  const review = new EntryReview({ settings: settings.safety, killSwitch, breaker });
  const trade = new TradeDesk(
    { settings, review, orders, ids, portfolio, theses, feedHealth: options.feedHealth },
    recentEntryTimes(ledger, clock.now()),
  );
  const loop = new TradingLoop({
    settings,
    simulation: { venue, clock },
    desks,
    lineUp: options.lineUp,
    trade,
    breaker,
    orders,
    portfolio,
    theses,
    decisions: options.decisions,
    recordedFeatures: options.recordedFeatures,
    entriesHeld: options.entriesHeld,
    observer,
  });
  return {
    loop,
    venue,
    orders,
    ids,
    stops,
    portfolio,
    breaker,
    theses,
    notes: simulationNotes(instruments.values()),
    assertProtection: () => {
      // While the kill switch is engaged positions are being closed, and no stop would be let through.
      if (killSwitch.state() === undefined) for (const position of portfolio.positions()) protect(position);
    },
    close: () => {
      orders.close();
      breaker.flush();
    },
  };
}

/** Fees, half the spread and slippage, in and out, as a fraction of the price. */
export function roundTripCostOf({ simulation }: Pick<Settings, 'simulation'>): number {
  const { takerFeeBps, spreadBps, slippageBps } = simulation;
  return (2 * (takerFeeBps + spreadBps / 2 + slippageBps)) / BPS;
}

function recentEntryTimes(ledger: OrderLedger, now: UtcMs): readonly UtcMs[] {
  return ledger
    .recentOrders({ limit: 100 })
    .filter(({ purpose, createdAt }) => purpose === 'entry' && createdAt > now - HOUR_MS)
    .map(({ createdAt }) => createdAt);
}
