import type { AlertView } from '../../../core/contract/index.ts';
import { dateTimeSeconds } from '../../format/index.ts';
import { Empty, Panel, Table } from '../../parts/index.ts';
import { seenWords } from './alert-words.ts';
import { SeverityBadge } from './severity-badge.tsx';

const COLUMNS = [{ title: 'Time, UTC' }, { title: 'Weight' }, { title: 'What' }, { title: 'Acknowledged' }];

/** The newest alerts, newest first. */
export function Told({ alerts }: { readonly alerts: readonly AlertView[] }) {
  return (
    <Panel title="What was told" count={alerts.length} className="alerts-list">
      {alerts.length === 0 ? (
        <Empty title="Nothing was told yet">
          Trades, stops, trouble with the venue or the data: what the program tells is listed here.
        </Empty>
      ) : (
        <Table label="What was told" columns={COLUMNS} testId="alerts-told">
          {alerts.toReversed().map((alert) => (
            <tr key={alert.id} data-severity={alert.severity}>
              <td className="number">{dateTimeSeconds(alert.time)}</td>
              <td>
                <SeverityBadge severity={alert.severity} />
              </td>
              <td className="alerts-words alerts-most">
                <strong>{alert.title}</strong>
                <span className="alert-message soft">{alert.message}</span>
              </td>
              <td>{seenWords(alert)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
