import { Empty, Panel } from '../../parts/index.ts';
import { useDecisions, useNavigation } from '../../stores/index.ts';
import { DecisionRow } from '../decision-row.tsx';
import { worthShowing } from '../decision-words.ts';

/** Decisions shown beside the chart. */
const SHOWN = 40;

export function LatestDecisions() {
  const decisions = useDecisions(({ content }) => content);
  const open = useNavigation((navigation) => navigation.openDecision);
  const goTo = useNavigation((navigation) => navigation.goTo);
  const latest = worthShowing(decisions ?? [])
    .slice(-SHOWN)
    .toReversed();
  const all = (
    <button type="button" className="link" onClick={() => goTo('decisions')}>
      All
    </button>
  );
  return (
    <Panel title="Latest decisions" aside={all} className="latest-decisions">
      {latest.length === 0 ? (
        <Empty title="Nothing decided yet">
          Each symbol is decided on when its bar closes, trade or no trade.
        </Empty>
      ) : (
        <ul className="decisions" data-testid="decisions-list" aria-label="Latest decisions">
          {latest.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} brief onOpen={open} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
