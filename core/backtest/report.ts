import {
  counted,
  type ExcursionRow,
  hindsightInterval,
  hindsightPct,
  hindsightRows,
  moneyDecimals,
  parseSymbol,
  strategyLabel,
} from '../contract/index.ts';
import type { PathFigures } from '../engine/index.ts';
import type { Audit, AuditCheck } from './audit.ts';
import type { BacktestResult } from './backtest.ts';
import type { YearFigures } from './comparison.ts';

export interface ReportTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The lines and tables of a readable report, a red audit first. */
export function backtestTable(result: BacktestResult): {
  readonly before: readonly string[];
  readonly table: ReportTable;
  readonly after: readonly string[];
} {
  const { baselines, audit } = result;
  const [first] = result.data;
  const decimals = moneyDecimals(parseSymbol(first?.symbol ?? '')?.quote ?? '');
  const rows: string[][] = [
    ['net profit', percent(result.netProfitPct), percent(baselines.buyAndHold.netProfitPct), percent(0)],
    [
      'max drawdown',
      percent(result.maxDrawdownPct),
      percent(baselines.buyAndHold.maxDrawdownPct),
      percent(0),
    ],
    ['Sharpe (yearly)', ratio(result.sharpe), ratio(baselines.buyAndHold.sharpe), '–'],
    ['Sortino (yearly)', ratio(result.sortino), '–', '–'],
    ['fees', ...[result.fees, baselines.buyAndHold.fees, 0].map((fees) => fees.toFixed(decimals))],
    ['round trips', String(result.trades), '1', '0'],
    ['win rate', result.winRate === null ? '–' : percent(result.winRate * 100), '–', '–'],
    ['profit factor', ratio(result.profitFactor), '–', '–'],
  ];
  return {
    before: [
      ...(audit !== null && !audit.passed ? auditLines(audit) : []),
      ...result.notes.map((note) => `note: ${note}`),
      ...result.data.map(dataLine),
    ],
    table: { head: ['', result.strategy, 'buy and hold', 'flat'], rows },
    after: [
      ...(result.interrupted
        ? ['Stopped before the end of the data: the figures are of what was done.']
        : []),
      `${result.strategy} ${strategyLabel(result.strategy)}`,
      confidenceLine(result),
      ...entryCostLines(result),
      ...comparisonLines(result),
      ...hindsightLines(result),
      ...excursionLines(result),
      ...(audit === null ? [] : auditLines(audit)),
      `result hash ${result.resultHash}`,
      `${result.bars} bars in ${result.seconds.toFixed(1)} s (${result.barsPerSecond.toLocaleString('en-US')} bars/s)`,
    ],
  };
}

function auditLines(audit: Audit): string[] {
  const line = (name: string, check: AuditCheck): string[] => [
    `audit, ${name}: ${check.passed ? 'passed' : 'FAILED'} (${counted(check.decisionsCompared, 'decision')} at ${counted(check.cuts, 'cut')})`,
    ...check.mismatches.map(
      ({ symbol, barOpenTime, expected, found }) =>
        `  ${symbol} ${new Date(barOpenTime).toISOString()}: ${expected} became ${found}`,
    ),
  ];
  return [...line('look-ahead', audit.lookAhead), ...line('warm-up', audit.warmUp)];
}

function dataLine(report: BacktestResult['data'][number]): string {
  const { symbol, bars, gaps, missingBars, duplicates, from, to, detailTimeframe } = report;
  const span = `${new Date(from).toISOString().slice(0, 10)} to ${new Date(to).toISOString().slice(0, 10)}`;
  const missing =
    missingBars === 0 ? 'no bar missing' : `${missingBars} bars missing in ${gaps} gaps, none invented`;
  const detail = detailTimeframe === null ? '' : `, filled on ${detailTimeframe} bars`;
  return `${symbol}: ${bars} bars, ${span}, ${missing}, ${duplicates} duplicates dropped${detail}`;
}

function confidenceLine({ sharpeConfidence, sampleSize }: BacktestResult): string {
  const { days, trades } = sampleSize;
  if (sharpeConfidence === null)
    return `${counted(days, 'day')} and ${counted(trades, 'round trip')}: too few for the ratios`;
  const { low, high } = sharpeConfidence;
  return `Sharpe between ${low.toFixed(2)} and ${high.toFixed(2)} with 95 % confidence (${counted(days, 'day')}, ${counted(trades, 'round trip')})`;
}

/** Beside other ways of holding the same coins, over all and by year. */
function comparisonLines({ comparison, strategy, maxDrawdownPct, sharpe }: BacktestResult): string[] {
  if (comparison === null) return [];
  const { perYear, averageInvestedPct, random, years } = comparison;
  const { returnPct, turnover, feesPct, fills } = perYear;
  const path = (name: string, each: PathFigures): string =>
    `${name}: Sharpe ${ratio(each.sharpe)}, ${percent(each.returnPctPerYear)} a year, drawdown ${percent(each.maxDrawdownPct)}`;
  const [low, median, high] = random.sharpe;
  const year = (each: YearFigures): string => {
    const parts = [
      each.returnPct,
      each.holdPct,
      each.holdAtEqualExposurePct,
      each.volatilityManagedHoldPct,
      each.randomMedianPct,
    ];
    return `${each.year}: ${parts.map((value) => value.toFixed(0)).join(' | ')} %`;
  };
  return [
    `${percent(averageInvestedPct)} invested on average, ${turnover.toFixed(1)} turns, ${percent(feesPct)} of equity in fees and ${fills.toFixed(0)} fills a year`,
    path(strategy, { returnPctPerYear: returnPct, sharpe, maxDrawdownPct }),
    path('hold', comparison.hold),
    path('hold at equal exposure', comparison.holdAtEqualExposure),
    path('volatility-managed hold', comparison.volatilityManagedHold),
    `${random.draws} random draws of the same positions at other dates: Sharpe ${ratio(median)}, 90 % of them between ${ratio(low)} and ${ratio(high)}; ${percent(100 * random.shareAtLeastAsGood)} did at least as well`,
    `by year, ${strategy} | hold | hold at equal exposure | volatility-managed hold | median random draw:`,
    ...years.map(year),
  ];
}

/** How far trades went against the strategy and in its favour, in R where they had stops. */
function excursionLines({ excursions }: BacktestResult): string[] {
  const line = (by: string, { key, trades, pct, r }: ExcursionRow): string => {
    const [unit, { adverse, favourable, winnersAdverse }] =
      r.adverse.count > 0 ? (['R', r] as const) : (['%', pct] as const);
    const spread = ({ median, ninetieth }: ExcursionRow['r']['adverse']): string =>
      `${ratio(median)} / ${ratio(ninetieth)}`;
    return `  ${by}${key === '' ? '' : ` ${key}`}, ${counted(trades, 'trade')}: against ${spread(adverse)} ${unit} (winners ${spread(winnersAdverse)}), in favour ${spread(favourable)} ${unit}`;
  };
  if (excursions.all.trades === 0) return [];
  return [
    'largest excursions while open, median / 90 %:',
    ...excursions.all.rows.map((row) => line('all', row)),
    ...excursions.regime.rows.map((row) => line('regime', row)),
    ...excursions.exit.rows.map((row) => line('exit', row)),
  ];
}

/** What entries came to that were made, refused or opposed: seven decision times later, after costs. */
function hindsightLines({ hindsight }: BacktestResult): string[] {
  if (hindsight.since === null) return [];
  return [
    'in hindsight, a mean entry came to (after costs; 95 % of the mean, by weeks):',
    ...hindsightRows(hindsight).map(({ name, mean, note }) => {
      const sum = mean.sumPct === null ? '' : `, ${hindsightPct(mean.sumPct)} of equity together`;
      return `${name}: ${mean.count}, ${hindsightPct(mean.meanPct)} (${hindsightInterval(mean)})${sum}${note === '' ? '' : `; ${note}`}`;
    }),
  ];
}

function entryCostLines({ entryCost }: BacktestResult): string[] {
  if (entryCost === null) return [];
  const { actualBps, expectedBps, feeBps, slippageBps, madeShare } = entryCost;
  const parts = `fees ${feeBps.toFixed(1)}, slippage ${slippageBps.toFixed(1)}, ${(madeShare * 100).toFixed(0)} % filled as maker`;
  return [`getting in cost ${actualBps.toFixed(1)} bps, ${expectedBps.toFixed(1)} were expected (${parts})`];
}

function percent(value: number): string {
  return `${value.toFixed(2)} %`;
}

function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}
