import type { Command } from 'commander';
import {
  METRIC_NAMES,
  METRICS,
  type MetricName,
  type MetricsView,
  MetricsViewSchema,
  type MetricValue,
  moneyDecimals,
} from '../../contract/index.ts';
import { quoteAmount } from '../../domain/index.ts';
import { storedMetrics } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { minuteText } from '../dates.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly mode?: string;
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
    .option('--explain', 'say what each figure is')
    .option('--json', 'print one JSON document')
    .action(async ({ mode, explain, json }: Flags) => {
      const { terminal } = context;
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
