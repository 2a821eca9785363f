import type { WatchedFacts } from '../alerts/index.ts';
import {
  type GuardianView,
  type HealthView,
  type LogQuery,
  type LogView,
  type PauseView,
  type Settings,
  type StatusView,
  symbolsOf,
} from '../contract/index.ts';
import {
  type Candle,
  type Clock,
  type Clocks,
  type Connection,
  type Decision,
  type Exchange,
  type Fill,
  type GateAnswer,
  type KeyRights,
  type Logger,
  type MarketFeed,
  type RoundTrip,
  TIMEFRAME_MS,
  type Timers,
  text,
  type UtcMs,
  type VenueReadings,
} from '../domain/index.ts';
import type { ProtectionTrouble } from '../execution/index.ts';
import { LiveCalibration, type ModelRegistry } from '../inference/index.ts';
import type { RecentMarket } from '../market/index.ts';
import { type AlertAbout, AlertCenter, type FileLogger, Metrics, shownAlert } from '../monitoring/index.ts';
import type { Portfolio } from '../portfolio/index.ts';
import {
  closingElsewhere,
  KillHistory,
  KillSwitch,
  LimitHistory,
  OwnedFile,
  type ResetFacts,
  type SymbolLocks,
} from '../safety/index.ts';
import { AlertsAtWork } from './alerts/alerts-at-work.ts';
import { withoutSecrets } from './alerts/without-secrets.ts';
import type { Arena } from './arena/arena.ts';
import { type AssemblyOptions, assembleEngine, type Engine } from './assembly/assemble.ts';
import { EmergencyStop } from './emergency/emergency-stop.ts';
import type { DrillReport } from './emergency/kill-drill.ts';
import { StopAlerts } from './emergency/stop-alerts.ts';
import type { GuardianSeat } from './guardian/guardian-seat.ts';
import { Backups } from './installation/backups.ts';
import { freeBytes } from './installation/disk-space.ts';
import type { InstanceFile } from './installation/instances.ts';
import type { Secrets } from './installation/secrets.ts';
import type { Stores } from './installation/stores.ts';
import type { StrategyFolder } from './installation/strategy-folder.ts';
import { againstRealMoney, standingOf } from './installation/strategy-standing.ts';
import type { Upkeep } from './installation/upkeep.ts';
import { LiveTrading } from './live/live-trading.ts';
import { DataAge } from './loop/data-age.ts';
import type { Drive } from './loop/trading-loop.ts';
import type { Market } from './modes/market.ts';
import type { EngineService } from './service/client-session.ts';
import { type KeepLimit, LimitsDesk } from './service/limits-desk.ts';
import { LiveViews } from './service/live-views.ts';
import { LlmService } from './service/llm-service.ts';
import { TopicHub } from './service/topic-hub.ts';
import { TradingService } from './service/trading-service.ts';
import type { LlmParts } from './voices/language-models.ts';
import { warmUpDrift } from './voices/models.ts';
import type { VolatilityWatch } from './volatility/volatility-watch.ts';

/** Everything a running program is made of. Venue and feed are open. */
export interface TradebotParts {
  readonly settings: Settings;
  /** Those that come with the program, and the trader's own. */
  readonly strategies: StrategyFolder;
  /** What is traded, and what is still held of other symbols. */
  readonly symbols: readonly string[];
  readonly host: StatusView['host'];
  readonly version: string;
  /** Says to other processes that this one runs; null where it is to be found by nobody. */
  readonly instance: Pick<InstanceFile, 'tell' | 'heartbeat'> | null;
  /** Null where nothing real is at stake. */
  readonly guardian: GuardianSeat | null;
  /** The data directory. */
  readonly directory: string;
  readonly log: Logger;
  /** What is told of the log; null where nobody can look at it. */
  readonly logFiles: Pick<FileLogger, 'tail' | 'folder' | 'lostLines'> | null;
  readonly stores: Stores;
  readonly upkeep: Pick<Upkeep, 'step' | 'view' | 'mirror'>;
  /** What the trader is to know of the account's opening, or null. */
  readonly accountNotice: string | null;
  readonly feed: MarketFeed;
  readonly warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly lookBack: Market['lookBack'];
  readonly venue: Exchange;
  readonly clocks: Clocks;
  /** The machine's as it is set: what other processes write down is dated by it. */
  readonly machineClock: Clock;
  /** Lets a simulated market happen; null where a real venue does what it does. */
  readonly drive: Drive | null;
  readonly models: ModelRegistry;
  readonly volatility: VolatilityWatch;
  readonly arena: Arena;
  readonly llm: LlmParts;
  /** What opens the channels of alerts. */
  readonly secrets: Secrets;
  readonly fetch: typeof globalThis.fetch;
  readonly recordedFeatures: readonly string[];
  /** Books and trades of a real venue; null where the market has none. */
  readonly recentMarket: RecentMarket | null;
  readonly orderIdPrefix: string;
  /** Market time per real time. */
  readonly speed: number;
  /** Whether the market waits for language models. */
  readonly waitForSlowVoters: boolean;
  /** How long a bar waits for bitcoin's of the same time; null where the feed has them in order. */
  readonly barrierMs: number | null;
  /** What the market's results must be read with, a line each. */
  readonly notes: readonly string[];
  /** Asks the venue what the key may do; null where there is no key. */
  readonly keyRights: (() => Promise<KeyRights>) | null;
  /** How the venue has answered lately; null where there is none. */
  readonly readings: (() => VenueReadings) | null;
  readonly timers: Timers;
  /** Null: the settings of this program cannot be written. */
  readonly keepLimit: KeepLimit | null;
  /** Runs the emergency procedure where it can touch nothing. */
  readonly drill: () => Promise<DrillReport>;
  /** Gives back what the parts hold open. */
  readonly close: () => Promise<void>;
}

/** What the wiring asks of the program's life, and tells it. */
export interface TradebotLife {
  /** Why nothing is entered now, whatever the market says; null: it may be. */
  entriesHeld(symbol: string): string | null;
  onConnection(connection: Connection): void;
  setPause(pause: PauseView | null): void;
  pause(): PauseView | null;
  readonly locks: SymbolLocks;
  guardian(): GuardianView | null;
  status(): StatusView;
  health(): HealthView;
  resetFacts(): ResetFacts;
  reconciliationGreen(): boolean;
  /** Shows everything as it is now. */
  publish(): void;
  onGap(symbol: string, from: UtcMs, missingBars: number): void;
  onDecision(decision: Decision, tookMs: number): void;
  onFailure(error: unknown): void;
  onPromoted(name: string): void;
  /** The trader has armed live trading. */
  onArmed(capital: string): void;
  /** Something filled at the venue. */
  onVenueNews(): void;
}

export interface Wiring {
  readonly engine: Engine;
  readonly killSwitch: KillSwitch;
  readonly emergency: EmergencyStop;
  /** Null where no real money is traded. */
  readonly live: LiveTrading | null;
  readonly ownedFile: OwnedFile;
  readonly limitHistory: LimitHistory;
  readonly dataAge: DataAge;
  readonly calibration: LiveCalibration;
  readonly hub: TopicHub;
  readonly views: LiveViews;
  readonly alerts: AlertCenter;
  readonly stopAlerts: StopAlerts;
  readonly alertsAtWork: AlertsAtWork;
  /** Looks how much of the disk is free, for the alerts. */
  readonly lookAtDisk: () => Promise<void>;
  readonly metrics: Metrics;
  readonly service: EngineService;
}

/** Closed bars, orders, fills and decisions shown when the program starts. */
const STORED_ROWS_SHOWN = 300;
const STORED_EQUITY_SHOWN = 2_000;

/** Puts a running program together. Nothing of it moves before it is started. */
export function wireTradebot(parts: TradebotParts, life: TradebotLife): Wiring {
  const { settings, stores, clocks, log, symbols, directory } = parts;
  const hub = new TopicHub();
  const metrics = new Metrics();
  const alerts = new AlertCenter({
    clock: clocks.wall,
    log: log.child({ logger: 'alerts' }),
    store: stores.alerts,
    clean: withoutSecrets(parts.secrets),
  });
  alerts.onAlert((alert) => metrics.alerted(alert));
  const killSwitch = new KillSwitch({ directory, clock: clocks.wall });
  const dataAge = dataAgeOf(parts);
  const ownedFile = new OwnedFile({ ...parts, mode: settings.mode, clock: clocks.wall });
  const noteOwned = (): void => ownedFile.note(engine.portfolio.owned());
  const live = liveTradingOf(parts, life, { killSwitch, engine: () => engine });
  const told = {
    ...{ killSwitch, live, dataAge, alerts, metrics, views: () => views, noteOwned },
    alertsAtWork: () => alertsAtWork,
  };
  const engine = engineOf(parts, life, told);
  const { portfolio, desk, theses } = engine;
  noteOwned();
  const views = new LiveViews({
    hub,
    timeframe: settings.timeframe,
    minSample: () => engine.limits.settings.minSample,
    portfolio,
    desk,
    theses,
  });
  let freeDiskBytes: number | null = null;
  const alertsAtWork = new AlertsAtWork({
    settings: settings.alerts,
    secrets: parts.secrets,
    center: alerts,
    deliveries: stores.deliveries,
    ...{ clock: clocks.wall, timers: parts.timers, fetch: parts.fetch, quote: portfolio.quote, log },
    open: () => portfolio.positions(),
    positions: () => views.positions(),
    facts: () => watchedFacts(parts, life.status(), portfolio, freeDiskBytes),
  });
  const killHistory = new KillHistory({ directory, log });
  const limitHistory = new LimitHistory({ directory, log });
  const emergency = new EmergencyStop({
    killSwitch,
    flattener: desk.flattener,
    mode: settings.mode,
    venue: parts.venue.id,
    history: killHistory,
    clock: clocks.wall,
    timers: parts.timers,
    onChange: () => life.publish(),
    onArrival: () => tellArrival(alerts),
    onLatchFault: (fault) => tellLatch(alerts, fault),
    log: log.child({ logger: 'emergency-stop' }),
  });
  const backups = new Backups({ directory, settings, clock: clocks.wall });
  const calibration = new LiveCalibration(stores.predictions);
  const service = new TradingService({
    settings,
    symbols,
    hub,
    views,
    portfolio,
    history: stores.history,
    decisions: stores.decisions,
    ledger: stores.ledger,
    trades: stores.tradeQueries,
    tradeNotes: stores.tradeNotes,
    equity: stores.equity,
    exposure: stores.exposure,
    killSwitch,
    clock: clocks.wall,
    killHistory,
    breaker: engine.breaker,
    engine,
    limits: new LimitsDesk({
      ...{ engine, alerts, log, keep: parts.keepLimit, history: limitHistory, clock: clocks.wall },
      look: () => live?.look(),
    }),
    limitHistory,
    alerts: alertsAtWork,
    drill: parts.drill,
    storage: () => parts.upkeep.view(),
    backUp: () => backups.make(),
    standing: (strategy) => standingOf(parts, strategy),
    heartbeat: () => parts.instance?.heartbeat ?? null,
    emergency,
    live,
    onArmed: (capital) => life.onArmed(capital),
    arena: parts.arena,
    models: parts.models,
    volatility: parts.volatility,
    llm: new LlmService(parts.llm, () => parts.arena.active.agents),
    calibration,
    onPromoted: (name) => life.onPromoted(name),
    status: () => life.status(),
    health: () => life.health(),
    logs: (query) => logView(parts.logFiles, query),
    setPause: (pause) => life.setPause(pause),
    pause: () => life.pause(),
    log,
    locks: life.locks,
    guardian: () => life.guardian(),
    publish: () => life.publish(),
    resetFacts: () => life.resetFacts(),
  });
  engine.loop.lookBack(parts.lookBack);
  engine.loop.warmUp(parts.warmUp);
  warmUpDrift(parts.models, parts.warmUp, settings.timeframe);
  void parts.volatility.warmUp(parts.warmUp).catch((error: unknown) => life.onFailure(error));
  parts.venue.onEvent((event) => {
    if (event.kind === 'connection') life.onConnection(event.connection);
  });
  // Horizons that ended while the program was off.
  for (const [symbol, bars] of parts.warmUp)
    calibration.mature(symbol, bars, TIMEFRAME_MS[settings.timeframe]);
  fillStreams(parts, { hub, views, alerts });
  const stopAlerts = new StopAlerts(alerts);
  return {
    engine,
    killSwitch,
    emergency,
    live,
    ownedFile,
    limitHistory,
    dataAge,
    calibration,
    hub,
    views,
    alerts,
    stopAlerts,
    alertsAtWork,
    lookAtDisk: async () => {
      freeDiskBytes = await freeBytes(directory);
    },
    metrics,
    service,
  };
}

function logView(files: TradebotParts['logFiles'], query: LogQuery): LogView {
  if (files === null) return { lines: [], loggers: [], kept: 0, lost: 0, folder: '' };
  const { tail, folder, lostLines } = files;
  return {
    lines: [...tail.list(query)],
    loggers: [...tail.loggers],
    kept: tail.kept,
    lost: lostLines,
    folder,
  };
}

/** What alerts are looked for in. */
function watchedFacts(
  { upkeep, models }: Pick<TradebotParts, 'upkeep' | 'models'>,
  status: StatusView,
  { curve, marked }: Portfolio,
  freeDiskBytes: number | null,
): WatchedFacts {
  const manifest = models.set?.manifest;
  return {
    ...{ status, freeDiskBytes },
    drawdown: marked ? curve.drawdown : null,
    mirror: upkeep.mirror(),
    models:
      manifest === undefined ? null : { setId: manifest.setId, validUntil: Date.parse(manifest.validUntil) },
  };
}

/** Of every alert about whether the emergency stop's latch is on disk. */
export const LATCH: AlertAbout = { rule: 'kill-switch', key: 'latch' };

function tellLatch(alerts: AlertCenter, fault: string | null): void {
  if (fault === null) {
    alerts.over('latch');
    alerts.raise('info', 'The kill switch is on disk', 'it holds over a restart, or was reset', LATCH);
  } else alerts.raise('critical', 'The kill switch is not durable', fault, LATCH);
}

function tellArrival(alerts: AlertCenter): void {
  const message =
    'what was on its way at the emergency stop has arrived, or was placed since: it is closed, too';
  alerts.raise('critical', 'Something has appeared after everything was closed', message, {
    rule: 'kill-switch',
  });
}

function tellProtection(alerts: AlertCenter, symbol: string, trouble: ProtectionTrouble | null): void {
  const about = { rule: 'unprotected', key: `unprotected ${symbol}` } as const;
  if (trouble === null) {
    alerts.over(about.key);
    alerts.raise('info', 'Protected again', `${symbol} has its stop at the venue, or is closed`, about);
  } else alerts.raise('critical', 'A position has no stop at the venue', trouble.message, about);
}

function tellLedger(alerts: AlertCenter, reason: string | null): void {
  const about = { rule: 'disk', key: 'ledger' } as const;
  if (reason === null) {
    alerts.over(about.key);
    alerts.raise('info', 'The order ledger holds everything again', 'entries are allowed again', about);
  } else alerts.raise('critical', 'The order ledger cannot be written', reason, about);
}

/** How fast market time passes; null where nothing drives the market: it comes in its own time. */
export function paceOf({ drive, speed }: Pick<TradebotParts, 'drive' | 'speed'>): number | null {
  return drive === null ? null : speed;
}

function dataAgeOf(parts: TradebotParts): DataAge {
  const { symbols, timers, feed } = parts;
  const connection = (symbol: string): Connection => feed.connection(symbol);
  return new DataAge({ symbols, timers, pace: paceOf(parts), connection });
}

/** Real money only: what the trader's hand must have allowed. */
function liveTradingOf(
  { settings, stores, clocks, log, venue, keyRights, directory, strategies }: TradebotParts,
  life: TradebotLife,
  { killSwitch, engine }: { readonly killSwitch: KillSwitch; readonly engine: () => Engine },
): LiveTrading | null {
  if (settings.mode !== 'live' || keyRights === null) return null;
  return new LiveTrading({
    settings,
    state: stores.state,
    clock: clocks.wall,
    log,
    venue: venue.id,
    haltOf: () => haltOf(killSwitch, engine()),
    askKeyRights: keyRights,
    reconciliationGreen: () => life.reconciliationGreen(),
    capital: () => `${text(engine().portfolio.capital)} ${engine().portfolio.quote}`,
    stake: () => ({ capital: engine().portfolio.capital, limits: engine().limits.settings }),
    standing: () =>
      againstRealMoney(standingOf({ directory, settings, strategies, log }, settings.strategy.id)),
  });
}

function haltOf(killSwitch: KillSwitch, { breaker }: Engine): string | null {
  if (killSwitch.engaged()) return 'the kill switch is engaged';
  const { tripped, reason } = breaker.state;
  return tripped ? `the circuit breaker is tripped: ${reason ?? 'unknown'}` : null;
}

/** What every order asks before it leaves. */
function gateOf(
  { killSwitch, live }: Pick<Wiring, 'killSwitch' | 'live'>,
  { directory, machineClock }: Pick<TradebotParts, 'directory' | 'machineClock'>,
): AssemblyOptions['killSwitch'] {
  return {
    state: () => killSwitch.state(),
    mayLeave: (intent) => {
      const answer = killSwitch.mayLeave(intent);
      if (!answer.allowed) return answer;
      // Of a program that hung, and has woken while it is closed for it.
      const isElsewhere =
        intent.purpose === 'emergency' && closingElsewhere(directory, machineClock) !== null;
      if (isElsewhere) return CLOSED_ELSEWHERE;
      return live?.mayLeave(intent) ?? answer;
    },
  };
}

const CLOSED_ELSEWHERE: GateAnswer = {
  allowed: false,
  code: 'closing-elsewhere',
  message: '`tradebot kill` closes it from outside at this moment',
};

interface Told extends Pick<Wiring, 'killSwitch' | 'live' | 'dataAge' | 'alerts' | 'metrics'> {
  /** Made after the engine, whose account they show. */
  readonly views: () => LiveViews;
  readonly alertsAtWork: () => AlertsAtWork;
  /** What is ours may have changed. */
  noteOwned(): void;
}

function engineOf(parts: TradebotParts, life: TradebotLife, told: Told): Engine {
  const { settings, stores, arena, symbols, venue, clocks, timers, drive, log } = parts;
  const { waitForSlowVoters, barrierMs, orderIdPrefix, recordedFeatures, recentMarket } = parts;
  const look = strategyLook(parts, told.alerts);
  const tradingLog = log.child({ logger: 'trading' });
  return assembleEngine({
    settings,
    symbols,
    chosen: symbolsOf(settings),
    // Another way of deciding may be promoted while the program runs.
    keepsPrices: true,
    asksOnlookers: true,
    venue,
    clocks,
    timers,
    drive,
    waitForSlowVoters,
    barrierMs,
    orderIdPrefix,
    recordedFeatures,
    recentMarket,
    lineUp: () => {
      look();
      return arena.active;
    },
    ledger: stores.ledger,
    decisions: stores.decisions,
    trades: stores.trades,
    state: stores.state,
    excursions: stores.excursions,
    hindsight: stores.hindsight,
    unwritten: () => stores.unwritten(),
    equity: stores.equity.recent(Number.MAX_SAFE_INTEGER),
    outlooks: (symbol, openTime) => parts.volatility.before(symbol, openTime),
    killSwitch: gateOf(told, parts),
    feedHealth: (symbol) => ({ ...told.dataAge.of(symbol), clockOffsetMs: venue.clockOffsetMs() ?? 0 }),
    entriesHeld: (symbol) => life.entriesHeld(symbol),
    observer: {
      onStep: (symbol, piece, durationMs) => told.views().step(symbol, piece, durationMs),
      onGap: (symbol, from, missing) => life.onGap(symbol, from, missing),
      onDecision: (decision, tookMs) => {
        told.metrics.decided(decision.outcome);
        told.metrics.loopTook(tookMs);
        told.views().decision(decision);
        logDecision(tradingLog, decision);
        arena.decided(decision);
        life.onDecision(decision, tookMs);
      },
      onFailure: (error) => life.onFailure(error),
      onStrategyFault: (strategy, reason) =>
        told.alerts.raise('critical', `Strategy ${strategy} buys nothing any more`, reason),
      onOrder: (order) => {
        told.metrics.orderReached(order.status);
        told.views().order(order);
        const { symbol, clientOrderId, decisionId, purpose, status } = order;
        tradingLog.info({ symbol, clientOrderId, decisionId, purpose, status }, `order ${status}`);
      },
      onFill: (fill, closed) => {
        told.noteOwned();
        told.views().trade(fill, closed);
        logFill(tradingLog, fill, closed);
        if (closed !== undefined) told.alertsAtWork().closed(closed);
        life.onVenueNews();
      },
      onAccountEvent: () => told.noteOwned(),
      onFault: (reason) => tellLedger(told.alerts, reason),
      onProtection: (symbol, trouble) => tellProtection(told.alerts, symbol, trouble),
    },
    log: tradingLog,
  });
}

/** A bar on which nothing is done is said to who looks for more: its record says why. */
function logDecision(log: Logger, { id, symbol, outcome, reasonCode, reason }: Decision): void {
  const say = outcome === 'held' ? log.debug : log.info;
  say({ decisionId: id, symbol, outcome, reasonCode }, `${outcome}: ${reason}`);
}

function logFill(log: Logger, fill: Fill, closed: RoundTrip | undefined): void {
  const { symbol, side, clientOrderId, tradeId, purpose } = fill;
  const figures = { amount: text(fill.amount), price: text(fill.price) };
  log.info({ symbol, side, clientOrderId, tradeId, purpose, ...figures }, 'filled');
  if (closed === undefined) return;
  log.info({ symbol, tradeId: closed.id, netPnl: text(closed.netPnl) }, 'a round trip has ended');
}

/** Reads the trader's own strategies anew where their files have changed: once a bar, before anything is decided on it. */
function strategyLook({ strategies, clocks, settings }: TradebotParts, alerts: AlertCenter): () => void {
  const barMs = TIMEFRAME_MS[settings.timeframe];
  let lookedAt = Number.NaN;
  return () => {
    const bar = Math.floor(clocks.market.now() / barMs);
    if (bar === lookedAt) return;
    lookedAt = bar;
    for (const { strategy, isUsed, message } of strategies.look())
      alerts.raise(isUsed ? 'info' : 'warning', `Strategy ${strategy}`, message);
  };
}

/** Shows what is known before the loop begins, and every alert from now on. */
function fillStreams(
  { stores, warmUp }: TradebotParts,
  { hub, views, alerts }: Pick<Wiring, 'hub' | 'views' | 'alerts'>,
): void {
  views.fill({
    candles: warmUp,
    orders: stores.ledger.recentOrders({ limit: STORED_ROWS_SHOWN }),
    fills: stores.ledger.recentFills(STORED_ROWS_SHOWN),
    decisions: stores.decisions.list({ limit: STORED_ROWS_SHOWN }),
    equity: stores.equity.recent(STORED_EQUITY_SHOWN),
  });
  hub.upsert('alerts', 'alerts', alerts.recent());
  alerts.onAlert((alert) => hub.upsert('alerts', 'alerts', [shownAlert(alert)]));
  alerts.onChange((changed) => hub.upsert('alerts', 'alerts', changed));
}
