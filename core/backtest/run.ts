import type { Settings } from '../contract/index.ts';
import {
  type Decision,
  type DecisionStore,
  type Fill,
  type RoundTrip,
  TIMEFRAME_MS,
} from '../domain/index.ts';
import {
  type AgentsChoice,
  assembleOverHistory,
  type Engine,
  type HistorySeries,
  historicalAgents,
  type LlmParts,
  type ModelSet,
  openHistoricalModels,
  openHistoricalOutlooks,
  type Strategies,
  type VolatilitySet,
} from '../engine/index.ts';
import type { DecisionTrace } from './audit.ts';
import { AccountRecord } from './daily-shares.ts';
import { ResultHash } from './result-hash.ts';
import { SeenTrades } from './seen-trades.ts';

export interface RunOptions {
  readonly settings: Settings;
  /** Where the strategy is had; those that come with the program when absent. */
  readonly strategies?: Strategies;
  readonly agents: AgentsChoice;
  /** Calls, prompts and keys, where `agents` is `replay` or `record`. */
  readonly llm: LlmParts | null;
  readonly series: readonly HistorySeries[];
  /** What was chosen to trade, also where its history has not begun; the series' symbols when absent. */
  readonly chosen?: readonly string[];
  /** Those that may vote, each at the bars for which it is valid. */
  readonly modelSets: readonly ModelSet[];
  /** Those that foretell volatility, each where it is valid; none when absent. */
  readonly volatilitySets?: readonly VolatilitySet[];
  /** Decides but never enters, for comparing what the voters want. */
  readonly observeOnly?: boolean;
  /** Handles also the minutes that make no difference to anybody: slower, and the same result. */
  readonly takesEveryStep?: boolean;
  /** Called now and then with the bars done. */
  readonly onProgress?: (bars: number) => void;
  readonly signal?: AbortSignal;
}

/** What one pass over the data gave. */
export interface RunResult {
  readonly engine: Engine;
  readonly bars: number;
  /** Pieces of bars that were handled one by one. */
  readonly steps: number;
  readonly decisions: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly traces: readonly DecisionTrace[];
  readonly roundTrips: readonly RoundTrip[];
  readonly fills: number;
  /** What calls of language models have cost, in USD. */
  readonly llmCostUsd: number;
  readonly hash: string;
  readonly account: AccountRecord;
  readonly seen: SeenTrades;
  /** Where a strategy of the trader's own failed, a line each. */
  readonly strategyFaults: readonly string[];
  /** True when it was told to stop before the end of the data. */
  readonly interrupted: boolean;
}

/** How often progress is told and other tasks get their turn, in bars. */
const TURN_BARS = 2_000;

/** Runs the engine over history as fast as it goes. The engine is the one that trades; only its parts differ. */
export async function runOnce(options: RunOptions): Promise<RunResult> {
  const { settings, series, onProgress, signal } = options;
  const seen = new SeenTrades();
  const record = new RunRecord(seen);
  const account = new AccountRecord(series.map(({ symbol }) => symbol));
  const timeframeMs = TIMEFRAME_MS[settings.timeframe];
  const failures: unknown[] = [];
  const strategyFaults: string[] = [];
  const agents = historicalAgents(options.agents, settings, options.llm);
  const ensemble = await openHistoricalModels(series, settings.timeframe, options.modelSets);
  const outlooks = await openHistoricalOutlooks(series, settings.timeframe, options.volatilitySets ?? []);
  const { engine, feed } = await assembleOverHistory({
    ensemble,
    outlooks,
    settings,
    series,
    ...(options.chosen === undefined ? {} : { chosen: options.chosen }),
    takesEveryStep: options.takesEveryStep ?? false,
    agents,
    decisions: record,
    excursions: seen,
    entriesHeld: () => (options.observeOnly === true ? 'watching only' : null),
    // A record depends on where it began, as an account does.
    countsRecords: options.observeOnly !== true,
    onFill: (fill) => {
      record.fill(fill);
      account.fill(fill, engine.portfolio);
      seen.fill(fill, engine);
    },
    onFailure: (error) => failures.push(error),
    onStrategyFault: (_strategy, reason) => strategyFaults.push(reason),
    ...(options.strategies === undefined ? {} : { strategies: options.strategies }),
  });

  let bars = 0;
  let steps = 0;
  for (let event = feed.next(); event !== undefined; event = feed.next()) {
    const pending = engine.loop.handle(event);
    if (pending !== undefined) await pending;
    // A result without one of its voters would be the result of another line-up.
    if (failures.length > 0) throw failures[0];
    if (event.kind === 'step') steps += 1;
    if (event.kind !== 'bar') continue;
    bars += 1;
    account.bar(event.candle.openTime + timeframeMs, engine.portfolio);
    if (bars % TURN_BARS !== 0) continue;
    onProgress?.(bars);
    await new Promise(setImmediate);
    if (signal?.aborted === true) break;
  }
  await engine.desk.orders.idle();
  await engine.close();
  agents.close();
  return {
    engine,
    bars,
    steps,
    decisions: record.traces.length,
    outcomes: record.outcomes,
    traces: record.traces,
    roundTrips: engine.portfolio.roundTrips,
    fills: record.fills,
    llmCostUsd: agents.costUsd(),
    hash: record.digest(),
    account,
    seen,
    strategyFaults,
    interrupted: signal?.aborted === true,
  };
}

/** Keeps of each decision what the result needs; the full records would fill the memory. */
class RunRecord implements DecisionStore {
  readonly traces: DecisionTrace[] = [];
  readonly outcomes = new Map<string, number>();
  fills = 0;
  readonly #hash = new ResultHash();
  readonly #seen: SeenTrades;

  constructor(seen: SeenTrades) {
    this.#seen = seen;
  }

  append(decision: Decision): void {
    const { symbol, barOpenTime, outcome, action, reasonCode, proposal } = decision;
    this.#hash.decision(decision);
    this.#seen.decision(decision);
    // Of a target every digit counts: what looked ahead would move it a little.
    const target = proposal === undefined ? '' : ` ${proposal.targetShare}`;
    this.traces.push({ symbol, barOpenTime, outcome: `${action} ${outcome} ${reasonCode}${target}` });
    this.outcomes.set(reasonCode, (this.outcomes.get(reasonCode) ?? 0) + 1);
  }

  fill(fill: Fill): void {
    this.#hash.fill(fill);
    this.fills += 1;
  }

  digest(): string {
    return this.#hash.digest();
  }

  /** Nothing is kept that could be forgotten. */
  forgetHeld(): void {
    return;
  }

  /** A backtest decides each bar once. */
  get(): undefined {
    return undefined;
  }

  list(): readonly Decision[] {
    return [];
  }
}
