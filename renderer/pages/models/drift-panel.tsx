import type { DriftView } from '../../../core/contract/index.ts';
import { fixed, percent } from '../../format/index.ts';
import { Badge, Empty, Panel, type Tone } from '../../parts/index.ts';

const STATE_LOOKS: Readonly<Record<DriftView['state'], { readonly tone: Tone; readonly name: string }>> = {
  unknown: { tone: 'plain', name: 'too few bars to tell' },
  fine: { tone: 'good', name: 'like the training data' },
  warn: { tone: 'warning', name: 'drifting' },
  stop: { tone: 'danger', name: 'drifted: abstains' },
};
/** Siddiqi (2006): below 0.1 nothing has changed, above 0.25 it is another population. */
const PSI_STOP = 0.25;

/** Whether the market still looks like the one the models learned from. */
export function DriftPanel({ drift }: { readonly drift: DriftView }) {
  const look = STATE_LOOKS[drift.state];
  return (
    <Panel title="Drift" className="drift-panel" aside={<Badge tone={look.tone}>{look.name}</Badge>}>
      <p className="soft drift-note">
        <span className="number">{percent(drift.outlierShare * 100, 1)}</span> of{' '}
        <span className="number">{drift.rows}</span> bars were like nothing in the training data; on those the
        models abstain.
      </p>
      {drift.features.length === 0 ? (
        <Empty title="No shift to show yet">It is measured over the latest 500 bars of each symbol.</Empty>
      ) : (
        <ol className="importance">
          {drift.features.map(({ name, psi }) => (
            <li key={name}>
              <span className="code">{name}</span>
              <meter min={0} max={PSI_STOP * 2} high={PSI_STOP} value={psi} aria-label={name} />
              <span className="number" title="Population stability index">
                {fixed(psi, 2)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
