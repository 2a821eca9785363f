import type { AlertsView } from '../../../core/contract/index.ts';
import { Empty, Panel } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';
import { Channels } from './channels.tsx';
import { Deliveries } from './deliveries.tsx';
import { Rules } from './rules.tsx';
import { Told } from './told.tsx';
import { WaitsForYou } from './waits-for-you.tsx';

const REFRESH_MS = 2_000;

/** What the trader was told, what waits for him, and how it gets out of the program. */
export function AlertsPage() {
  const { answer, failure, replace } = useAnswer('alerts.get', {}, REFRESH_MS);
  return (
    <div className="page alerts-page">
      {answer === null ? (
        <Panel title="What was told">
          <Empty title={failure === null ? 'Asking what was told' : 'What was told could not be asked'}>
            {failure}
          </Empty>
        </Panel>
      ) : (
        <Parts view={answer} onChange={replace} />
      )}
    </div>
  );
}

interface PartsProps {
  readonly view: AlertsView;
  readonly onChange: (view: AlertsView) => void;
}

function Parts({ view, onChange }: PartsProps) {
  return (
    <>
      <WaitsForYou open={view.open} onAcknowledged={onChange} />
      <Channels view={view} />
      <Told alerts={view.alerts} />
      <Rules view={view} />
      <Deliveries view={view} />
    </>
  );
}
