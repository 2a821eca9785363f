import {
  type BackupView,
  CallError,
  type GuardianView,
  type HealthView,
  type LadderView,
  type LogQuery,
  type LogView,
  type MethodParsedParams,
  type MethodResult,
  ORIGIN_WORDS,
  type PauseView,
  type SafetyView,
  type Settings,
  STRATEGY_LABELS,
  type StatusView,
  type StorageView,
  type StreamMessage,
  symbolsOf,
  type TopicAddress,
} from '../../contract/index.ts';
import {
  type Clock,
  type Decision,
  type DecisionStore,
  type Disposer,
  type EquityStore,
  type HistoryStore,
  type Logger,
  type OrderLedger,
  TraderError,
} from '../../domain/index.ts';
import { type LiveCalibration, ModelRefusal, type ModelRegistry } from '../../inference/index.ts';
import { metricsView, outline, type Portfolio } from '../../portfolio/index.ts';
import type {
  CircuitBreaker,
  KillHistory,
  KillSwitch,
  LimitHistory,
  SymbolLocks,
} from '../../safety/index.ts';
import {
  hiccupOf,
  type SqliteExposureQueries,
  type SqliteTradeNotes,
  type SqliteTradeQueries,
  StorageError,
} from '../../storage/index.ts';
import type { AlertsAtWork } from '../alerts/alerts-at-work.ts';
import type { Arena } from '../arena/arena.ts';
import type { Engine } from '../assembly/assemble.ts';
import type { EmergencyStop } from '../emergency/emergency-stop.ts';
import type { DrillReport } from '../emergency/kill-drill.ts';
import { presserOf } from '../emergency/presser.ts';
import type { LiveTrading } from '../live/live-trading.ts';
import { portfolioView, tradeView } from '../views/account-views.ts';
import { candleView, decisionView, orderView, voteView } from '../views/domain-views.ts';
import { entryHindsight, hindsightView } from '../views/hindsight-view.ts';
import { modelsView } from '../views/models-view.ts';
import { performanceDays } from '../views/performance-days.ts';
import { safetyView } from '../views/safety-view.ts';
import { annotate, tradeExcursions, tradeRecord, tradeTotals } from '../views/trade-records.ts';
import type { VolatilityWatch } from '../volatility/volatility-watch.ts';
import type { EngineMethod, EngineService } from './client-session.ts';
import { inspectFeatures } from './feature-inspector.ts';
import type { LimitsDesk } from './limits-desk.ts';
import type { LiveViews } from './live-views.ts';
import type { LlmService } from './llm-service.ts';
import type { TopicHub } from './topic-hub.ts';

export interface TradingServiceParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly hub: TopicHub;
  readonly views: LiveViews;
  readonly portfolio: Portfolio;
  readonly history: HistoryStore;
  readonly decisions: DecisionStore;
  readonly ledger: OrderLedger;
  readonly trades: SqliteTradeQueries;
  readonly tradeNotes: SqliteTradeNotes;
  readonly equity: Pick<EquityStore, 'within'>;
  readonly exposure: SqliteExposureQueries;
  readonly killSwitch: KillSwitch;
  readonly killHistory: Pick<KillHistory, 'list'>;
  readonly breaker: Pick<CircuitBreaker, 'release' | 'verdict' | 'halts'>;
  readonly engine: Pick<Engine, 'limits' | 'limitUse' | 'hindsight'>;
  readonly limits: LimitsDesk;
  readonly limitHistory: Pick<LimitHistory, 'list'>;
  readonly alerts: Pick<AlertsAtWork, 'view' | 'acknowledge' | 'test'>;
  /** Runs the emergency procedure where it can touch nothing. */
  readonly drill: () => Promise<DrillReport>;
  readonly storage: () => StorageView;
  /** @throws TraderError in one line. */
  readonly backUp: () => Promise<BackupView>;
  /** Where a strategy stands. @throws TraderError for one that is not there, or books that cannot be read. */
  readonly standing: (strategy: string) => LadderView;
  readonly heartbeat: () => SafetyView['heartbeat'];
  readonly emergency: EmergencyStop;
  /** Null where no real money is traded. */
  readonly live: LiveTrading | null;
  readonly onArmed: (capital: string) => void;
  readonly arena: Arena;
  readonly models: ModelRegistry;
  readonly volatility: Pick<VolatilityWatch, 'view'>;
  readonly calibration: LiveCalibration;
  readonly llm: LlmService;
  readonly onPromoted: (name: string) => void;
  readonly status: () => StatusView;
  readonly health: () => HealthView;
  readonly logs: (query: LogQuery) => LogView;
  readonly setPause: (pause: PauseView | null) => void;
  readonly pause: () => PauseView | null;
  /** The wall's. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly locks: SymbolLocks;
  /** Null where there is none. */
  readonly guardian: () => GuardianView | null;
  /** Shows everything as it is now. */
  readonly publish: () => void;
  /** What stands against a reset besides the switch itself. */
  readonly resetFacts: () => Parameters<KillSwitch['describeReset']>[0];
}

/** A chart has no more places for them. */
const CURVE_POINTS = 2_000;

type Handlers = {
  readonly [N in EngineMethod]: (params: MethodParsedParams<N>) => MethodResult<N> | Promise<MethodResult<N>>;
};

/** The contract's calls and streams over one running engine: what every host and client gets to use. */
export class TradingService implements EngineService {
  readonly #parts: TradingServiceParts;
  readonly #handlers: Handlers;
  #isDrilling = false;

  constructor(parts: TradingServiceParts) {
    this.#parts = parts;
    this.#handlers = this.#makeHandlers();
  }

  async call<N extends EngineMethod>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>> {
    return this.#handlers[method](params);
  }

  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer {
    const symbol = address.startsWith('candles:') ? address.slice('candles:'.length) : undefined;
    if (symbol !== undefined) this.#requireTraded(symbol);
    return this.#parts.hub.subscribe(address, listener);
  }

  #requireTraded(symbol: string): void {
    const { symbols } = this.#parts;
    if (symbols.includes(symbol)) return;
    throw new CallError('NOT_FOUND', `${symbol} is not traded here: ${symbols.join(', ')}`);
  }

  #makeHandlers(): Handlers {
    const { settings, views, portfolio, history, decisions, ledger, trades, llm } = this.#parts;
    const { emergency, status, setPause, engine, log } = this.#parts;
    const minSample = (): number => engine.limits.settings.minSample;
    return {
      'status.get': () => status(),
      'health.get': () => this.#parts.health(),
      'logs.list': (query) => this.#parts.logs(query),
      'alerts.get': () => this.#parts.alerts.view(),
      'alerts.acknowledge': (params) => this.#parts.alerts.acknowledge(params),
      'alerts.test': (params) => this.#parts.alerts.test(params),
      'storage.get': () => this.#parts.storage(),
      'storage.backup': () => this.#parts.backUp(),
      'safety.get': () => this.#safety(),
      'ladder.get': ({ strategy }) => this.#standing(strategy),
      'safety.drill': () => this.#drill(),
      'limits.change': ({ from = 'api', ...change }) => {
        this.#parts.limits.change({ ...change, from });
        this.#parts.publish();
        return this.#safety();
      },
      'limits.history': () => [...this.#parts.limitHistory.list()],
      'portfolio.get': () => portfolioView(portfolio, status().marketTime, minSample()),
      'metrics.get': () => metricsView(portfolio, status().marketTime, minSample()),
      'hindsight.get': ({ strategy }) =>
        hindsightView(engine.hindsight, strategy ?? this.#parts.arena.active.strategy),
      'hindsight.decision': ({ id }) => {
        const one = engine.hindsight.of(id);
        return one === null ? null : entryHindsight(one);
      },
      'metrics.days': (period) =>
        performanceDays(
          {
            ...{ portfolio, history, exposure: this.#parts.exposure, symbols: symbolsOf(settings) },
            ...{ timeframe: settings.timeframe, costs: settings.simulation, minSample: minSample() },
          },
          period,
        ),
      'metrics.exposure': (period) => [...this.#parts.exposure.daily(period)],
      'metrics.curve': ({ from = 0, to = Number.MAX_SAFE_INTEGER }) => {
        const stored = this.#parts.equity.within(from, to);
        return [
          ...outline(
            stored.map(({ time, equity }) => ({ time, equity: Number(equity) })),
            CURVE_POINTS,
          ),
        ];
      },
      'positions.list': () => views.positions(),
      'candles.history': ({ symbol, before, limit }) =>
        history
          .candles(symbol, settings.timeframe, { limit, ...optional('before', before) })
          .map((candle) => candleView(candle, true)),
      'decisions.list': ({ symbol, outcome, search, before, limit }) =>
        decisions
          .list({
            limit,
            ...optional('symbol', symbol),
            ...optional('outcome', outcome),
            ...optional('search', search),
            ...optional('before', before),
          })
          .map(decisionView),
      'decisions.get': ({ id }) => decisionView(this.#decision(id)),
      'orders.list': ({ symbol, before, limit }) =>
        ledger
          .recentOrders({ limit, ...optional('symbol', symbol), ...optional('before', before) })
          .map(orderView),
      'trades.list': ({ symbol, before = Number.POSITIVE_INFINITY, limit }) =>
        portfolio.roundTrips
          .filter((trip) => (symbol === undefined || trip.symbol === symbol) && trip.closedAt < before)
          .slice(-limit)
          .reverse()
          .map(tradeView),
      'trades.find': (filter) => trades.find(filter).map(tradeRecord),
      'trades.totals': (query) => tradeTotals(trades, portfolio.quote, query),
      'trades.excursions': (query) => tradeExcursions(trades, query),
      'trades.annotate': (change) => this.#annotate(change),
      'trades.tags': () => [...this.#parts.tradeNotes.tags()],
      'trades.streaks': (period) => trades.streaks(period),
      'decisions.calls': ({ id }) => llm.callsOf(this.#decision(id)),
      'llm.test': () => llm.test(),
      'llm.records': () => llm.records(),
      'llm.costs': () => llm.costs(),
      'prompts.list': () => llm.prompts(),
      'prompts.save': ({ name, source }) => llm.save(name, source),
      'prompts.reset': ({ name }) => llm.reset(name),
      'prompts.replay': ({ name, source, last }) => llm.replay(name, source, last),
      'features.inspect': ({ symbol, barOpenTime }) => {
        const { symbols } = this.#parts;
        const found = inspectFeatures({
          history,
          decisions,
          symbol,
          symbols,
          barOpenTime,
          timeframe: settings.timeframe,
        });
        if (found !== undefined) return found;
        throw new CallError(
          'NOT_FOUND',
          `${symbol}: that bar is not stored, or fewer than 800 bars before it are`,
        );
      },
      'models.get': () => this.#models(),
      'models.use': ({ setId }) => this.#changeModels((models) => models.use(setId)),
      'models.rollBack': () => this.#changeModels((models) => models.rollBack()),
      'models.latest': ({ symbol }) => this.#latest(symbol),
      'arena.get': () => this.#contenders(),
      'arena.promote': ({ name }) => {
        this.#parts.arena.promote(name);
        this.#parts.onPromoted(name);
        return this.#contenders();
      },
      'settings.get': () => ({
        ...settings,
        safety: this.#parts.engine.limits.settings,
        symbols: [...symbolsOf(settings)],
      }),
      'trading.pause': ({ reason, from = 'api' }) => {
        setPause(this.#pauseBy('the trader', from, reason || null));
        return status();
      },
      'trading.resume': ({ from = 'api' }) => {
        if (emergency.engaged) {
          throw new CallError('CONFLICT', 'the kill switch is engaged: reset it before resuming');
        }
        setPause(null);
        log.info({ from }, `the trader lets trading go on ${ORIGIN_WORDS[from]}`);
        return status();
      },
      'symbols.lock': ({ from = 'api', ...lock }) => {
        this.#requireTraded(lock.symbol);
        if (lock.until <= status().marketTime) {
          throw new CallError('BAD_REQUEST', "the lock has to end after the market's time of now");
        }
        const before = this.#lockOf(lock.symbol);
        this.#parts.locks.lock(lock);
        this.#parts.limits.locked(lock, before, from);
        this.#parts.publish();
        return status();
      },
      'symbols.unlock': ({ symbol, from = 'api' }) => {
        const before = this.#lockOf(symbol);
        if (!this.#parts.locks.unlock(symbol)) throw new CallError('CONFLICT', `${symbol} is not locked`);
        this.#parts.limits.unlocked(symbol, before, from);
        this.#parts.publish();
        return status();
      },
      'breaker.release': () => {
        const released = this.#parts.breaker.release('the trader');
        if (!released.ok) throw new CallError('CONFLICT', released.message);
        return status();
      },
      'live.describeArming': () => {
        const { obstacles, warnings, ...description } = this.#live().describe();
        return { ...description, obstacles: [...obstacles], warnings: [...warnings] };
      },
      'live.arm': (request) => this.#arm(request),
      'killSwitch.activate': ({ reason, from = 'api' }) => emergency.activate(reason, presserOf(from), from),
      'killSwitch.history': () => [...this.#parts.killHistory.list()],
      'killSwitch.describeReset': () => {
        const { allowed, statement, obstacles } = this.#describeReset();
        return { allowed, statement, obstacles: [...obstacles] };
      },
      'killSwitch.reset': () => this.#reset(),
    };
  }

  #safety(): MethodResult<'safety.get'> {
    const { engine, breaker, portfolio, locks, guardian, heartbeat, live } = this.#parts;
    return safetyView({
      settings: engine.limits.settings,
      numbers: breaker.verdict().numbers,
      halts: breaker.halts,
      use: portfolio.marked ? engine.limitUse() : null,
      locks: locks.all,
      guardian: guardian(),
      heartbeat: heartbeat(),
      armed: live?.isArmed ?? null,
    });
  }

  #standing(strategy = this.#parts.arena.active.strategy): LadderView {
    try {
      return this.#parts.standing(strategy);
    } catch (error) {
      if (!(error instanceof TraderError)) throw error;
      if (error instanceof StorageError) throw new CallError('UNAVAILABLE', error.message, { cause: error });
      // Where on the disk it was looked for is not told.
      const message = `there is no strategy ${strategy}: choose one of ${Object.keys(STRATEGY_LABELS).join(', ')}, or one of your own that can be read`;
      throw new CallError('NOT_FOUND', message, { cause: error });
    }
  }

  /** One at a time, and none while the real thing is at work. */
  async #drill(): Promise<MethodResult<'safety.drill'>> {
    if (this.#parts.emergency.engaged)
      throw new CallError('CONFLICT', 'the kill switch is engaged: this is no drill');
    if (this.#isDrilling) throw new CallError('CONFLICT', 'a drill runs already: wait for its end');
    this.#isDrilling = true;
    try {
      const { flat, steps } = await this.#parts.drill();
      return { flat, steps: [...steps] };
    } finally {
      this.#isDrilling = false;
    }
  }

  #annotate(change: MethodParsedParams<'trades.annotate'>): MethodResult<'trades.annotate'> {
    const { tradeNotes, clock } = this.#parts;
    try {
      return annotate(tradeNotes, change, clock.now());
    } catch (error) {
      if (error instanceof TraderError) throw new CallError('NOT_FOUND', error.message, { cause: error });
      const hiccup = hiccupOf(error);
      if (hiccup === undefined) throw error;
      const message = `the note was not written, since the database cannot be (${hiccup}): try again`;
      throw new CallError('UNAVAILABLE', message, { retryable: true, cause: error });
    }
  }

  #lockOf(symbol: string) {
    return this.#parts.locks.all.find((lock) => lock.symbol === symbol);
  }

  #pauseBy(by: string, from: PauseView['from'], reason: string | null): PauseView {
    return { at: this.#parts.clock.now(), by, from, reason };
  }

  #decision(id: string): Decision {
    const decision = this.#parts.decisions.get(id);
    if (decision === undefined) throw new CallError('NOT_FOUND', `there is no decision ${id}`);
    return decision;
  }

  #models(): MethodResult<'models.get'> {
    const { models, volatility, calibration, status } = this.#parts;
    const now = status().marketTime;
    return modelsView(models, calibration, volatility.view(now), now);
  }

  async #changeModels(change: (models: ModelRegistry) => Promise<void>): Promise<MethodResult<'models.get'>> {
    try {
      await change(this.#parts.models);
    } catch (error) {
      if (error instanceof ModelRefusal) throw new CallError('CONFLICT', error.message, { cause: error });
      throw error;
    }
    return this.#models();
  }

  async #latest(symbol: string): Promise<MethodResult<'models.latest'>> {
    const latest = await this.#parts.models.latest(symbol);
    if (latest === undefined)
      throw new CallError('NOT_FOUND', `the models have not been asked about ${symbol} yet`);
    const { barOpenTime, vote } = latest;
    return { symbol, barOpenTime, vote: voteView(vote) };
  }

  #contenders(): MethodResult<'arena.get'> {
    const { arena, portfolio, engine, status } = this.#parts;
    return arena.view(portfolioView(portfolio, status().marketTime, engine.limits.settings.minSample));
  }

  #live(): LiveTrading {
    const { live, settings } = this.#parts;
    if (live !== null) return live;
    throw new CallError('CONFLICT', `nothing needs arming in ${settings.mode} mode: no real money is traded`);
  }

  #arm(request: MethodParsedParams<'live.arm'>): StatusView {
    const live = this.#live();
    const result = live.arm({ ...request, by: 'the trader' });
    if (!result.ok) throw new CallError('CONFLICT', result.message);
    this.#parts.onArmed(live.capital);
    return this.#parts.status();
  }

  #describeReset(): ReturnType<KillSwitch['describeReset']> {
    return this.#parts.killSwitch.describeReset(this.#parts.resetFacts());
  }

  #reset(): MethodResult<'killSwitch.reset'> {
    const { killSwitch, emergency, setPause, pause } = this.#parts;
    const { allowed, obstacles } = this.#describeReset();
    if (!allowed) throw new CallError('CONFLICT', `the kill switch stays engaged: ${obstacles.join('; ')}`);
    // As the statement says: a reset does not start trading. That takes another word from the trader, so the pause
    // is there before the latch is gone, also where the program ends in between.
    setPause(pause() ?? this.#pauseBy('the reset of the kill switch', 'unknown', null));
    const result = killSwitch.reset();
    if (!result.ok) throw new CallError('UNAVAILABLE', result.message);
    emergency.rearm();
    return emergency.view();
  }
}

/** An optional property, absent rather than undefined. */
function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  // TypeScript widens a computed key to an index signature.
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
