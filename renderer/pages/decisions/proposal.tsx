import type { DecisionView } from '../../../core/contract/index.ts';
import { Icon } from '../../parts/index.ts';
import { proposalLines, wouldTrade } from './proposal-lines.ts';

/** What the strategy proposed on a bar: what it saw, what it wants held, and what it would trade for that. */
export function Proposal({ decision: { proposal, reason } }: { readonly decision: DecisionView }) {
  if (proposal === null) {
    return (
      <p className="soft sentence" data-testid="proposal">
        {reason}
      </p>
    );
  }
  return (
    <div className="consensus" data-testid="proposal">
      <p className="sentence">{proposal.reason}</p>
      <dl className="verdict-numbers" aria-label="What the proposal is made of">
        {proposalLines(proposal).map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="consensus-result">
        <Icon name="info" />
        <span>{wouldTrade(proposal)}</span>
      </p>
    </div>
  );
}
