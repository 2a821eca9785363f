import { useEffect, useRef, useState } from 'react';
import type { AlertView } from '../../core/contract/index.ts';
import { dateTime } from '../format/index.ts';
import { Empty, Icon, type IconName } from '../parts/index.ts';
import { useAlerts, useNavigation } from '../stores/index.ts';

const SEVERITY_ICONS: Readonly<Record<AlertView['severity'], IconName>> = {
  info: 'info',
  warning: 'warning',
  critical: 'stop',
};

/** The program's alerts, newest first, and how many were not seen yet. */
export function AlertsButton() {
  const alerts = useAlerts(({ content }) => content) ?? [];
  const [open, setOpen] = useState(false);
  const [seen, setSeen] = useState<string | undefined>(undefined);
  const goTo = useNavigation((navigation) => navigation.goTo);
  const unacknowledged = alerts.filter(
    ({ severity, acknowledged }) => severity === 'critical' && acknowledged === null,
  ).length;
  const root = useRef<HTMLDivElement>(null);
  const unseen = alerts.length - 1 - alerts.findIndex(({ id }) => id === seen);
  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      const outside = event instanceof MouseEvent && !root.current?.contains(event.target as Node);
      const escaped = event instanceof KeyboardEvent && event.key === 'Escape';
      if (outside || escaped) setOpen(false);
    };
    document.addEventListener('mousedown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('mousedown', close);
      document.removeEventListener('keydown', close);
    };
  }, [open]);
  const toggle = (): void => {
    setOpen(!open);
    setSeen(alerts.at(-1)?.id);
  };
  const count = seen === undefined ? alerts.length : unseen;
  return (
    <div className="alerts" ref={root}>
      <button
        type="button"
        className="icon-button"
        aria-label={`Alerts, ${count} new`}
        aria-expanded={open}
        onClick={toggle}
      >
        <Icon name="bell" />
        {count > 0 ? <span className="alert-count number">{count > 99 ? '99+' : count}</span> : null}
      </button>
      {open ? (
        <section className="popover" aria-label="Alerts">
          {alerts.length === 0 ? (
            <Empty title="No alerts">What needs your attention will be listed here.</Empty>
          ) : null}
          <ul>
            {alerts.toReversed().map(({ id, time, severity, title, message }) => (
              <li key={id} className="alert" data-severity={severity}>
                <Icon name={SEVERITY_ICONS[severity]} label={severity} />
                <div>
                  <p>
                    <strong>{title}</strong> <time className="quiet number">{dateTime(time)}</time>
                  </p>
                  <p className="soft">{message}</p>
                </div>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="alerts-all"
            data-testid="alerts-all"
            onClick={() => {
              setOpen(false);
              goTo('alerts');
            }}
          >
            {moreWords(unacknowledged)}
          </button>
        </section>
      ) : null}
    </div>
  );
}

function moreWords(unacknowledged: number): string {
  if (unacknowledged === 0) return 'All alerts, and where they go';
  return `${unacknowledged === 1 ? '1 is' : `${unacknowledged} are`} not acknowledged: see all alerts`;
}
