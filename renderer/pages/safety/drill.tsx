import { useState } from 'react';
import type { DrillView } from '../../../core/contract/index.ts';
import { Badge, Panel } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { drillLines } from './drill-steps.ts';
import { stepText } from './kill-history.tsx';

/** The whole emergency procedure, tried where it can touch nothing. */
export function Drill() {
  const host = useHost();
  const [running, setRunning] = useState(false);
  const [report, setReport] = useState<DrillView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    setRunning(true);
    setReport(null);
    setFailure(null);
    try {
      setReport(await host.call('safety.drill', {}));
    } catch (error) {
      setFailure(failureText(error));
    }
    setRunning(false);
  };
  return (
    <Panel
      title="Drill"
      aside={
        <>
          {report === null ? null : (
            <Badge tone={report.flat ? 'good' : 'danger'} icon={report.flat ? 'check' : 'shield'}>
              {report.flat ? 'ended flat' : 'did not end flat'}
            </Badge>
          )}
          <button
            type="button"
            className="button button-small"
            data-testid="drill"
            disabled={running}
            onClick={() => void run()}
          >
            {running ? 'Running…' : 'Run the drill'}
          </button>
        </>
      }
    >
      <p className="safety-note">
        {running
          ? 'It takes about nine seconds: five to see that a program hangs, three for the second look.'
          : 'The emergency stop from outside, with 5 positions and 20 orders at a simulated venue of its own. Your account, its books and its latch are not touched.'}
      </p>
      {failure === null ? null : <p className="safety-note fault sentence">{failure}</p>}
      {report === null ? null : (
        <dl className="drill-steps" data-testid="drill-steps">
          {drillLines(report.steps).map(({ step, fromMs, toMs }) => (
            <div key={`${fromMs} ${step}`}>
              <dt className="number">{stepText(fromMs)}</dt>
              <dd>
                {step}
                {toMs > fromMs ? <span className="soft"> in {stepText(toMs - fromMs)}</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
