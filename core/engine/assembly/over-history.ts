import type { Agents } from '../../agents/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Analyst,
  bitcoinFirst,
  type DecisionStore,
  type Fill,
  type Instrument,
  ManualClock,
  SILENT_LOGGER,
  simulatedInstrument,
} from '../../domain/index.ts';
import type { HistorySeries } from '../../market/index.ts';
import { ReplayFeed } from '../../market/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { lineUpOf } from '../loop/line-up.ts';
import { assembleEngine, type Engine } from './assemble.ts';

export interface OverHistoryOptions {
  readonly settings: Settings;
  readonly series: readonly HistorySeries[];
  readonly agents: Agents;
  /** The models' voice over this history. */
  readonly ensemble: Analyst;
  readonly decisions: DecisionStore;
  readonly entriesHeld: () => string | null;
  readonly onFill: (fill: Fill) => void;
}

/** The engine that trades, with a memory that ends with the run and history for a market. */
export function assembleOverHistory(options: OverHistoryOptions): {
  readonly engine: Engine;
  /** Synchronous: history is there already. */
  readonly feed: ReplayFeed;
} {
  const { settings } = options;
  // Bitcoin first: the others' features look at its bar of the same time.
  const series = [...options.series].sort((a, b) => bitcoinFirst(a.symbol, b.symbol));
  const feed = new ReplayFeed({ timeframe: settings.timeframe, series });
  const lineUp = lineUpOf({
    name: 'backtest',
    settings,
    agents: options.agents,
    ensemble: options.ensemble,
  });
  const engine = assembleEngine({
    settings,
    instruments: instrumentsOf(series),
    clock: new ManualClock(feed.startTime ?? 0),
    lineUp: () => lineUp,
    orderIdPrefix: 'bt',
    ledger: new MemoryOrderLedger(),
    decisions: options.decisions,
    state: new MemoryStateStore(),
    // No latch file here: a run over history must give the same result beside a stopped bot.
    killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
    feedHealth: () => ({ stale: false, ageMs: 0 }),
    entriesHeld: options.entriesHeld,
    recordedFeatures: [],
    observer: { onFill: options.onFill },
    log: SILENT_LOGGER,
  });
  return { engine, feed };
}

function instrumentsOf(series: readonly HistorySeries[]): ReadonlyMap<string, Instrument> {
  return new Map(
    series.map(({ symbol, bars: [first] }) => {
      if (first === undefined) throw new RangeError(`there is no history of ${symbol}`);
      return [symbol, simulatedInstrument(symbol, first.close)];
    }),
  );
}
