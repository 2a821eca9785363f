import { useEffect, useMemo, useRef, useState } from 'react';
import { EquityChart } from '../../chart/index.ts';
import { DateField, Empty, Panel } from '../../parts/index.ts';
import { onAppearanceChange, useEquity, usePortfolio } from '../../stores/index.ts';
import { ALL_DAYS, type Days, periodOf } from '../period.ts';
import { useAnswer } from '../use-answer.ts';
import { Baselines } from './baselines.tsx';
import { Breakdown } from './breakdown.tsx';
import { CalendarHeat } from './calendar-heat.tsx';
import { Excursions } from './excursions.tsx';
import { HindsightTable } from './hindsight-table.tsx';
import { Metrics } from './metrics.tsx';
import { StrategyNote } from './strategy-note.tsx';

/** What is older than the stream changes only as time goes by. */
const CURVE_MS = 3_600_000;

/** What came of it all, and how sure one can be. */
export function PerformancePage() {
  const [days, setDays] = useState(ALL_DAYS);
  const occasion = String(usePortfolio(({ content }) => content?.trades));
  return (
    <div className="page performance-page">
      <Metrics />
      <StrategyNote />
      <div className="performance-days">
        <DateField
          name="From"
          label="Results from"
          value={days.from}
          onChoose={(from) => setDays({ ...days, from })}
        />
        <DateField name="To" label="Results to" value={days.to} onChoose={(to) => setDays({ ...days, to })} />
        <span className="quiet">
          Of the equity, the days and the results below; the figures above are of all time
        </span>
      </div>
      <EquityPanel days={days} />
      <Baselines days={days} />
      <CalendarHeat days={days} occasion={occasion} />
      <Breakdown days={days} occasion={occasion} />
      <Excursions days={days} occasion={occasion} />
      <HindsightTable />
    </div>
  );
}

function EquityPanel({ days }: { readonly days: Days }) {
  const all = useEquity(({ content }) => content);
  const stored = useAnswer('metrics.curve', periodOf(days), CURVE_MS).answer;
  const points = useMemo(() => {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = periodOf(days);
    if (all === null) return stored;
    // The stream has the newest; what was before it is in the books, in outline.
    const begins = all[0]?.time ?? Number.POSITIVE_INFINITY;
    const before = stored?.filter(({ time }) => time < begins) ?? [];
    return [...before, ...all.filter(({ time }) => time >= from && time < to)];
  }, [all, stored, days]);
  const capital = usePortfolio(({ content }) => content?.capital);
  const container = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EquityChart | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const made = new EquityChart(container.current);
    setChart(made);
    return () => {
      setChart(null);
      made.dispose();
    };
  }, []);
  useEffect(() => {
    if (capital !== undefined) chart?.setCapital(Number(capital));
  }, [chart, capital]);
  useEffect(() => {
    if (points !== null) chart?.setPoints(points, `${days.from} ${days.to}`);
  }, [chart, points, days]);
  useEffect(() => (chart === null ? undefined : onAppearanceChange(() => chart.recolour())), [chart]);
  return (
    <Panel
      title="Equity and drawdown"
      className="equity-panel"
      aside={<span className="quiet">At the close of each bar</span>}
    >
      <div className="chart" data-testid="equity-chart" ref={container} />
      {points === null || points.length === 0 ? (
        <div className="chart-empty">
          <Empty title="No equity in these days">A point is added with each closed bar.</Empty>
        </div>
      ) : null}
    </Panel>
  );
}
