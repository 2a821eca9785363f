import { openAgents } from '../../core/agents/index.ts';
import { type Action, SettingsSchema } from '../../core/contract/index.ts';
import {
  type Analyst,
  type PositionPlan,
  quoteAmount,
  SILENT_LOGGER,
  type Vote,
} from '../../core/domain/index.ts';
import { assembleEngine, type Engine } from '../../core/engine/assembly/assemble.ts';
import { openBooks } from '../../core/engine/assembly/open-account.ts';
import { EmergencyStop } from '../../core/engine/emergency/emergency-stop.ts';
import { DataAge } from '../../core/engine/loop/data-age.ts';
import { every } from '../../core/engine/loop/every.ts';
import type { LineUp } from '../../core/engine/loop/line-up.ts';
import { OneAtATime } from '../../core/engine/loop/one-at-a-time.ts';
import { Pacer } from '../../core/engine/loop/pacer.ts';
import { KillHistory, KillSwitch } from '../../core/safety/index.ts';
import { type ProposingStrategy, type Strategy, strategyOf } from '../../core/strategies/index.ts';
import type { EngineParts, EngineUnderTest, OpenEngine } from './engine-port.ts';
import { BAR_MS } from './scenario.ts';

/**
 * The one place that knows how the engine is put together. The wiring is the engine's own; here is only what a host
 * does around it: open, reconcile at the start and again and again, look at the latch, run the feed.
 */

/** A latch of another process is looked for by every order; this is only how soon flattening begins. */
const LATCH_CHECK_MS = 1_000;
const RECONCILE_MS = 30_000;
/** Before a start that failed is tried again. */
const TRY_AGAIN_MS = 5_000;
const ORDER_ID_PREFIX = 'scha';

/** So that every wish of the voters becomes an order wherever safety's own limits let it. */
const SETTINGS = {
  mode: 'sandbox',
  timeframe: '1m',
  strategy: { id: 'ml' },
  safety: {
    costMultiple: 1,
    minHoldBars: 0,
    reentryWaitBars: 0,
    maxEntriesPerHour: 1_000,
    maxEntriesPerDay: 10_000,
    maxDailyLoss: 0.9,
    maxDrawdown: 0.9,
    maxConsecutiveLosses: 1_000,
    minSample: 10_000,
  },
} as const;
/** Hours of a random walk: its expected move pays for any cost. */
const HORIZON_BARS = 5_000;

export const openEngine: OpenEngine = (parts) => new HostedEngine(parts);

class HostedEngine implements EngineUnderTest {
  readonly #parts: EngineParts;
  readonly #killSwitch: KillSwitch;
  readonly #signal = new AbortController().signal;
  /** Symbols whose position has no stop at the venue, as the trader was told by a critical alert. */
  readonly #alarms = new Set<string>();
  #engine: Engine | undefined;
  #emergency: EmergencyStop | undefined;
  #differences: readonly string[] = ['not compared yet'];

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#killSwitch = new KillSwitch({ directory: parts.directory, clock: parts.clocks.wall });
  }

  async start(): Promise<void> {
    const { venue, symbols, timers, feed, onFailure } = this.#parts;
    await venue.open({ symbols });
    await this.#openBooks();
    const dataAge = new DataAge({
      symbols,
      timers,
      pace: null,
      connection: (symbol) => feed.connection(symbol),
    });
    const engine = this.#assemble(dataAge);
    this.#engine = engine;
    engine.loop.warmUp(new Map(symbols.map((symbol) => [symbol, feed.warmUp(symbol)])));
    const emergency = new EmergencyStop({
      killSwitch: this.#killSwitch,
      flattener: engine.desk.flattener,
      mode: 'sandbox',
      venue: venue.id,
      history: new KillHistory({ directory: this.#parts.directory, log: SILENT_LOGGER }),
      clock: this.#parts.clocks.wall,
      timers,
      onChange: () => undefined,
      onArrival: () => undefined,
      onLatchFault: () => undefined,
      log: SILENT_LOGGER,
    });
    this.#emergency = emergency;
    const reconciling = new OneAtATime(() => this.#reconcile(engine));
    await reconciling.run();
    emergency.check();
    this.#repeat(LATCH_CHECK_MS, () => emergency.check());
    this.#repeat(RECONCILE_MS, () => reconciling.run());
    venue.onEvent((event) => {
      const again = event.kind === 'connection' && event.connection.state === 'connected';
      if (again) reconciling.run().catch(onFailure);
    });
    const pacer = new Pacer({
      feed,
      timers,
      pace: null,
      handle: (event) => {
        dataAge.arrived(event);
        return engine.loop.handle(event);
      },
    });
    pacer.run(this.#signal).catch(onFailure);
  }

  kill(reason: string): void {
    this.#emergency?.activate(reason, 'chaos');
  }

  killStage() {
    return this.#emergency?.view().stage ?? 'armed';
  }

  protectionOf(symbol: string) {
    return this.#running.desk.protectionOf(symbol).protection;
  }

  alarmed(symbol: string): boolean {
    return this.#alarms.has(symbol);
  }

  position(symbol: string) {
    return this.#running.portfolio.position(symbol).quantity;
  }

  cash() {
    return this.#running.portfolio.cash;
  }

  troubles(): readonly string[] {
    return this.#differences;
  }

  get #running(): Engine {
    if (this.#engine === undefined) throw new TypeError('the engine has not been started');
    return this.#engine;
  }

  #assemble(dataAge: DataAge): Engine {
    const { symbols, capital, venue, clocks, timers, stores, execution } = this.#parts;
    const settings = SettingsSchema.parse({ ...SETTINGS, symbols: [...symbols], capital, execution });
    const lineUp = lineUpOf(this.#voter(), this.#decides(), settings.consensus);
    return assembleEngine({
      settings,
      symbols,
      chosen: symbols,
      keepsPrices: false,
      asksOnlookers: false,
      venue,
      clocks,
      timers,
      drive: null,
      waitForSlowVoters: false,
      barrierMs: 1_000,
      lineUp: () => lineUp,
      orderIdPrefix: ORDER_ID_PREFIX,
      ledger: stores.ledger,
      decisions: stores.decisions,
      state: stores.state,
      equity: stores.equity.recent(Number.MAX_SAFE_INTEGER),
      killSwitch: this.#killSwitch,
      feedHealth: (symbol) => dataAge.of(symbol),
      entriesHeld: () => null,
      recordedFeatures: [],
      recentMarket: null,
      observer: {
        onFailure: (error) => this.#parts.onFailure(error),
        onFill: () => {
          if (this.#killSwitch.engaged()) this.#emergency?.nudge();
        },
        onProtection: (symbol, trouble) => {
          if (trouble === null) this.#alarms.delete(symbol);
          else this.#alarms.add(symbol);
        },
      },
      log: SILENT_LOGGER,
    });
  }

  /** A venue that does not tell what it holds is asked again, as somebody would who starts the program once more. */
  async #openBooks(): Promise<void> {
    const { symbols, venue, stores, capital, clocks, timers } = this.#parts;
    for (;;) {
      const now = clocks.market.now();
      try {
        await openBooks({ symbols, venue, ledger: stores.ledger, capital: quoteAmount(capital), now });
        return;
      } catch {
        await timers.wait(TRY_AGAIN_MS);
      }
    }
  }

  async #reconcile(engine: Engine): Promise<void> {
    const { differences } = await engine.desk.reconcile();
    this.#differences = differences;
  }

  #repeat(everyMs: number, run: () => void | Promise<void>): void {
    const { timers, onFailure } = this.#parts;
    every(timers, { everyMs, run, onFailure }, this.#signal).catch(onFailure);
  }

  #decides(): Strategy {
    const { target } = this.#parts;
    return target === null ? strategyOf('ml') : proposing(target);
  }

  /** The ensemble's voice, which says what the scenario wants. */
  #voter(): Analyst {
    const { wish, voterLatencyMs, timers } = this.#parts;
    return {
      opine: ({ symbol, barOpenTime }) => {
        const vote = voteFor(wish(symbol, barOpenTime));
        return voterLatencyMs === 0 ? vote : timers.wait(voterLatencyMs).then(() => vote);
      },
    };
  }
}

function voteFor(action: Action): Vote {
  return {
    kind: 'vote',
    voter: 'ensemble',
    source: 'models',
    action,
    confidence: 1,
    thesis: `the scenario says ${action}`,
    evidence: [],
    invalidation: 'the next bar',
    horizonBars: HORIZON_BARS,
  };
}

/** Decides at every bar, and has its stop nearer than what ends each run falls by. */
function proposing(target: NonNullable<EngineParts['target']>): ProposingStrategy {
  return {
    kind: 'proposing',
    id: 'trend',
    label: 'wants what the scenario says',
    data: { timeframe: 'chart', historyMs: null },
    limits: {},
    everyMs: BAR_MS,
    when: 'at every bar',
    propose: (_history, { symbol, at }) => {
      const targetShare = target(symbol, at - BAR_MS);
      const reason = `the scenario says ${targetShare}`;
      if (targetShare === null) return { kind: 'none', code: 'warming-up', reason };
      const invalidation = 'the next bar';
      return {
        kind: 'target',
        targetShare,
        band: 0.01,
        stopShare: 0.03,
        expectedMove: 0.5,
        reason,
        invalidation,
        numbers: {},
        // What is opened at every other bar is led by a plan.
        ...((at / BAR_MS) % 2 === 1 ? { plan: PLAN } : {}),
      };
    },
  };
}

/** Near enough for every part of it to come up within a run. */
const PLAN: PositionPlan = {
  takeProfits: [
    { at: 0.002, sell: 0.4 },
    { at: 0.006, sell: 0.5 },
  ],
  trail: { by: 0.006, from: 0.001 },
  breakEvenAt: 0.002,
  adds: [
    { at: 0.001, share: 0.05 },
    { at: 0.003, share: 0.05 },
  ],
  expects: null,
};

function lineUpOf(ensemble: Analyst, decides: Strategy, consensus: LineUp['consensus']): LineUp {
  const agents = openAgents({ mode: 'offline' });
  return {
    name: 'chaos',
    strategy: decides.id,
    decides,
    consensus,
    ensemble,
    agents,
    debate: null,
    analysts: 'off',
    patience: 'slow',
  };
}
