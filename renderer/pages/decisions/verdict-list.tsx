import { type DecisionOutcome, SAFETY_LAYERS, type VerdictView } from '../../../core/contract/index.ts';
import { figure, LAYER_WORDS, words } from '../../format/index.ts';
import { Icon } from '../../parts/index.ts';

interface VerdictListProps {
  readonly verdicts: readonly VerdictView[];
  readonly outcome: DecisionOutcome;
}

/** What each safety layer said, in the order they are asked, with the numbers it looked at. */
export function VerdictList({ verdicts, outcome }: VerdictListProps) {
  if (verdicts.length === 0) {
    const why =
      outcome === 'blocked' ? 'the order was stopped before they came to it' : 'nothing was to be ordered';
    return <p className="soft">The safety layers were not asked: {why}.</p>;
  }
  return (
    <ol className="verdicts">
      {SAFETY_LAYERS.map((layer) => {
        const verdict = verdicts.find((each) => each.layer === layer);
        return verdict === undefined ? null : <Verdict key={layer} verdict={verdict} />;
      })}
    </ol>
  );
}

function Verdict({ verdict: { layer, allowed, code, message, numbers } }: { readonly verdict: VerdictView }) {
  return (
    <li className="verdict" data-allowed={allowed}>
      <Icon name={allowed ? 'check' : 'cross'} label={allowed ? 'allowed' : 'refused'} />
      <div>
        <p>
          <strong>{LAYER_WORDS[layer]}</strong> <span className="soft">{message}</span>
          {allowed ? null : <span className="code quiet"> {code}</span>}
        </p>
        <dl className="verdict-numbers">
          {Object.entries(numbers).map(([name, value]) => (
            <div key={name}>
              <dt>{words(name)}</dt>
              <dd className="number">{figure(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </li>
  );
}
