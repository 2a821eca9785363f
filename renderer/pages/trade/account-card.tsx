import { type ReactNode, useMemo } from 'react';
import { sparklinePath, thin } from '../../chart/index.ts';
import { money, percent } from '../../format/index.ts';
import { Delta, Empty, Panel, PercentDelta } from '../../parts/index.ts';
import { useStale } from '../../program/freshness.ts';
import { useEquity, useMoneyDecimals, usePortfolio } from '../../stores/index.ts';

const SPARK = { width: 300, height: 44, points: 150 } as const;

export function AccountCard() {
  const portfolio = usePortfolio(({ content }) => content);
  const decimals = useMoneyDecimals();
  const shown = (amount: string): string => money(amount, decimals);
  const stale = useStale();
  if (portfolio === null) {
    return (
      <Panel title="Account" className="account-card">
        <Empty title="No account yet">It appears with the first price of each symbol.</Empty>
      </Panel>
    );
  }
  const { equity, returnPct, cash, exposure, realisedPnl, unrealisedPnl, fees, funding, drawdownPct } =
    portfolio;
  const exposurePct = Number(equity) > 0 ? (Number(exposure) / Number(equity)) * 100 : 0;
  return (
    <Panel title="Account" className="account-card">
      <div data-stale={stale}>
        <div className="account-equity">
          <span className="number">{shown(equity)}</span>
          <PercentDelta pct={returnPct} />
        </div>
        <EquitySparkline />
        <dl className="pairs">
          <Pair name="Cash">{shown(cash)}</Pair>
          <Pair name="Exposure" title={`${shown(exposure)} of ${shown(equity)}`}>
            {percent(exposurePct, 1)}
          </Pair>
          <Pair name="Unrealised">
            <Delta amount={unrealisedPnl} decimals={decimals} />
          </Pair>
          <Pair name="Realised" title="Before fees">
            <Delta amount={realisedPnl} decimals={decimals} />
          </Pair>
          <Pair name="Fees paid">{shown(fees)}</Pair>
          <Pair name="Funding" title="Funding and interest, received less paid">
            <Delta amount={funding} decimals={decimals} />
          </Pair>
          <Pair name="Drawdown">{percent(drawdownPct)}</Pair>
        </dl>
      </div>
    </Panel>
  );
}

interface PairProps {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Pair({ name, title, children }: PairProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}

function EquitySparkline() {
  const points = useEquity(({ content }) => content);
  const path = useMemo(() => {
    const values = thin(
      (points ?? []).map(({ equity }) => equity),
      SPARK.points,
    );
    return {
      line: sparklinePath(values, SPARK.width, SPARK.height),
      rose: (values.at(-1) ?? 0) >= (values[0] ?? 0),
    };
  }, [points]);
  const label = `Equity since the start, ${path.rose ? 'up' : 'down'}`;
  return (
    <svg
      className={`sparkline ${path.rose ? 'up' : 'down'}`}
      viewBox={`0 -2 ${SPARK.width} ${SPARK.height + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {path.line === '' ? null : (
        <path
          className="sparkline-fill"
          d={`${path.line}L${SPARK.width} ${SPARK.height + 2}L0 ${SPARK.height + 2}Z`}
        />
      )}
      <path className="sparkline-line" d={path.line} />
    </svg>
  );
}
