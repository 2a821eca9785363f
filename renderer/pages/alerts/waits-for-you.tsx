import { useState } from 'react';
import type { AlertsView, AlertView } from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { Badge, FirstFew, Panel } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';

const SHOWN = 5;

interface WaitsForYouProps {
  readonly open: readonly AlertView[];
  readonly onAcknowledged: (view: AlertsView) => void;
}

/** What is critical and nobody has acknowledged, newest first. */
export function WaitsForYou({ open, onAcknowledged }: WaitsForYouProps) {
  const host = useHost();
  const [failure, setFailure] = useState<string | null>(null);
  const acknowledge = async (id?: string): Promise<void> => {
    setFailure(null);
    try {
      const params = { from: 'button', ...(id === undefined ? {} : { id }) } as const;
      onAcknowledged(await host.call('alerts.acknowledge', params));
    } catch (error) {
      setFailure(`It was not acknowledged: ${failureText(error)}`);
    }
  };
  const all = (
    <button
      type="button"
      className="button button-small"
      data-testid="acknowledge-all"
      onClick={() => void acknowledge()}
    >
      Acknowledge all
    </button>
  );
  return (
    <Panel
      title="Waits for you"
      count={open.length}
      aside={open.length > 1 ? all : open.length === 0 ? <Badge tone="plain">nothing waits</Badge> : null}
    >
      {failure === null ? null : (
        <p className="fault sentence" role="alert">
          {failure}
        </p>
      )}
      {open.length === 0 ? (
        <p className="safety-note">
          What is critical stands here until you acknowledge it. The channels are told again meanwhile, as{' '}
          <code className="code">alerts.repeatMinutes</code> says.
        </p>
      ) : null}
      <FirstFew
        label="Not acknowledged"
        items={open.toReversed()}
        limit={SHOWN}
        more={(hidden) => `and ${hidden.length} more`}
      >
        {(alert) => (
          <OpenAlert key={alert.id} alert={alert} onAcknowledge={() => void acknowledge(alert.id)} />
        )}
      </FirstFew>
    </Panel>
  );
}

interface OpenAlertProps {
  readonly alert: AlertView;
  readonly onAcknowledge: () => void;
}

function OpenAlert({ alert: { title, message, time }, onAcknowledge }: OpenAlertProps) {
  return (
    <div className="alert-open" data-testid="alert-open">
      <Badge tone="danger" icon="stop">
        critical
      </Badge>
      <p>
        <strong>{title}</strong> <time className="quiet number">{dateTime(time)} UTC</time>
        <span className="alert-message soft">{message}</span>
      </p>
      <button
        type="button"
        className="button button-small"
        aria-label={`Acknowledge: ${title}`}
        onClick={onAcknowledge}
      >
        Acknowledge
      </button>
    </div>
  );
}
