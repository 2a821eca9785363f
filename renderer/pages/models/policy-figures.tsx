import type { PolicyFigures as Figures } from '../../../core/contract/index.ts';
import { fixed, percent } from '../../format/index.ts';
import { PercentDelta } from '../../parts/index.ts';

const ratio = (value: number | null): string => (value === null ? '–' : fixed(value, 2));

/** What trading on it would have given after costs, beside doing nothing clever. */
export function PolicyFigures({ policy }: { readonly policy: Figures }) {
  return (
    <dl className="policy">
      <div>
        <dt>Policy after costs</dt>
        <dd>
          <PercentDelta pct={policy.returnPct} />
        </dd>
      </div>
      <div>
        <dt>Trades</dt>
        <dd className="number">{policy.trades}</dd>
      </div>
      <div>
        <dt>Sharpe</dt>
        <dd className="number">{ratio(policy.sharpe)}</dd>
      </div>
      <div title="Probability that the Sharpe ratio is above 0, given how many variants were tried">
        <dt>Deflated</dt>
        <dd className="number">{ratio(policy.deflatedSharpe)}</dd>
      </div>
      <div>
        <dt>Drawdown</dt>
        <dd className="number">{percent(policy.maxDrawdownPct)}</dd>
      </div>
      <div>
        <dt>Buy and hold</dt>
        <dd>
          <PercentDelta pct={policy.buyAndHoldReturnPct} />
        </dd>
      </div>
      <div>
        <dt>24 h momentum</dt>
        <dd>
          <PercentDelta pct={policy.momentumReturnPct} />
        </dd>
      </div>
    </dl>
  );
}
