import type { ExcursionTable, HindsightView, Settings, StrategyId } from '../contract/index.ts';
import { TIMEFRAME_MS } from '../domain/index.ts';
import {
  type AgentsChoice,
  CandleColumns,
  type HistorySeries,
  hindsightView,
  type LlmParts,
  type ModelSet,
  READY_AFTER_BARS,
  type SeriesReport,
  SHIPPED_STRATEGIES,
  type Strategies,
  type VolatilitySet,
} from '../engine/index.ts';
import {
  type AccountFigures,
  accountFigures,
  type BaselineFigures,
  baselineFigures,
} from './account-figures.ts';
import { type Audit, chooseCuts, compareDecisions, type DecisionTrace } from './audit.ts';
import { type Comparison, comparisonOf } from './comparison.ts';
import { type RunResult, runOnce } from './run.ts';
import type { SeenDimension } from './seen-trades.ts';

export interface BacktestOptions {
  readonly settings: Settings;
  /** Where the strategy is had; those that come with the program when absent. */
  readonly strategies?: Strategies;
  readonly series: readonly HistorySeries[];
  readonly agents: AgentsChoice;
  /** Calls, prompts and keys, where `agents` is `replay` or `record`. */
  readonly llm: LlmParts | null;
  /** Model sets that may vote; none where the strategy does not listen to models. */
  readonly modelSets: readonly ModelSet[];
  /** Handles also the minutes that make no difference to anybody: slower, and the same result. */
  readonly takesEveryStep?: boolean;
  /** Those that foretell volatility, each where it is valid; none when absent. */
  readonly volatilitySets?: readonly VolatilitySet[];
  /** Points at which the audit decides again; 0 leaves the audit out. */
  readonly auditCuts?: number;
  readonly onProgress?: (stage: 'backtest' | 'audit', done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds from some fixed point: for the speed, which is not part of the result. */
  readonly monotonicMs: () => number;
}

/** The result as `--json` prints it. Percentages are in percent, rates and ratios plain. */
export interface BacktestResult extends AccountFigures {
  readonly strategy: StrategyId;
  readonly timeframe: string;
  readonly bars: number;
  readonly decisions: number;
  readonly fills: number;
  readonly agents: AgentsChoice;
  /** What calls of language models have cost, in USD. */
  readonly llmCostUsd: number;
  readonly baselines: { readonly flat: BaselineFigures; readonly buyAndHold: BaselineFigures };
  /** Beside other ways of holding the same coins, by year; null for less than two months. */
  readonly comparison: Comparison | null;
  /** How far its trades went against it and in its favour: where stops and targets belong. */
  readonly excursions: Readonly<Record<SeenDimension, ExcursionTable>>;
  /** What came of the entries that were made, refused or opposed. */
  readonly hindsight: HindsightView;
  /** What became of the bars, by reason, most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly data: readonly SeriesReport[];
  /** What the simulation leaves out, a line each: to be read before the figures. */
  readonly notes: readonly string[];
  readonly audit: Audit | null;
  readonly interrupted: boolean;
  readonly resultHash: string;
  readonly seconds: number;
  readonly barsPerSecond: number;
}

const DEFAULT_CUTS = 3;
const AUDIT_SEED = 20_251;
const COMPARISON_SEED = 20_252;
/** Bars before a later starting point's decisions are compared, after the features': the models' drift guard looks
 * back over 500. */
const WARM_UP_MARGIN = 600;
/** Decisions compared at each starting point. */
const WARM_UP_COMPARED = 48;

/** Runs the engine over history, audits the run, and sets it beside its baselines. */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const { settings, series, onProgress, monotonicMs } = options;
  const total = series.reduce((sum, { bars }) => sum + bars.length, 0);
  const started = monotonicMs();
  const run = await runOnce({ ...options, onProgress: (bars) => onProgress?.('backtest', bars, total) });
  const seconds = (monotonicMs() - started) / 1000;
  const audit = run.interrupted || options.auditCuts === 0 ? null : await auditRun(run, options);
  return {
    strategy: settings.strategy.id,
    timeframe: settings.timeframe,
    bars: run.bars,
    decisions: run.decisions,
    fills: run.fills,
    agents: options.agents,
    llmCostUsd: run.llmCostUsd,
    ...accountFigures(run.engine.portfolio),
    baselines: baselineFigures(series, settings),
    comparison: comparisonOf(series, run.account, { settings, fills: run.fills, seed: COMPARISON_SEED }),
    excursions: run.seen.tables(run.roundTrips),
    hindsight: hindsightView(run.engine.hindsight, settings.strategy.id),
    reasons: Object.fromEntries([...run.outcomes].sort((a, b) => b[1] - a[1])),
    data: series.map(({ report }) => report),
    notes: [...faultNotes(run), ...run.engine.notes, ...notesOnMaking(settings, series)],
    audit,
    interrupted: run.interrupted,
    resultHash: run.hash,
    seconds,
    barsPerSecond: Math.round(run.bars / seconds),
  };
}

/** A result from a strategy that failed is that of one which sold what it had and stopped. */
function faultNotes({ strategyFaults }: RunResult): string[] {
  return strategyFaults.map((fault) => `${fault}: from there on nothing is bought`);
}

/**
 * Within a step the price is taken to go against an order that rests. Where the time-out ends before it can come back,
 * making never succeeds, whatever the market did.
 */
function notesOnMaking({ execution, timeframe }: Settings, series: readonly HistorySeries[]): string[] {
  const { entry, timeoutMs } = execution;
  const isTooShort = ({ report }: HistorySeries): boolean =>
    timeoutMs < TIMEFRAME_MS[report.detailTimeframe ?? timeframe];
  if (entry === 'taker' || !series.some(isTooShort)) return [];
  const limits = `execution.timeoutMs of ${timeoutMs / 1_000} s is shorter than the candles that orders are filled on`;
  return [`${limits}: entries that make first fill less often here than at a venue, use finer candles`];
}

/** Decides again on truncated histories and from later starting points. */
async function auditRun(run: RunResult, options: BacktestOptions): Promise<Audit> {
  const { series, onProgress, auditCuts = DEFAULT_CUTS } = options;
  const [first] = series;
  const bars = first?.bars.length ?? 0;
  const cuts = chooseCuts(bars, READY_AFTER_BARS, auditCuts, AUDIT_SEED);
  const expected = new Map(run.traces.map((trace) => [keyOf(trace), trace]));
  const pairs = (found: readonly DecisionTrace[]) =>
    found.map((trace) => ({ expected: expected.get(keyOf(trace)), found: trace }));

  const truncated: ReturnType<typeof pairs> = [];
  const restarted: ReturnType<typeof pairs> = [];
  for (const [index, cut] of cuts.entries()) {
    onProgress?.('audit', index, cuts.length);
    const until = first?.bars[cut]?.openTime ?? 0;
    const short = await runOnce({ ...quiet(options), ...slices(series, 0, until) });
    truncated.push(...pairs(short.traces));
    // Language models are told of their own past calls, which a later start does not have: nothing to compare.
    if (options.llm === null) restarted.push(...(await signalsFromLaterStart(options, until)));
  }
  const lookAhead = compareDecisions(truncated, cuts.length);
  const warmUp = compareDecisions(restarted, cuts.length);
  return { passed: lookAhead.passed && warmUp.passed, lookAhead, warmUp };
}

/**
 * What the voters want at the last bars before a cut, once with all history before it and once with only the
 * warm-up's. Both runs start flat and are kept from trading, so that only the history's start differs.
 */
async function signalsFromLaterStart(
  options: BacktestOptions,
  until: number,
): Promise<{ expected: DecisionTrace | undefined; found: DecisionTrace }[]> {
  const [first] = options.series;
  const ready = warmUpBars(options);
  const end = first?.bars.findIndex(({ openTime }) => openTime >= until) ?? 0;
  const late = first?.bars[Math.max(0, end - ready - WARM_UP_MARGIN - WARM_UP_COMPARED)]?.openTime ?? 0;
  const early = first?.bars[Math.max(0, end - 4 * ready)]?.openTime ?? 0;
  const watch = async (from: number): Promise<readonly DecisionTrace[]> => {
    const cut = slices(options.series, from, until);
    const { traces } = await runOnce({ ...quiet(options), ...cut, observeOnly: true });
    return traces;
  };
  const [long, short] = [await watch(early), await watch(late)];
  const expected = new Map(long.map((trace) => [keyOf(trace), trace]));
  return short
    .slice(-WARM_UP_COMPARED * options.series.length)
    .map((found) => ({ expected: expected.get(keyOf(found)), found }));
}

/** Bars after which decisions no longer depend on where the history starts. */
function warmUpBars({ settings, strategies = SHIPPED_STRATEGIES }: BacktestOptions): number {
  const { strategy, timeframe } = settings;
  const { historyMs } = strategies.of(strategy.id).data;
  const own = historyMs === null ? 0 : Math.ceil(historyMs / TIMEFRAME_MS[timeframe]);
  return Math.max(READY_AFTER_BARS, own);
}

/** The audit never spends: what a language model was asked in the run is stored, and it is asked the same again. */
function quiet({ settings, strategies, agents, llm, modelSets, volatilitySets, signal }: BacktestOptions) {
  return {
    settings,
    agents: agents === 'record' ? ('replay' as const) : agents,
    llm,
    modelSets,
    ...(volatilitySets === undefined ? {} : { volatilitySets }),
    ...(strategies === undefined ? {} : { strategies }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** What there is of each symbol between two times. One whose history begins later is chosen all the same. */
function slices(series: readonly HistorySeries[], from: number, until: number) {
  const chosen = series.map(({ symbol }) => symbol);
  const cut = series.map((one) => slice(one, from, until)).filter(({ bars }) => bars.length > 0);
  return { series: cut, chosen };
}

function slice(series: HistorySeries, from: number, until: number): HistorySeries {
  const within = ({ openTime }: { readonly openTime: number }): boolean =>
    openTime >= from && openTime < until;
  const bars = series.bars.filter(within);
  const { detail, before, warmUp, ...rest } = series;
  return {
    ...rest,
    bars,
    ...(detail === undefined ? {} : { detail: CandleColumns.of(detail).between(from, until) }),
    // A history that starts later has nothing before its start.
    ...(before === undefined || from > 0 ? {} : { before }),
    ...(warmUp === undefined || from > 0 ? {} : { warmUp }),
  };
}

function keyOf({ symbol, barOpenTime }: DecisionTrace): string {
  return `${symbol} ${barOpenTime}`;
}
