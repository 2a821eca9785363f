import { type Command, Option } from 'commander';
import {
  METRIC_NAMES,
  METRICS,
  type MetricName,
  type MetricsView,
  MetricsViewSchema,
  type MetricValue,
  moneyDecimals,
  TRADE_DIMENSIONS,
  type TradeDimension,
  type TradeTotals,
} from '../../contract/index.ts';
import { quoteAmount, TraderError } from '../../domain/index.ts';
import { storedMetrics, storedTotals } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { dayOf, minuteText } from '../dates.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly mode?: string;
  readonly by?: TradeDimension;
  readonly from?: number;
  readonly to?: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `tradebot performance`: the figures of the account, by the definitions that the page has. */
export function registerPerformance(program: Command, context: CommandContext): void {
  program
    .command('performance')
    .description('how the account does: returns, drawdown, ratios, results of trades')
    .option(
      '--mode <mode>',
      'demo, replay, paper, sandbox or live, from its books; else the running program is asked',
    )
    .addOption(
      new Option('--by <what>', 'instead, what finished round trips came to by this').choices([
        ...TRADE_DIMENSIONS,
      ]),
    )
    .option('--from <date>', 'with --by: only those that ended on this day or later (UTC)', (day: string) =>
      dayOf(day, '--from'),
    )
    .option('--to <date>', 'with --by: only those that ended before this day', (day: string) =>
      dayOf(day, '--to'),
    )
    .option('--explain', 'say what each figure is')
    .option('--json', 'print one JSON document')
    .action(async ({ mode, by, from, to, explain, json }: Flags) => {
      const { terminal } = context;
      if (by !== undefined) {
        const totals = storedTotals(dataDirectoryOf(context), settingsOf(context, { mode }), {
          by,
          from,
          to,
        });
        return terminal.print(json === true ? JSON.stringify(totals) : describeTotals(by, totals));
      }
      if (from !== undefined || to !== undefined)
        throw new TraderError('bad-input', '--from and --to go with --by');
      const view = (mode === undefined ? await askRunning(context) : null) ?? stored(mode, context);
      if (json === true) terminal.print(JSON.stringify(view));
      else if (view === null) terminal.print('no account was opened here yet');
      else for (const line of describe(view, explain === true)) terminal.print(line);
    });
}

/** A running program sees newer prices than its books. Null: none runs, or one of another version. */
async function askRunning(context: CommandContext): Promise<MetricsView | null> {
  // Loads the server, half of all there is to load, only where it is asked something.
  const { askRunningHost } = await import('../../server/index.ts');
  const answer = await askRunningHost(dataDirectoryOf(context), 'GET', '/api/v1/metrics/performance');
  return MetricsViewSchema.safeParse(answer).data ?? null;
}

function stored(mode: string | undefined, context: CommandContext): MetricsView | null {
  return storedMetrics(dataDirectoryOf(context), settingsOf(context, { mode }));
}

function describe({ time, quote, minSample, metrics }: MetricsView, explained: boolean): readonly string[] {
  const rows = METRIC_NAMES.map((name) => {
    return [METRICS[name].title, valueText(name, metrics[name], quote), sampleText(name, metrics[name])];
  });
  return [
    table(['figure', 'value', 'sample'], rows),
    `as of ${minuteText(time)}; estimates of fewer than ${minSample} observations are left out`,
    ...(explained ? METRIC_NAMES.map((name) => `${METRICS[name].title}: ${METRICS[name].definition}`) : []),
  ];
}

function valueText(name: MetricName, { value, interval }: MetricValue, quote: string): string {
  if (value === null) return '–';
  const decimals = moneyDecimals(quote);
  const range = interval === null ? '' : ` (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
  switch (METRICS[name].unit) {
    case 'money':
      return `${quoteAmount(value).toFixed(decimals)} ${quote}`;
    case 'percent':
      return `${Number(value).toFixed(2)} %`;
    case 'share':
      return `${(Number(value) * 100).toFixed(1)} %`;
    case 'ratio':
      return `${Number(value).toFixed(2)}${range}`;
    case 'count':
      return String(value);
  }
}

function sampleText(name: MetricName, { sampleSize }: MetricValue): string {
  const { sample } = METRICS[name];
  return sample === null || sampleSize === null ? '' : `${sampleSize} ${sample}`;
}

function describeTotals(by: TradeDimension, totals: TradeTotals | null): string {
  if (totals === null) return 'no account was opened here yet';
  const { quote, spanMs } = totals;
  const decimals = moneyDecimals(quote);
  const rows = totals.totals.map(({ key, trades, wins, netPnl, fees, heldMs }) => [
    key === '' ? (by === 'all' ? 'all' : '–') : key,
    String(trades),
    `${((100 * wins) / trades).toFixed(0)} %`,
    quoteAmount(netPnl).toFixed(decimals),
    quoteAmount(netPnl).div(trades).toFixed(decimals),
    quoteAmount(fees).toFixed(decimals),
    spanMs === 0 ? '–' : `${((100 * heldMs) / spanMs).toFixed(1)} %`,
  ]);
  return table([by, 'trades', 'won', `net ${quote}`, 'a trade', 'fees', 'held'], rows);
}
