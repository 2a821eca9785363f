import { type DecisionView, SAFETY_LAYERS, type VerdictView } from '../../../core/contract/index.ts';
import { LAYER_WORDS, words } from '../../format/index.ts';
import { Icon } from '../../parts/index.ts';
import { isCutShort } from '../decision-badge.tsx';
import { labelledNumbers } from './verdict-numbers.ts';

/** What each safety layer said, in the order they are asked, with the numbers it looked at. */
export function VerdictList({ decision }: { readonly decision: DecisionView }) {
  const { symbol, verdicts } = decision;
  if (verdicts.length === 0) {
    return <p className="soft">The safety layers were not asked: {unaskedText(decision)}.</p>;
  }
  return (
    <ol className="verdicts">
      {SAFETY_LAYERS.map((layer) => {
        const verdict = verdicts.find((each) => each.layer === layer);
        return verdict === undefined ? null : <Verdict key={layer} symbol={symbol} verdict={verdict} />;
      })}
    </ol>
  );
}

/** Why no layer has a verdict. */
export function unaskedText(decision: Pick<DecisionView, 'outcome' | 'reasonCode'>): string {
  if (isCutShort(decision)) return 'the decision ended before it came to them';
  return decision.outcome === 'blocked'
    ? 'the order was stopped before they came to it'
    : 'nothing was to be ordered';
}

interface VerdictProps {
  readonly symbol: string;
  readonly verdict: VerdictView;
}

function Verdict({ symbol, verdict: { layer, allowed, code, message, numbers } }: VerdictProps) {
  return (
    <li className="verdict" data-allowed={allowed}>
      <Icon name={allowed ? 'check' : 'cross'} label={allowed ? 'allowed' : 'refused'} />
      <div>
        <p>
          <strong>{LAYER_WORDS[layer]}</strong> <span className="soft">{message}</span>
          {allowed ? null : <span className="quiet"> ({words(code)})</span>}
        </p>
        <dl className="verdict-numbers">
          {labelledNumbers(numbers, symbol).map(({ label, value, limit }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="number">
                {value}
                {limit === null ? null : <span className="quiet"> {limit}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </li>
  );
}
