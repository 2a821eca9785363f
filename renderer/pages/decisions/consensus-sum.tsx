import type { DecisionView } from '../../../core/contract/index.ts';
import { fixed, VOTER_WORDS } from '../../format/index.ts';
import { ActionBadge, Icon } from '../../parts/index.ts';
import { consensusOf, type SupportTerm } from './consensus-arithmetic.ts';

/** The consensus as a sum that can be done again by hand. */
export function ConsensusSum({ decision }: { readonly decision: DecisionView }) {
  const { lines, leader, margin, threshold, enough } = consensusOf(decision);
  const other = leader === 'BUY' ? 'SELL' : 'BUY';
  const { support } = decision;
  return (
    <div className="consensus">
      <table className="consensus-table" aria-label="Support for each action">
        <tbody>
          {lines.map(({ action, terms, support: sum }) => (
            <tr key={action}>
              <th scope="row">
                <ActionBadge action={action} />
              </th>
              <td className="consensus-terms">
                {terms.length === 0 ? <span className="quiet">nobody</span> : <Terms terms={terms} />}
              </td>
              <td className="consensus-bar">
                <meter min={0} max={1} value={sum} aria-label={`Support for ${action}`} />
              </td>
              <td className="numeric number strong">{fixed(sum, 5)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="consensus-result">
        <Icon name={decision.judgement !== null || enough ? 'check' : 'cross'} />
        {decision.judgement !== null ? (
          <span className="sentence">{decision.judgement}</span>
        ) : margin === 0 ? (
          'Neither side leads: nobody would trade, or both sides weigh the same'
        ) : (
          <>
            <span className="number">
              {leader} − {other} = {fixed(support[leader], 5)} − {fixed(support[other], 5)} ={' '}
              <strong>{fixed(margin, 5)}</strong>
            </span>
            <span>
              {enough ? 'reaches' : 'does not reach'} the threshold of{' '}
              <span className="number">{fixed(threshold, 2)}</span>
            </span>
          </>
        )}
      </p>
    </div>
  );
}

function Terms({ terms }: { readonly terms: readonly SupportTerm[] }) {
  return terms.map(({ voter, weight, confidence }, index) => (
    <span key={voter} className="number">
      {index === 0 ? '' : ' + '}
      <span className="quiet">{VOTER_WORDS[voter]}</span> {fixed(weight, 3)} × {fixed(confidence, 2)}
    </span>
  ));
}
