import type { Agents } from '../../agents/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Analyst,
  bitcoinFirst,
  type DecisionStore,
  type ExcursionStore,
  type Fill,
  type Instrument,
  type Outlooks,
  quoteAmount,
  SILENT_LOGGER,
  type StateStore,
  simulatedInstrument,
  type Timers,
} from '../../domain/index.ts';
import { type HistorySeries, ReplayFeed, type ReplaySeries } from '../../market/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { SHIPPED_STRATEGIES, type Strategies } from '../../strategies/index.ts';
import { lineUpOf } from '../loop/line-up.ts';
import { assembleEngine, type Engine } from './assemble.ts';
import { openBooks } from './open-account.ts';
import { simulatedVenue } from './simulated-venue.ts';

export interface OverHistoryOptions {
  readonly settings: Settings;
  /** Where the strategy is had; those that come with the program when absent. */
  readonly strategies?: Strategies;
  readonly series: readonly (ReplaySeries & Pick<HistorySeries, 'before' | 'warmUp'>)[];
  /** What was chosen to trade, also where its history has not begun; the series' symbols when absent. */
  readonly chosen?: readonly string[];
  readonly agents: Agents;
  /** The models' voice over this history. */
  readonly ensemble: Analyst;
  readonly decisions: DecisionStore;
  readonly excursions?: ExcursionStore;
  readonly entriesHeld: () => string | null;
  /** Also those that make no difference to anybody: slower, and the same result. */
  readonly takesEveryStep?: boolean;
  /** Whether voters count by what their records have earned; default: they do. */
  readonly countsRecords?: boolean;
  /** What was foretold of volatility before a bar; nothing when absent. */
  readonly outlooks?: Outlooks;
  readonly onFill: (fill: Fill) => void;
  /** A voter is broken. */
  readonly onFailure: (error: unknown) => void;
  /** A strategy of the trader's own has failed, and only reduces from there on. */
  readonly onStrategyFault?: (strategy: string, reason: string) => void;
}

/** No time passes on the wall of a run over history: nothing is measured or tried again, so each run gives the same. */
const NO_TIME: Timers = {
  monotonicMs: () => 0,
  wait: () => new Promise(() => undefined),
};

/** Nobody takes a run over history up again, and while it runs its parts remember by themselves. */
const NO_STATE: StateStore = { keepsNothing: true, read: () => undefined, write: () => undefined };

/** The engine that trades, with a memory that ends with the run and history for a market. */
export async function assembleOverHistory(options: OverHistoryOptions): Promise<{
  readonly engine: Engine;
  /** Synchronous: history is there already. */
  readonly feed: ReplayFeed;
}> {
  const { settings, strategies = SHIPPED_STRATEGIES, takesEveryStep = false } = options;
  // Bitcoin first: the others' features look at its bar of the same time.
  const series = [...options.series].sort((a, b) => bitcoinFirst(a.symbol, b.symbol));
  const symbols = series.map(({ symbol }) => symbol);
  const feed = new ReplayFeed({
    timeframe: settings.timeframe,
    series,
    comesWhole: (...bar) => !takesEveryStep && venue.isIdle && engine.loop.isIndifferentTo(...bar),
  });
  const lineUp = lineUpOf({
    name: 'backtest',
    settings,
    agents: options.agents,
    ensemble: options.ensemble,
    strategies,
  });
  const { venue, clock, drive } = simulatedVenue({
    instruments: instrumentsOf(series),
    settings: settings.simulation,
    capital: quoteAmount(settings.capital),
    startTime: feed.startTime ?? 0,
  });
  await feed.open();
  await venue.open({ symbols });
  const ledger = new MemoryOrderLedger();
  const capital = quoteAmount(settings.capital);
  await openBooks({ symbols, venue, ledger, capital, now: clock.now() });
  const engine = assembleEngine({
    settings,
    symbols,
    chosen: options.chosen ?? symbols,
    keepsPrices: strategies.of(settings.strategy.id).kind === 'proposing',
    asksOnlookers: false,
    venue,
    clocks: { market: clock, wall: clock },
    timers: NO_TIME,
    drive,
    // History waits for whoever thinks.
    waitForSlowVoters: true,
    barrierMs: null,
    lineUp: () => lineUp,
    orderIdPrefix: 'b000',
    ledger,
    decisions: options.decisions,
    state: NO_STATE,
    ...(options.excursions === undefined ? {} : { excursions: options.excursions }),
    // No latch file here: a run over history must give the same result beside a stopped bot.
    killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
    feedHealth: () => ({ stale: false, ageMs: 0 }),
    entriesHeld: options.entriesHeld,
    countsRecords: options.countsRecords ?? true,
    recordedFeatures: [],
    recentMarket: null,
    ...(options.outlooks === undefined ? {} : { outlooks: options.outlooks }),
    observer: {
      onFill: options.onFill,
      onFailure: options.onFailure,
      ...(options.onStrategyFault === undefined ? {} : { onStrategyFault: options.onStrategyFault }),
    },
    log: SILENT_LOGGER,
  });
  engine.loop.lookBack(
    new Map(series.flatMap(({ symbol, before }) => (before === undefined ? [] : [[symbol, before]]))),
  );
  engine.loop.warmUp(new Map(series.map(({ symbol, warmUp = [] }) => [symbol, warmUp])));
  return { engine, feed };
}

function instrumentsOf(series: readonly ReplaySeries[]): ReadonlyMap<string, Instrument> {
  return new Map(
    series.map(({ symbol, bars: [first] }) => {
      if (first === undefined) throw new RangeError(`there is no history of ${symbol}`);
      return [symbol, simulatedInstrument(symbol, first.close)];
    }),
  );
}
