import { z } from 'zod';
import { DecimalTextSchema } from './vocabulary.ts';

/** What an amount in the account's currency is; a share is 0 to 1, a percentage is in percent. */
export type MetricUnit = 'money' | 'percent' | 'share' | 'ratio' | 'count';

interface Metric {
  readonly title: string;
  readonly unit: MetricUnit;
  /** What its sample counts; null where it is no estimate. */
  readonly sample: 'days' | 'trades' | null;
  /** One sentence: the tooltip, and what the documents say. */
  readonly definition: string;
}

function metric<U extends MetricUnit>(
  title: string,
  unit: U,
  sample: Metric['sample'],
  definition: string,
): Metric & { readonly unit: U } {
  return { title, unit, sample, definition };
}

/** Every figure of an account, in the order in which they are shown. Whoever shows one has it from the same place. */
export const METRICS = {
  totalPnl: metric(
    'Total P&L',
    'money',
    null,
    'Equity less what was paid in, plus what was paid out: after fees and funding, with what is open at its last price.',
  ),
  dailyPnl: metric('P&L today', 'money', null, 'The same since midnight UTC.'),
  weeklyPnl: metric('P&L this week', 'money', null, 'The same since Monday, midnight UTC.'),
  timeWeightedReturnPct: metric(
    'Time-weighted return',
    'percent',
    null,
    'The returns of all days linked together, which deposits and withdrawals do not bend.',
  ),
  maxDrawdownPct: metric(
    'Max drawdown',
    'percent',
    null,
    'The deepest fall of the equity from its highest point before, seen at every price and not only at the close of a bar.',
  ),
  drawdownPct: metric('Drawdown now', 'percent', null, 'How far the equity is below its highest point.'),
  sharpe: metric(
    'Sharpe',
    'ratio',
    'days',
    'Mean of the daily returns over their standard deviation, times the square root of 365, over a zero rate; the 95 % interval redraws the days in blocks.',
  ),
  sortino: metric(
    'Sortino',
    'ratio',
    'days',
    'Mean of the daily returns over the root mean square of the losing days, times the square root of 365.',
  ),
  trades: metric('Round trips', 'count', null, 'Positions that were opened and are flat again.'),
  winRate: metric('Win rate', 'share', 'trades', 'Share of the round trips that made money after fees.'),
  profitFactor: metric(
    'Profit factor',
    'ratio',
    'trades',
    'What the winning round trips made over what the others lost, both after fees.',
  ),
  expectancy: metric(
    'Expectancy',
    'money',
    'trades',
    'Mean result of a round trip after fees, in the account’s currency.',
  ),
  exposurePct: metric(
    'Exposure',
    'percent',
    null,
    'Worth of all open positions, long and short alike, in percent of the equity.',
  ),
  turnover: metric('Turnover', 'money', null, 'Worth of everything that was bought and sold.'),
  fees: metric(
    'Fees',
    'money',
    null,
    'All fees in the account’s currency, each at its worth when it was paid.',
  ),
  feeShare: metric(
    'Fee share',
    'share',
    null,
    'Fees over the P&L as it would be without them; above 1 they took more than there was.',
  ),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

// The keys are the table's own.
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

const interval = z.object({ low: z.number(), high: z.number() });

const MetricValueSchema = z.object({
  /** Exact text where the unit is money. Null: there is none, or the sample is too small. */
  value: z.union([z.number(), DecimalTextSchema]).nullable(),
  /** Null where it is no estimate. */
  sampleSize: z.number().int().nullable(),
  /** With 95 % confidence; null where none is known. */
  interval: interval.nullable(),
});
export type MetricValue = z.infer<typeof MetricValueSchema>;

/** All figures of an account at one moment. */
export const MetricsViewSchema = z.object({
  time: z.number().int(),
  /** The account's currency. */
  quote: z.string(),
  /** Observations below which estimates are not given. */
  minSample: z.number().int(),
  metrics: z.record(z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]]), MetricValueSchema),
});
export type MetricsView = z.infer<typeof MetricsViewSchema>;
