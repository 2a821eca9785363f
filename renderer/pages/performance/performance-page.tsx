import { useEffect, useMemo, useRef, useState } from 'react';
import { EquityChart } from '../../chart/index.ts';
import { Empty, Panel } from '../../parts/index.ts';
import { onAppearanceChange, useEquity, usePortfolio, useTrades } from '../../stores/index.ts';
import { TradesTable } from '../trades-table.tsx';
import { Metrics } from './metrics.tsx';
import { StrategyNote } from './strategy-note.tsx';
import { SymbolResults } from './symbol-results.tsx';

/** What came of it all, and how sure one can be. */
export function PerformancePage() {
  const trades = useTrades(({ content }) => content);
  const newestFirst = useMemo(() => (trades ?? []).toReversed(), [trades]);
  return (
    <div className="page performance-page">
      <Metrics />
      <StrategyNote />
      <EquityPanel />
      <SymbolResults trades={newestFirst} />
      <Panel title="Round trips" count={newestFirst.length} className="trades-panel">
        <TradesTable trades={newestFirst} />
        {newestFirst.length === 0 ? (
          <Empty title="No trade is finished yet">A round trip ends when a position is flat again.</Empty>
        ) : null}
      </Panel>
    </div>
  );
}

function EquityPanel() {
  const points = useEquity(({ content }) => content);
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
    if (points !== null) chart?.setPoints(points);
  }, [chart, points]);
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
          <Empty title="No equity yet">A point is added with each closed bar.</Empty>
        </div>
      ) : null}
    </Panel>
  );
}
