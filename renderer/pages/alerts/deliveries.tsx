import { ALERT_CHANNEL_WORDS, type AlertsView, type DeliveryView } from '../../../core/contract/index.ts';
import { dateTimeSeconds } from '../../format/index.ts';
import { Badge, Empty, type IconName, Panel, Table, type Tone } from '../../parts/index.ts';
import { DELIVERY_KIND_WORDS, DELIVERY_STATE_WORDS, outcomeWords } from './alert-words.ts';
import { SeverityBadge } from './severity-badge.tsx';

const COLUMNS = [
  { title: 'Time, UTC' },
  { title: 'Channel' },
  { title: 'Kind', wide: true },
  { title: 'Weight', wide: true },
  { title: 'Message' },
  { title: 'What became of it' },
];

/** What became of each message, newest first. */
export function Deliveries({ view: { deliveries, channels } }: { readonly view: AlertsView }) {
  return (
    <Panel title="Deliveries" count={deliveries.length} className="alerts-list">
      {deliveries.length === 0 ? (
        <Nothing isOn={channels.some(({ state }) => state !== 'off')} />
      ) : (
        <Table label="Deliveries" columns={COLUMNS} testId="alert-deliveries">
          {deliveries.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Nothing({ isOn }: { readonly isOn: boolean }) {
  return isOn ? (
    <Empty title="Nothing was sent yet">
      Press Test beside a channel, or type <code className="code">tradebot alerts test all</code>: what comes
      of it is listed here.
    </Empty>
  ) : (
    <Empty title="Nothing was sent: no channel is turned on">
      What each channel needs stands beside it above. Nothing has to be: alerts are shown in this program
      whatever is turned on.
    </Empty>
  );
}

const LOOKS: Readonly<Record<DeliveryView['state'], { readonly tone: Tone; readonly icon?: IconName }>> = {
  waiting: { tone: 'plain', icon: 'clock' },
  sent: { tone: 'good', icon: 'check' },
  refused: { tone: 'danger', icon: 'cross' },
  'given-up': { tone: 'danger', icon: 'cross' },
};

function Delivery({ delivery }: { readonly delivery: DeliveryView }) {
  const { time, channel, kind, severity, title, text, state } = delivery;
  return (
    <tr data-state={state}>
      <td className="number">{dateTimeSeconds(time)}</td>
      <td>{ALERT_CHANNEL_WORDS[channel]}</td>
      <td className="wide">{DELIVERY_KIND_WORDS[kind]}</td>
      <td className="wide">
        <SeverityBadge severity={severity} />
      </td>
      <td className="alerts-words alerts-most">
        <strong>{title}</strong>
        <span className="alert-message soft">{text}</span>
      </td>
      <td className="alerts-words alerts-outcome">
        <Badge {...LOOKS[state]}>{DELIVERY_STATE_WORDS[state]}</Badge>
        <span className="alert-message soft">{outcomeWords(delivery)}</span>
      </td>
    </tr>
  );
}
