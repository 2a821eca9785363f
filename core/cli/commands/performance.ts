import { type Command, Option } from 'commander';
import {
  EXCURSION_DIMENSIONS,
  EXCURSION_WORDS,
  type ExcursionDimension,
  type ExcursionTable,
  METRIC_NAMES,
  METRICS,
  type MetricName,
  type MetricsView,
  MetricsViewSchema,
  type MetricValue,
  moneyDecimals,
  type Spread,
  TRADE_DIMENSIONS,
  TRADE_SOURCES,
  type TradeDimension,
  type TradeSource,
  type TradeTotals,
} from '../../contract/index.ts';
import { quoteAmount, TraderError } from '../../domain/index.ts';
import { storedExcursions, storedMetrics, storedTotals } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { dayOf, minuteText } from '../dates.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly mode?: string;
  readonly by?: TradeDimension;
  readonly excursions?: ExcursionDimension;
  readonly source?: TradeSource;
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
    .addOption(
      new Option(
        '--excursions <by>',
        'instead, how far trades went against you and in your favour, by this: where stops and targets belong',
      ).choices([...EXCURSION_DIMENSIONS]),
    )
    .addOption(
      new Option(
        '--source <source>',
        'of which trades the figures of trades are, from the books: own (when absent), imported, or all; equity, cash, drawdown and limits are the account’s own in any case',
      ).choices([...TRADE_SOURCES]),
    )
    .option(
      '--from <date>',
      'with --by or --excursions: only those that ended on this day or later (UTC)',
      (day: string) => dayOf(day, '--from'),
    )
    .option(
      '--to <date>',
      'with --by or --excursions: only those that ended before this day',
      (day: string) => dayOf(day, '--to'),
    )
    .option('--explain', 'say what each figure is')
    .option('--json', 'print one JSON document')
    .action(async ({ mode, by, excursions, source, from, to, explain, json }: Flags) => {
      const { terminal } = context;
      if (by !== undefined && excursions !== undefined)
        throw new TraderError('bad-input', 'give --by or --excursions, not both');
      if (excursions !== undefined) {
        if (source !== undefined)
          throw new TraderError(
            'bad-input',
            '--source goes without --excursions: nobody watched imported trades',
          );
        const query = { by: excursions, from, to };
        const seen = storedExcursions(dataDirectoryOf(context), settingsOf(context, { mode }), query);
        if (json === true) return terminal.print(JSON.stringify(seen));
        return terminal.print(describeExcursions(excursions, seen, explain === true));
      }
      if (by !== undefined) {
        const totals = storedTotals(dataDirectoryOf(context), settingsOf(context, { mode }), {
          by,
          from,
          to,
          ...(source === undefined ? {} : { source }),
        });
        return terminal.print(json === true ? JSON.stringify(totals) : describeTotals(by, totals));
      }
      if (from !== undefined || to !== undefined)
        throw new TraderError('bad-input', '--from and --to go with --by or --excursions');
      const isAsked = mode === undefined && (source ?? 'own') === 'own';
      const view = (isAsked ? await askRunning(context) : null) ?? stored(mode, context, source);
      if (json === true) terminal.print(JSON.stringify(view));
      else if (view === null) terminal.print('no account was opened here yet');
      else {
        for (const line of describe(view, explain === true)) terminal.print(line);
        if (source !== undefined && source !== 'own') terminal.print(SOURCE_WORDS[source]);
      }
    });
}

/** A running program sees newer prices than its books. Null: none runs, or one of another version. */
async function askRunning(context: CommandContext): Promise<MetricsView | null> {
  // Loads the server, half of all there is to load, only where it is asked something.
  const { askRunningHost } = await import('../../server/index.ts');
  const answer = await askRunningHost(dataDirectoryOf(context), 'GET', '/api/v1/metrics/performance');
  return MetricsViewSchema.safeParse(answer).data ?? null;
}

const SOURCE_WORDS = {
  imported:
    'trades, win rate, profit factor and expectancy are of imported trades alone; the rest is the account’s',
  all: 'trades, win rate, profit factor and expectancy are with imported trades; the rest is the account’s',
} as const;

function stored(
  mode: string | undefined,
  context: CommandContext,
  source: TradeSource | undefined,
): MetricsView | null {
  return storedMetrics(dataDirectoryOf(context), settingsOf(context, { mode }), source);
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

function describeExcursions(
  by: ExcursionDimension,
  { trades, rows }: ExcursionTable,
  explained: boolean,
): string {
  if (trades === 0)
    return 'no finished round trip has been watched: what prices it sees is noted while it is open';
  const spread = ({ count, median, ninetieth }: Spread, unit: string): string =>
    count === 0 ? '–' : `${median?.toFixed(2)} / ${ninetieth?.toFixed(2)} ${unit}`;
  const lines = rows.flatMap(({ key, pct, r }) =>
    (
      [
        ['R', r],
        ['%', pct],
      ] as const
    ).map(([unit, each]) => [
      key === '' ? (by === 'all' ? 'all' : '–') : key,
      String(each.adverse.count),
      spread(each.adverse, unit),
      spread(each.winnersAdverse, unit),
      spread(each.favourable, unit),
      spread(each.losersFavourable, unit),
      each.result === null ? '–' : `${each.result.toFixed(2)} ${unit}`,
    ]),
  );
  return [
    table([by, 'trades', 'against', 'winners', 'in favour', 'losers', 'result'], lines),
    'half / nine of ten of the trades went no further while they were open',
    ...(explained ? Object.values(EXCURSION_WORDS) : []),
  ].join('\n');
}
