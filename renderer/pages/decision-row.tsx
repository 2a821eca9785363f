import { memo } from 'react';
import type { DecisionView } from '../../core/contract/index.ts';
import { dateTime, hourMinute, shortTime } from '../format/index.ts';
import { DecisionBadge, DeedBadge, NOT_ITS_TIME, reasonText } from './decision-badge.tsx';
import { votesLine } from './decision-words.ts';

interface DecisionRowProps {
  readonly decision: DecisionView;
  readonly selected?: boolean;
  /** Where there is little room: the day goes without saying. */
  readonly brief?: boolean;
  readonly onOpen: (id: string) => void;
}

/** One decision in a list. Decisions never change: a row is drawn once. */
export const DecisionRow = memo(function DecisionRow({
  decision,
  selected = false,
  brief = false,
  onOpen,
}: DecisionRowProps) {
  const { id, symbol, time, outcome, reasonCode, proposedBy } = decision;
  const waits = reasonCode === NOT_ITS_TIME;
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
          <time className="number quiet" title={`${dateTime(time)} UTC`}>
            {brief ? hourMinute(time) : shortTime(time)}
          </time>
          <span className="decision-badges">
            {waits ? null : <DeedBadge decision={decision} />}
            <DecisionBadge decision={decision} />
          </span>
        </span>
        <span className="decision-reason">{reasonText(decision)}</span>
        {proposedBy === null || decision.votes.length === 0 ? null : (
          <span className="decision-votes quiet">{votesLine(decision)}</span>
        )}
      </button>
    </li>
  );
});
