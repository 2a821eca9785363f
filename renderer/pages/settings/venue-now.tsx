import { useMemo } from 'react';
import { venueLines } from '../../../core/contract/index.ts';
import { Icon, Panel } from '../../parts/index.ts';
import { useStale } from '../../program/freshness.ts';
import { usePortfolio, usePositions, useStatus } from '../../stores/index.ts';

/** How things stand where orders go, with what to do where something is not right. */
export function VenueNow() {
  const status = useStatus(({ content }) => content);
  const account = usePortfolio(({ content }) => content);
  const positions = usePositions(({ content }) => content);
  const stale = useStale();
  const lines = useMemo(
    () => (status === null ? [] : venueLines(status, account, positions)),
    [status, account, positions],
  );
  if (lines.length === 0) return null;
  return (
    <Panel title="At the venue now" className="venue-now">
      <ul data-testid="venue-now" data-stale={stale}>
        {lines.map(({ name, state, text }) => (
          <li key={name} className="check-step" data-state={state}>
            <Icon
              name={state === 'good' ? 'check' : 'warning'}
              label={state === 'good' ? 'Good' : 'Beware'}
            />
            <span className="check-name">{name}</span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
