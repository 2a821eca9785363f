import type { ReactNode } from 'react';
import {
  type EntryCostView,
  METRIC_NAMES,
  METRICS,
  type MetricName,
  type MetricsView,
  type MetricValue,
} from '../../../core/contract/index.ts';
import { fixed, money, moneyDecimals, NOTHING, percent } from '../../format/index.ts';
import { Delta, Empty, PercentDelta } from '../../parts/index.ts';
import { useMoneyDecimals, usePortfolio, useStatus } from '../../stores/index.ts';
import { entryCostNote, entryCostText } from '../entry-cost.ts';
import { useAnswer } from '../use-answer.ts';
import { sampleText } from './results.ts';

const REFRESH_MS = 5_000;

/** Money and returns that are a gain or a loss. */
const GAINS: ReadonlySet<MetricName> = new Set([
  'totalPnl',
  'dailyPnl',
  'weeklyPnl',
  'timeWeightedReturnPct',
  'expectancy',
]);

/** Every figure of the account as the program defines it, each with the observations behind it. */
export function Metrics() {
  const portfolio = usePortfolio(({ content }) => content);
  const { answer } = useAnswer('metrics.get', {}, REFRESH_MS, String(portfolio?.trades));
  const decimals = useMoneyDecimals();
  const venue = useStatus(({ content }) => content?.exchange) ?? 'the venue';
  if (portfolio === null || answer === null)
    return <Empty title="No account yet">It appears with the first price of each symbol.</Empty>;
  return (
    <dl className="metrics" data-testid="metrics">
      {METRIC_NAMES.map((name) => (
        <Metric
          key={name}
          name={METRICS[name].title}
          note={noteOf(name, answer)}
          title={METRICS[name].definition}
        >
          <Figure name={name} metric={answer.metrics[name]} decimals={moneyDecimals(answer.quote)} />
        </Metric>
      ))}
      <Metric name={`Cost to get in at ${venue}`} note={entryNote(portfolio.entryCost, decimals)}>
        {entryCostText(portfolio.entryCost)}
      </Metric>
      <Metric name="Funding" note="with interest, received less paid">
        <Delta amount={portfolio.funding} decimals={decimals} />
      </Metric>
    </dl>
  );
}

interface FigureProps {
  readonly name: MetricName;
  readonly metric: MetricValue;
  readonly decimals: number;
}

function Figure({ name, metric: { value, sampleSize }, decimals }: FigureProps) {
  const { unit } = METRICS[name];
  if (value === null) return <span className="quiet">{sampleSize === null ? NOTHING : 'too early'}</span>;
  const isGain = GAINS.has(name);
  switch (unit) {
    case 'money':
      return isGain ? <Delta amount={String(value)} decimals={decimals} /> : money(String(value), decimals);
    case 'percent':
      return isGain ? <PercentDelta pct={Number(value)} /> : percent(Number(value));
    case 'share':
      return percent(Number(value) * 100, 1);
    case 'ratio':
      return fixed(Number(value), 2);
    case 'count':
      return fixed(Number(value), 0);
  }
}

/** The sample of an estimate, and how sure it is; of the rest in which currency or of what. */
function noteOf(name: MetricName, { metrics, minSample, quote }: MetricsView): string {
  const { value, sampleSize, interval } = metrics[name];
  const { unit, sample } = METRICS[name];
  if (sampleSize === null || sample === null) return unit === 'money' ? quote : '';
  const range = interval === null ? '' : `, 95 %: ${fixed(interval.low, 1)} to ${fixed(interval.high, 1)}`;
  return `${sampleText({ value: value === null ? null : Number(value), sampleSize }, minSample)} ${sample}${range}`;
}

/** The sums, and what they are made of. */
function entryNote(cost: EntryCostView | null, decimals: number): string {
  if (cost === null) return 'actual of expected, from the first entry on';
  return `${money(cost.actual, decimals)} of ${money(cost.expected, decimals)}; ${entryCostNote(cost)}`;
}

interface MetricProps {
  readonly name: string;
  readonly note: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Metric({ name, note, title, children }: MetricProps) {
  return (
    <div className="metric" title={title}>
      <dt>{name}</dt>
      <dd className="metric-value number">{children}</dd>
      <dd className="metric-note quiet">{note}</dd>
    </div>
  );
}
