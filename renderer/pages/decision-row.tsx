import { memo } from 'react';
import type { DecisionView } from '../../core/contract/index.ts';
import { shortTime } from '../format/index.ts';
import { ActionBadge, OutcomeBadge } from '../parts/index.ts';

interface DecisionRowProps {
  readonly decision: DecisionView;
  readonly selected?: boolean;
  readonly onOpen: (id: string) => void;
}

/** One decision in a list. Decisions never change: a row is drawn once. */
export const DecisionRow = memo(function DecisionRow({
  decision,
  selected = false,
  onOpen,
}: DecisionRowProps) {
  const { id, symbol, time, action, outcome, reason } = decision;
  return (
    <li className="decision-item">
      <button
        type="button"
        className="decision-row"
        data-testid="decision-row"
        data-outcome={outcome}
        aria-current={selected}
        onClick={() => onOpen(id)}
      >
        <span className="decision-line">
          <strong>{symbol}</strong>
          <time className="number quiet">{shortTime(time)}</time>
          <span className="decision-badges">
            <ActionBadge action={action} />
            <OutcomeBadge outcome={outcome} />
          </span>
        </span>
        <span className="decision-reason">{reason}</span>
      </button>
    </li>
  );
});
