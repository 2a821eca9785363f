import { FaultyExchange } from '../../../tests/contracts/faulty-exchange.ts';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { openAgents } from '../../agents/index.ts';
import { type Action, type SettingsInput, SettingsSchema, type StrategyId } from '../../contract/index.ts';
import {
  type AccountEvent,
  type Brief,
  type Candle,
  type Decision,
  type Fill,
  quoteAmount,
  SILENT_LOGGER,
  type SimulatedVenueStore,
  simulatedInstrument,
  TIMEFRAME_MS,
  type VenueProfile,
  type Vote,
} from '../../domain/index.ts';
import type { ProtectionTrouble } from '../../execution/index.ts';
import { READY_AFTER_BARS } from '../../features/index.ts';
import type { FeedHealth } from '../../safety/index.ts';
import { MemoryDecisionStore, MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { type ProposingStrategy, SHIPPED_STRATEGIES } from '../../strategies/index.ts';
import { type AssemblyOptions, assembleEngine } from '../assembly/assemble.ts';
import { openBooks } from '../assembly/open-account.ts';
import { simulatedVenue } from '../assembly/simulated-venue.ts';
import type { LineUp, Patience } from '../loop/line-up.ts';

export const BTC = 'BTC/USDT';
export const ETH = 'ETH/USDT';

/** Bull and Bear say what a test tells them to, and take the time that it gives them. */
export class ScriptedVoters {
  readonly says = new Map<string, Action>();
  /** How long they think about a symbol; at once when absent. */
  readonly thinksMs = new Map<string, number>();
  /** What they were told, in the order of asking. */
  readonly briefs: Brief[] = [];
  readonly #time: VirtualTimers;

  constructor(time: VirtualTimers) {
    this.#time = time;
  }

  readonly debate = (brief: Brief): readonly Vote[] | Promise<readonly Vote[]> => {
    this.briefs.push(brief);
    const votes = votesFor(this.says.get(brief.symbol) ?? 'HOLD');
    const ms = this.thinksMs.get(brief.symbol);
    return ms === undefined ? votes : this.#time.wait(ms).then(() => votes);
  };
}

/** Both say the same. */
export function votesFor(action: Action): readonly Vote[] {
  return (['bull', 'bear'] as const).map((voter) => ({
    kind: 'vote',
    voter,
    source: 'rules',
    action,
    confidence: 0.9,
    thesis: `because the test says ${action}`,
    evidence: [],
    invalidation: 'the test changing its mind',
    horizonBars: 24,
  }));
}

/** A bar of an hour, unless its open time says otherwise. */
export function candle(openTime: number, close: number, shape: Partial<Candle> = {}): Candle {
  const open = shape.open ?? close;
  const range = { high: Math.max(open, close) + 1, low: Math.min(open, close) - 1 };
  return { openTime, open, close, volume: 10_000, ...range, ...shape };
}

/** A settings document without costs, in which an entry may follow soon on another. */
const CALM: SettingsInput = {
  simulation: { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 0, slippageBps: 0, latencyMs: 0 },
  safety: { minHoldBars: 1, reentryWaitBars: 3 },
};

export interface SceneOptions extends Partial<Omit<AssemblyOptions, 'settings' | 'lineUp' | 'venue'>> {
  readonly settings?: SettingsInput;
  readonly patience?: Patience;
  readonly debate?: LineUp['debate'];
  readonly ensemble?: LineUp['ensemble'];
  /** What the venue lists; what is traded when absent. */
  readonly listed?: readonly string[];
  /** What the venue remembers from a run before. */
  readonly store?: SimulatedVenueStore;
  /** How the venue differs from the simulated one. */
  readonly profile?: Partial<VenueProfile>;
  /** Where the market's clock stands; after the warm-up when absent. */
  readonly start?: number;
}

/**
 * A quiet market that has closed enough bars for the features, and an engine over it whose line to its venue can be
 * made bad. Nothing moves by itself.
 */
export async function engineScene(given: SceneOptions = {}) {
  const { settings: changed = {}, patience = 'slow', debate, ensemble = null, ...rest } = given;
  const { listed, store, profile, ...options } = rest;
  const settings = SettingsSchema.parse({ ...CALM, ...changed });
  const timeframeMs = TIMEFRAME_MS[settings.timeframe];
  const symbols = options.symbols ?? [BTC, ETH];
  const start = options.start ?? READY_AFTER_BARS * timeframeMs;
  const time = new VirtualTimers();
  const voters = new ScriptedVoters(time);
  const told = {
    decisions: [] as Decision[],
    tookMs: [] as number[],
    fills: [] as Fill[],
    accountEvents: [] as AccountEvent[],
    /** `symbol protection`, or `symbol guarded` when it is so again. */
    protection: [] as string[],
    failures: [] as unknown[],
    /** Strategies that failed, with the reason. */
    strategyFaults: [] as string[],
    faults: [] as (string | null)[],
    gaps: [] as number[],
    steps: [] as string[],
  };
  const now = {
    paused: null as string | null,
    health: { stale: false, ageMs: 0 } as FeedHealth,
    /** Which strategy the line-up in use is of. */
    strategy: 'ensemble' as StrategyId,
    /** A strategy of the test's own, in its place. */
    proposes: null as ProposingStrategy | null,
  };
  const capital = quoteAmount(settings.capital);
  const { venue, clock, drive } = simulatedVenue({
    instruments: new Map((listed ?? symbols).map((symbol) => [symbol, simulatedInstrument(symbol, 1_000)])),
    settings: settings.simulation,
    capital,
    startTime: start,
    ...(store === undefined ? {} : { store }),
  });
  await venue.open({ symbols });
  const exchange = new FaultyExchange(venue, clock);
  exchange.profile = { ...exchange.profile, ...profile };
  const ledger = options.ledger ?? new MemoryOrderLedger();
  const notice = await openBooks({ symbols, venue: exchange, ledger, capital, now: clock.now() });
  const decisions = options.decisions ?? new MemoryDecisionStore();
  const lineUp: LineUp = {
    name: 'test',
    strategy: now.strategy,
    decides: SHIPPED_STRATEGIES.of(now.strategy),
    consensus: settings.consensus,
    ensemble,
    debate: debate ?? voters.debate,
    analysts: 'rules',
    patience,
    agents: openAgents({ mode: 'offline' }),
  };
  const engine = assembleEngine({
    symbols,
    chosen: symbols,
    keepsPrices: true,
    asksOnlookers: false,
    venue: exchange,
    clocks: { market: clock, wall: time },
    timers: time,
    drive,
    waitForSlowVoters: false,
    barrierMs: null,
    lineUp: () => ({
      ...lineUp,
      strategy: now.proposes?.id ?? now.strategy,
      decides: now.proposes ?? SHIPPED_STRATEGIES.of(now.strategy),
    }),
    orderIdPrefix: 'test',
    ledger,
    decisions,
    state: new MemoryStateStore(),
    killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
    feedHealth: () => now.health,
    entriesHeld: () => now.paused,
    recordedFeatures: ['rsi_14', 'no_such_feature'],
    recentMarket: null,
    observer: {
      onStep: (symbol) => told.steps.push(symbol),
      onGap: (_symbol, _from, missing) => told.gaps.push(missing),
      onFill: (fill) => told.fills.push(fill),
      onAccountEvent: (event) => told.accountEvents.push(event),
      onProtection: (symbol, trouble) => told.protection.push(protectionLine(symbol, trouble)),
      onFault: (reason) => told.faults.push(reason),
      onFailure: (error) => told.failures.push(error),
      onStrategyFault: (_strategy, reason) => told.strategyFaults.push(reason),
      onDecision: (decision, tookMs) => {
        told.decisions.push(decision);
        told.tookMs.push(tookMs);
      },
    },
    log: SILENT_LOGGER,
    ...options,
    settings,
  });
  const history = Array.from({ length: READY_AFTER_BARS }, (_, index) =>
    candle(start + (index - READY_AFTER_BARS) * timeframeMs, 1_000 + 5 * Math.sin(index / 7)),
  );
  engine.loop.warmUp(new Map(symbols.map((symbol) => [symbol, history])));
  /** How many bars of the symbol have closed since. */
  const closed = new Map<string, number>();

  /** A piece of the bar that is forming; the whole bar when it has no length. */
  function step(symbol: string, close: number, shape: Partial<Candle> = {}, durationMs = timeframeMs) {
    const openTime = start + (closed.get(symbol) ?? 0) * timeframeMs;
    const piece = candle(openTime, close, shape);
    return engine.loop.handle({ kind: 'step', symbol, candle: piece, durationMs });
  }

  /** The bar that is forming closes. */
  function close(symbol: string, at: number, shape: Partial<Candle> = {}) {
    const bars = closed.get(symbol) ?? 0;
    closed.set(symbol, bars + 1);
    const bar = candle(start + bars * timeframeMs, at, shape);
    return engine.loop.handle({ kind: 'bar', symbol, candle: bar });
  }

  /** One bar: its piece, then its close. */
  async function bar(symbol: string, at: number, shape: Partial<Candle> = {}): Promise<void> {
    await step(symbol, at, shape);
    await close(symbol, at, shape);
  }

  /** A symbol's decisions, oldest first, as `outcome code`. */
  const outcomes = (symbol: string): readonly string[] =>
    told.decisions
      .filter((decision) => decision.symbol === symbol)
      .map(({ outcome, reasonCode }) => `${outcome} ${reasonCode}`);

  /** What has not ended of a symbol, as `purpose amount@price status`. */
  const working = (symbol: string): readonly string[] =>
    engine.desk.orders
      .unfinished(symbol)
      .map(({ purpose, amount, stopPrice, status }) =>
        [
          purpose,
          stopPrice === null ? amount.toFixed() : `${amount.toFixed()}@${stopPrice.toFixed()}`,
          status,
        ].join(' '),
      );

  return {
    engine,
    time,
    clock,
    venue,
    exchange,
    ledger,
    notice,
    voters,
    told,
    now,
    decisions,
    settings,
    timeframeMs,
    start,
    step,
    close,
    bar,
    outcomes,
    working,
  };
}

function protectionLine(symbol: string, trouble: ProtectionTrouble | null): string {
  return `${symbol} ${trouble?.protection ?? 'guarded'}`;
}
