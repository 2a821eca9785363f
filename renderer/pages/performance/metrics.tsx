import type { ReactNode } from 'react';
import type { Estimate } from '../../../core/contract/index.ts';
import { fixed, money, percent, signedMoney } from '../../format/index.ts';
import { Delta, Empty, PercentDelta } from '../../parts/index.ts';
import { useMoneyDecimals, usePortfolio, usePositions, useTrades } from '../../stores/index.ts';
import { useSettings } from '../use-settings.ts';
import { averageTrade, feesNote, profitFactor, sampleText } from './results.ts';

/** Used until the settings have come: their own default. */
const DEFAULT_MIN_SAMPLE = 20;

/** The figures of merit, each with the number of observations behind it. */
export function Metrics() {
  const portfolio = usePortfolio(({ content }) => content);
  const trades = useTrades(({ content }) => content) ?? [];
  const positions = usePositions(({ content }) => content) ?? [];
  const decimals = useMoneyDecimals();
  const minSample = useSettings().settings?.safety.minSample ?? DEFAULT_MIN_SAMPLE;
  if (portfolio === null)
    return <Empty title="No account yet">It appears with the first price of each symbol.</Empty>;
  const ratio = (value: number): string => fixed(value, 2);
  return (
    <dl className="metrics">
      <Metric name="Net return" note={`from ${money(portfolio.capital, decimals)}`}>
        <PercentDelta pct={portfolio.returnPct} />
      </Metric>
      <Metric name="Realised" note="before fees">
        <Delta amount={portfolio.realisedPnl} decimals={decimals} />
      </Metric>
      <Metric name="Fees paid" note={feesNote(portfolio.trades, positions.length)}>
        {money(portfolio.fees, decimals)}
      </Metric>
      <Metric name="Funding" note="with interest, received less paid">
        <Delta amount={portfolio.funding} decimals={decimals} />
      </Metric>
      <Metric name="Max drawdown" note={`now ${percent(portfolio.drawdownPct)}`}>
        {percent(portfolio.maxDrawdownPct)}
      </Metric>
      <EstimateMetric
        name="Sharpe"
        unit="days"
        estimate={portfolio.sharpe}
        minSample={minSample}
        show={ratio}
      />
      <EstimateMetric
        name="Sortino"
        unit="days"
        estimate={portfolio.sortino}
        minSample={minSample}
        show={ratio}
      />
      <EstimateMetric
        name="Win rate"
        unit="trades"
        estimate={portfolio.winRate}
        minSample={minSample}
        show={(share) => percent(share * 100, 0)}
      />
      <EstimateMetric
        name="Profit factor"
        unit="trades"
        estimate={profitFactor(trades, minSample)}
        minSample={minSample}
        show={ratio}
      />
      <EstimateMetric
        name="Average trade"
        unit="trades"
        estimate={averageTrade(trades, minSample)}
        minSample={minSample}
        show={(value) => signedMoney(String(value), decimals)}
      />
    </dl>
  );
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

interface EstimateMetricProps {
  readonly name: string;
  readonly unit: string;
  readonly estimate: Estimate;
  readonly minSample: number;
  readonly show: (value: number) => string;
}

function EstimateMetric({ name, unit, estimate, minSample, show }: EstimateMetricProps) {
  return (
    <Metric name={name} note={sampleText(estimate, minSample)} title={`n counts ${unit}`}>
      {estimate.value === null ? <span className="quiet">too early</span> : show(estimate.value)}
    </Metric>
  );
}
