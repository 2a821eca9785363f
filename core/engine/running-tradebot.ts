import type { Action, Settings, StatusView } from '../contract/index.ts';
import {
  type Candle,
  type Disposer,
  type Instrument,
  type Logger,
  type ManualClock,
  type MarketEvent,
  type MarketFeed,
  TIMEFRAME_MS,
  type Timers,
  type UtcMs,
} from '../domain/index.ts';
import { Flattener, Reconciler } from '../execution/index.ts';
import { LABEL, LiveCalibration, type ModelRegistry } from '../inference/index.ts';
import { AlertCenter, Metrics, type Severity } from '../monitoring/index.ts';
import { type FeedHealth, KillSwitch } from '../safety/index.ts';
import type { Arena } from './arena/arena.ts';
import { assembleEngine, type Engine } from './assembly/assemble.ts';
import { EmergencyStop } from './emergency/emergency-stop.ts';
import { StopAlerts } from './emergency/stop-alerts.ts';
import type { Stores } from './installation/stores.ts';
import { Pacer } from './loop/pacer.ts';
import { rememberReplay } from './modes/mode.ts';
import type { ContractService } from './service/client-session.ts';
import { LiveViews } from './service/live-views.ts';
import { LlmService } from './service/llm-service.ts';
import { type Phase, type Reconciliation, standInOf, statusOf } from './service/status.ts';
import { TopicHub } from './service/topic-hub.ts';
import { TradingService } from './service/trading-service.ts';
import type { LlmParts } from './voices/language-models.ts';

/** One running program: what a host starts, shows and stops. */
export interface Tradebot {
  readonly service: ContractService;
  readonly log: Logger;
  /** Resolves at the end of the data or after `stop`; rejects when the engine fails. */
  start(): Promise<void>;
  /** Ends the loop after the event in hand and gives everything back. Orders and positions stay as they are. */
  stop(): Promise<void>;
  /** Compares our books with the venue's now. */
  reconcile(reason: string): Promise<void>;
  alert(severity: Severity, title: string, message: string): void;
  /** Figures of the running engine in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Told now and on every change. */
  onStatus(listener: (status: StatusView) => void): Disposer;
}

export interface RunningTradebotParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly host: StatusView['host'];
  readonly version: string;
  /** The data directory. */
  readonly directory: string;
  readonly log: Logger;
  readonly stores: Stores;
  readonly feed: MarketFeed;
  readonly warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly clock: ManualClock;
  readonly models: ModelRegistry;
  readonly arena: Arena;
  readonly llm: LlmParts;
  readonly recordedFeatures: readonly string[];
  readonly orderIdPrefix: string;
  readonly speed: number;
  readonly timers: Timers;
  /** Gives back what the parts hold open. */
  readonly close: () => void;
}

/** Clients get at most one message a topic in this time; the window on the same machine gets more. */
const FLUSH_MS = { desktop: 250, headless: 1_000 } as const;
/** How often the latch file is looked for: another process may write it. Every order looks for itself as well. */
const LATCH_CHECK_MS = 100;
const RECONCILE_MS = 30_000;
/** Without a message for so long the market data counts as stale. */
const STALE_AFTER_MS = 30_000;
const STORED_ROWS_SHOWN = 300;
const DAY_MS = TIMEFRAME_MS['1d'];
/** Market time for which a demo keeps decisions that led to nothing. */
const DEMO_MEMORY_MS = 90 * DAY_MS;
/** Name of the document that keeps a pause over a restart. */
const PAUSED = 'paused';

/** The engine of one mode at work: the loop at its pace, the emergency stop, reconciliation and the streams. */
export class RunningTradebot implements Tradebot {
  readonly service: ContractService;
  readonly log: Logger;
  readonly #parts: RunningTradebotParts;
  readonly #engine: Engine;
  readonly #killSwitch: KillSwitch;
  readonly #emergency: EmergencyStop;
  readonly #reconciler: Reconciler;
  readonly #hub = new TopicHub();
  readonly #calibration: LiveCalibration;
  readonly #views: LiveViews;
  readonly #alerts: AlertCenter;
  readonly #stopAlerts: StopAlerts;
  readonly #metrics = new Metrics();
  readonly #stop = new AbortController();
  readonly #statusListeners = new Set<(status: StatusView) => void>();
  readonly #timers: NodeJS.Timeout[] = [];
  #phase: Phase = 'starting';
  #paused: boolean;
  #lastEventAt: number | undefined;
  #gaps = 0;
  /** What the engine in use wanted on the event in hand. */
  #latestAction: Action | undefined;
  /** What spoke in a language model's place on the last bar, and why. */
  #standIn: string | null = null;
  #reconciliation: Reconciliation = { green: false, at: null, differences: [] };
  #run: Promise<void> | undefined;
  #closed = false;

  constructor(parts: RunningTradebotParts) {
    const { settings, stores, clock, log, symbols, directory } = parts;
    this.#parts = parts;
    this.log = log;
    this.#paused = stores.state.read(PAUSED) === true;
    this.#alerts = new AlertCenter({ clock, log, store: stores.alerts });
    this.#stopAlerts = new StopAlerts(this.#alerts);
    this.#calibration = new LiveCalibration(stores.predictions);
    this.#killSwitch = new KillSwitch({ directory, clock });
    this.#engine = assembleEngine({
      settings,
      instruments: parts.instruments,
      clock,
      lineUp: () => parts.arena.active,
      orderIdPrefix: parts.orderIdPrefix,
      ledger: stores.ledger,
      decisions: stores.decisions,
      state: stores.state,
      venueStore: stores.venue,
      equity: stores.equity.recent(Number.MAX_SAFE_INTEGER),
      killSwitch: this.#killSwitch,
      feedHealth: () => this.#feedHealth(),
      entriesHeld: () => (this.#paused ? 'trading is paused by the trader' : null),
      recordedFeatures: parts.recordedFeatures,
      observer: {
        onStep: (symbol, piece, durationMs) => this.#views.step(symbol, piece, durationMs),
        onGap: (symbol, from, missing) => this.#onGap(symbol, from, missing),
        onDecision: (decision) => {
          this.#metrics.decided(decision.outcome);
          this.#latestAction = decision.action;
          this.#standIn = standInOf(decision.votes);
          this.#views.decision(decision);
        },
        onOrder: (order) => {
          this.#metrics.orderReached(order.status);
          this.#views.order(order);
        },
        onFill: (fill, closed) => this.#views.trade(fill, closed),
        onFault: (reason) => this.#alerts.raise('critical', 'Trading stopped', reason),
      },
      log,
    });
    const { orders, venue, portfolio, stops, theses, ids } = this.#engine;
    this.#views = new LiveViews({ hub: this.#hub, timeframe: settings.timeframe, portfolio, stops, theses });
    this.#reconciler = new Reconciler({ orders, exchange: venue, positions: portfolio, symbols, log });
    const flattener = new Flattener({ orders, exchange: venue, ids, clock, log, wait: parts.timers.wait });
    this.#emergency = new EmergencyStop({
      killSwitch: this.#killSwitch,
      flatten: () => flattener.flatten(),
      onChange: () => this.#publish(),
      log,
    });
    this.service = new TradingService({
      settings,
      symbols,
      hub: this.#hub,
      views: this.#views,
      portfolio,
      history: stores.history,
      decisions: stores.decisions,
      ledger: stores.ledger,
      killSwitch: this.#killSwitch,
      emergency: this.#emergency,
      arena: parts.arena,
      models: parts.models,
      llm: new LlmService(parts.llm, () => parts.arena.active.agents),
      calibration: this.#calibration,
      onPromoted: (name) => this.#onPromoted(name),
      status: () => this.#status(),
      setPaused: (paused) => this.#setPaused(paused),
      resetFacts: () => this.#resetFacts(),
    });
    this.#engine.loop.warmUp(parts.warmUp);
    // Horizons that ended while the program was off.
    for (const [symbol, bars] of parts.warmUp)
      this.#calibration.mature(symbol, bars, TIMEFRAME_MS[settings.timeframe]);
    this.#views.fill({
      candles: parts.warmUp,
      orders: stores.ledger.recentOrders({ limit: STORED_ROWS_SHOWN }),
      fills: [...stores.ledger.fills()].slice(-STORED_ROWS_SHOWN),
      decisions: stores.decisions.list({ limit: STORED_ROWS_SHOWN }),
      equity: stores.equity.recent(2_000),
    });
    this.#hub.upsert('alerts', 'alerts', this.#alerts.recent());
    this.#alerts.onAlert((alert) => this.#hub.upsert('alerts', 'alerts', [alert]));
    this.#publish();
  }

  start(): Promise<void> {
    this.#run ??= this.#runLoop().catch((error: unknown) => {
      this.#phase = 'ended';
      this.log.error({ err: error }, 'the engine failed');
      this.#alerts.raise('critical', 'The engine failed', 'trading has stopped: see the log');
      this.#publish();
      throw error;
    });
    return this.#run;
  }

  async stop(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop.abort();
    for (const timer of this.#timers) clearInterval(timer);
    // A failure of the run was told to whoever started it.
    await this.#run?.catch(() => undefined);
    await this.#emergency.settled();
    await this.#engine.orders.idle();
    this.#engine.close();
    this.#parts.close();
  }

  async reconcile(reason: string): Promise<void> {
    const before = this.#reconciliation.green;
    const differences = await this.#reconciler.reconcile();
    this.#engine.assertProtection();
    this.#reconciliation = { green: differences.length === 0, at: this.#parts.clock.now(), differences };
    if (differences.length > 0) {
      this.#alerts.raise('critical', 'Our books and the venue differ', differences.join('; '));
    } else if (!before) {
      this.log.info({ reason }, 'reconciled: our books and the venue agree');
    }
  }

  alert(severity: Severity, title: string, message: string): void {
    this.#alerts.raise(severity, title, message);
  }

  metrics(): Promise<string> {
    this.#metrics.feedAge(this.#feedHealth().ageMs);
    this.#metrics.equity(this.#engine.portfolio.equityFloat());
    return this.#metrics.text();
  }

  onStatus(listener: (status: StatusView) => void): Disposer {
    this.#statusListeners.add(listener);
    listener(this.#status());
    return () => {
      this.#statusListeners.delete(listener);
    };
  }

  async #runLoop(): Promise<void> {
    const rehearsal = this.#killSwitch.rehearse();
    if (rehearsal !== null) this.#alerts.raise('critical', 'The kill switch is not durable', rehearsal);
    await this.reconcile('start');
    this.#emergency.check();
    this.#every(LATCH_CHECK_MS, () => this.#emergency.check());
    this.#every(FLUSH_MS[this.#parts.host], () => this.#publish());
    this.#every(RECONCILE_MS, () => void this.reconcile('every 30 s'));
    this.#phase = 'running';
    this.#publish();
    const { feed, timers, speed } = this.#parts;
    const pacer = new Pacer({ feed, timers, speed, handle: (event) => this.#handle(event) });
    await pacer.run(this.#stop.signal);
    this.#phase = 'ended';
    this.#publish();
  }

  async #handle(event: MarketEvent): Promise<void> {
    const { timers } = this.#parts;
    const started = timers.monotonicMs();
    this.#lastEventAt = started;
    this.#latestAction = undefined;
    await this.#engine.loop.handle(event);
    if (event.kind === 'bar') {
      this.#metrics.barProcessed(event.symbol);
      this.#metrics.loopTook(timers.monotonicMs() - started);
      this.#afterBar(event.symbol);
    }
    await this.#parts.arena.handle(event, this.#latestAction);
  }

  #afterBar(symbol: string): void {
    const { clock, settings, stores } = this.#parts;
    const { portfolio } = this.#engine;
    const time = clock.now();
    const lately = stores.history.candles(symbol, settings.timeframe, { limit: LABEL.horizonBars + 1 });
    this.#calibration.mature(symbol, lately, TIMEFRAME_MS[settings.timeframe]);
    if (settings.mode === 'replay') rememberReplay(stores.state, time);
    // A demo runs for months of market time a day: what led to nothing would fill the disk.
    if (settings.mode === 'demo' && time % DAY_MS === 0) stores.decisions.forgetHeld(time - DEMO_MEMORY_MS);
    if (!portfolio.marked) return;
    stores.equity.append({ time, equity: portfolio.equity().toFixed(8) });
    this.#views.equity(time, portfolio.equityFloat());
  }

  #every(ms: number, run: () => void): void {
    this.#timers.push(setInterval(run, ms));
  }

  #onGap(symbol: string, from: UtcMs, missingBars: number): void {
    this.#gaps += missingBars;
    const at = new Date(from).toISOString();
    this.#alerts.raise(
      'info',
      'Bars are missing',
      `${symbol}: ${missingBars} bars from ${at}; none was invented`,
    );
  }

  #onPromoted(name: string): void {
    this.#alerts.raise('warning', 'Another line-up decides', `${name} votes from the next bar on`);
    this.#publish();
  }

  #setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#parts.stores.state.write(PAUSED, paused);
    this.log.info({ paused }, paused ? 'paused by the trader' : 'resumed by the trader');
    this.#publish();
  }

  #publish(): void {
    const status = this.#status();
    this.#stopAlerts.look(status);
    this.#hub.set('status', status);
    this.#views.account(this.#parts.clock.now());
    this.#hub.flush();
    for (const listener of this.#statusListeners) listener(status);
  }

  #feedHealth(): FeedHealth {
    const now = this.#parts.timers.monotonicMs();
    const ageMs = this.#lastEventAt === undefined ? Number.POSITIVE_INFINITY : now - this.#lastEventAt;
    return { stale: ageMs > STALE_AFTER_MS, ageMs };
  }

  #resetFacts(): Parameters<KillSwitch['describeReset']>[0] {
    const { portfolio, breaker } = this.#engine;
    return {
      reconciliationGreen: this.#reconciliation.green,
      openPositions: portfolio.positions().map(({ symbol }) => symbol),
      flattening: this.#emergency.flattening,
      breakerTripped: breaker.state.tripped,
    };
  }

  #status(): StatusView {
    return statusOf({
      parts: this.#parts,
      engine: this.#engine,
      emergency: this.#emergency,
      phase: this.#phase,
      paused: this.#paused,
      feed: this.#feedHealth(),
      gaps: this.#gaps,
      reconciliation: this.#reconciliation,
      standIn: this.#standIn,
    });
  }
}
