import type { Settings, StrategyId } from '../contract/index.ts';
import { type Analyst, float, type RoundTrip } from '../domain/index.ts';
import { READY_AFTER_BARS } from '../features/index.ts';
import { type Baseline, buyAndHold, flat, profitFactor, sharpe, sortino, winRate } from '../portfolio/index.ts';
import { type Audit, chooseCuts, compareDecisions, type DecisionTrace } from './audit.ts';
import type { BacktestSeries, SeriesReport } from './inputs.ts';
import { type AgentsChoice, type RunResult, runOnce } from './run.ts';

export interface BacktestOptions {
  readonly settings: Settings;
  readonly series: readonly BacktestSeries[];
  readonly agents: AgentsChoice;
  readonly ensemble?: Analyst;
  /** Points at which the audit decides again; 0 leaves the audit out. */
  readonly auditCuts?: number;
  readonly onProgress?: (stage: 'backtest' | 'audit', done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds from some fixed point: for the speed, which is not part of the result. */
  readonly monotonicMs: () => number;
}

/** The result as `--json` prints it. Percentages are in percent, rates and ratios plain. */
export interface BacktestResult {
  readonly strategy: StrategyId;
  readonly timeframe: string;
  readonly bars: number;
  readonly decisions: number;
  readonly trades: number;
  readonly fills: number;
  readonly capital: number;
  readonly finalEquity: number;
  readonly netProfitPct: number;
  readonly fees: number;
  readonly sharpe: number | null;
  readonly sharpeConfidence: { readonly low: number; readonly high: number } | null;
  readonly sortino: number | null;
  readonly maxDrawdownPct: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  /** Days behind Sharpe and Sortino, trades behind win rate and profit factor. */
  readonly sampleSize: { readonly days: number; readonly trades: number };
  readonly openPositions: number;
  readonly baselines: { readonly flat: BaselineResult; readonly buyAndHold: BaselineResult };
  /** Why bars did not trade, and how often. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly data: readonly SeriesReport[];
  readonly audit: Audit | null;
  readonly interrupted: boolean;
  readonly resultHash: string;
  readonly seconds: number;
  readonly barsPerSecond: number;
}

export interface BaselineResult {
  readonly netProfitPct: number;
  readonly maxDrawdownPct: number;
  readonly sharpe: number | null;
  readonly fees: number;
}

const DEFAULT_CUTS = 3;
const AUDIT_SEED = 20_251;
/** Bars before a later starting point's decisions are compared: what the features need, and some to settle. */
const WARM_UP_MARGIN = 200;
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
  return { ...figures(run, settings, series), audit, seconds, barsPerSecond: Math.round(run.bars / seconds) };
}

/** Decides again on truncated histories and from later starting points. */
export async function auditRun(run: RunResult, options: BacktestOptions): Promise<Audit> {
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
    const short = await runOnce({ ...quiet(options), series: series.map((one) => slice(one, 0, until)) });
    truncated.push(...pairs(short.traces));
    restarted.push(...(await signalsFromLaterStart(options, until)));
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
  const end = first?.bars.findIndex(({ openTime }) => openTime >= until) ?? 0;
  const late = first?.bars[Math.max(0, end - READY_AFTER_BARS - WARM_UP_MARGIN - WARM_UP_COMPARED)]?.openTime ?? 0;
  const early = first?.bars[Math.max(0, end - 4 * READY_AFTER_BARS)]?.openTime ?? 0;
  const watch = async (from: number): Promise<readonly DecisionTrace[]> => {
    const cut = options.series.map((one) => slice(one, from, until));
    const { traces } = await runOnce({ ...quiet(options), series: cut, observeOnly: true });
    return traces;
  };
  const [long, short] = [await watch(early), await watch(late)];
  const expected = new Map(long.map((trace) => [keyOf(trace), trace]));
  return short
    .slice(-WARM_UP_COMPARED * options.series.length)
    .map((found) => ({ expected: expected.get(keyOf(found)), found }));
}

function quiet({ settings, agents, ensemble, signal }: BacktestOptions) {
  return {
    settings,
    agents,
    ...(ensemble === undefined ? {} : { ensemble }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function slice(series: BacktestSeries, from: number, until: number): BacktestSeries {
  const within = ({ openTime }: { readonly openTime: number }): boolean => openTime >= from && openTime < until;
  const bars = series.bars.filter(within);
  const { detail } = series;
  return detail === undefined ? { ...series, bars } : { ...series, bars, detail: detail.filter(within) };
}

function keyOf({ symbol, barOpenTime }: DecisionTrace): string {
  return `${symbol} ${barOpenTime}`;
}

function figures(
  run: RunResult,
  settings: Settings,
  series: readonly BacktestSeries[],
): Omit<BacktestResult, 'audit' | 'seconds' | 'barsPerSecond'> {
  const { portfolio } = run.engine;
  const capital = Number(settings.capital);
  const finalEquity = float(portfolio.equity());
  const netPnls = run.roundTrips.map((trip: RoundTrip) => float(trip.netPnl));
  const { dailyReturns } = portfolio.curve;
  const { value, confidence, sampleSize } = sharpe(dailyReturns);
  return {
    strategy: settings.strategy.id,
    timeframe: settings.timeframe,
    bars: run.bars,
    decisions: run.decisions,
    trades: run.roundTrips.length,
    fills: run.fills,
    capital,
    finalEquity,
    netProfitPct: (finalEquity / capital - 1) * 100,
    fees: float(portfolio.fees),
    sharpe: value,
    sharpeConfidence: confidence,
    sortino: sortino(dailyReturns).value,
    maxDrawdownPct: portfolio.curve.maxDrawdown * 100,
    winRate: winRate(netPnls).value,
    profitFactor: profitFactor(netPnls).value,
    sampleSize: { days: sampleSize, trades: netPnls.length },
    openPositions: portfolio.positions().length,
    baselines: baselinesOf(series, capital, settings),
    reasons: Object.fromEntries([...run.outcomes].sort((a, b) => b[1] - a[1])),
    data: series.map(({ report }) => report),
    interrupted: run.interrupted,
    resultHash: run.hash,
  };
}

/** Buy and hold shares the capital equally among the symbols. */
function baselinesOf(series: readonly BacktestSeries[], capital: number, settings: Settings): BacktestResult['baselines'] {
  const share = capital / series.length;
  const held = series.map(({ bars }) => buyAndHold(bars, share, settings.simulation));
  const [only] = held;
  const final = held.reduce((sum, one) => sum + one.finalEquity, 0);
  const fees = held.reduce((sum, one) => sum + one.fees, 0);
  return {
    flat: baseline(flat(capital)),
    buyAndHold: {
      netProfitPct: (final / capital - 1) * 100,
      // Of several symbols together neither figure is a sum: the worst fall is shown, the ratio left out.
      maxDrawdownPct: Math.max(...held.map((one) => one.maxDrawdownPct)),
      sharpe: held.length === 1 && only !== undefined ? only.sharpe.value : null,
      fees,
    },
  };
}

function baseline({ returnPct, maxDrawdownPct, sharpe: ratio, fees }: Baseline): BaselineResult {
  return { netProfitPct: returnPct, maxDrawdownPct, sharpe: ratio.value, fees };
}
