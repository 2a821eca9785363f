import { useEffect, useRef, useState } from 'react';
import { BASELINE_NAMES, BASELINES, type PerformanceDays } from '../../../core/contract/index.ts';
import { ComparisonChart } from '../../chart/index.ts';
import { fixed, NOTHING, percent } from '../../format/index.ts';
import { type Column, Empty, Panel, PercentDelta, Table } from '../../parts/index.ts';
import { onAppearanceChange } from '../../stores/index.ts';
import { type Days, periodOf } from '../period.ts';
import { useAnswer } from '../use-answer.ts';

/** Prices of months are read for it. */
const REFRESH_MS = 300_000;

const COLUMNS: readonly Column[] = [
  { title: 'Way' },
  { title: 'Return', numeric: true },
  { title: 'A year', numeric: true },
  { title: 'Sharpe', numeric: true },
  { title: 'Max drawdown', numeric: true },
];

/** The account beside other ways of holding the same coins on the same days, and how much was at stake. */
export function Baselines({ days }: { readonly days: Days }) {
  const period = periodOf(days);
  const { answer, failure } = useAnswer('metrics.days', period, REFRESH_MS);
  const exposure = useAnswer('metrics.exposure', period, REFRESH_MS).answer;
  const container = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ComparisonChart | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const made = new ComparisonChart(container.current);
    setChart(made);
    return () => {
      setChart(null);
      made.dispose();
    };
  }, []);
  useEffect(() => {
    if (chart !== null && answer !== null) chart.show(answer, exposure ?? []);
  }, [chart, answer, exposure]);
  useEffect(() => (chart === null ? undefined : onAppearanceChange(() => chart.recolour())), [chart]);
  return (
    <Panel
      title="Beside holding the same coins"
      className="baselines-panel"
      aside={<span className="quiet">{asideOf(answer)}</span>}
    >
      {failure === null ? null : (
        <p className="fault" role="alert">
          {failure}
        </p>
      )}
      <div className="chart" data-testid="comparison-chart" ref={container} />
      {answer?.days.length === 0 ? (
        <div className="chart-empty">
          <Empty title="No day of these is over">A day counts when it has ended, by UTC.</Empty>
        </div>
      ) : null}
      <Table label="The account beside its baselines" columns={COLUMNS} testId="baselines">
        {answer === null
          ? null
          : BASELINE_NAMES.map((name) => <Row key={name} name={name} answer={answer} />)}
      </Table>
    </Panel>
  );
}

function asideOf(answer: PerformanceDays | null): string {
  if (answer === null) return '';
  const { symbols, averageInvestedPct } = answer;
  const invested =
    averageInvestedPct === null
      ? 'how much was at stake is not known yet'
      : `${percent(averageInvestedPct, 0)} at stake on average`;
  return `${symbols.join(', ')}; finished days; underneath the share of the equity in positions: ${invested}`;
}

interface RowProps {
  readonly name: (typeof BASELINE_NAMES)[number];
  readonly answer: PerformanceDays;
}

function Row({ name, answer }: RowProps) {
  const { title, definition } = BASELINES[name];
  const figures = answer.figures[name];
  const early = `needs ${answer.minSample} days`;
  return (
    <tr title={definition}>
      <td className="strong">
        <span className="line-key" data-line={BASELINE_NAMES.indexOf(name) + 1} aria-hidden="true" />
        {title}
      </td>
      <td className="numeric">{figures === null ? NOTHING : <PercentDelta pct={figures.returnPct} />}</td>
      <td className="numeric number" title={figures?.returnPctPerYear === null ? early : undefined}>
        {figures?.returnPctPerYear == null ? NOTHING : percent(figures.returnPctPerYear)}
      </td>
      <td className="numeric number" title={figures?.sharpe === null ? early : undefined}>
        {figures?.sharpe == null ? NOTHING : fixed(figures.sharpe, 2)}
      </td>
      <td className="numeric number">{figures === null ? NOTHING : percent(figures.maxDrawdownPct)}</td>
    </tr>
  );
}
