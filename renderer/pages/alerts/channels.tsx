import { useState } from 'react';
import {
  ALERT_CHANNEL_WORDS,
  type AlertChannelName,
  type AlertChannelView,
  type AlertsView,
  type AlertTest,
  type DeliveryView,
} from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { Badge, type IconName, Panel, Table, type Tone } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { CHANNEL_STATE_WORDS, channelWords, lastFailure, lastSentAt, SEVERITY_WORDS } from './alert-words.ts';
import { Coded } from './coded.tsx';

const COLUMNS = [
  { title: 'Channel' },
  { title: 'State' },
  { title: 'What it has, or needs' },
  { title: 'Takes from', wide: true },
  { title: 'Waiting', numeric: true, wide: true },
  { title: 'Last sent, UTC' },
  { title: 'Last failure, UTC' },
  { title: 'Test' },
];

/** The ways out of the program: whether each is ready, and how it does. */
export function Channels({ view: { channels, deliveries, isQuiet } }: { readonly view: AlertsView }) {
  return (
    <Panel title="Channels" aside={<ChannelsBadge channels={channels} isQuiet={isQuiet} />}>
      <Table label="Channels of alerts" columns={COLUMNS} testId="alert-channels">
        {channels.map((channel) => (
          <Channel key={channel.channel} view={channel} deliveries={deliveries} />
        ))}
      </Table>
      <p className="safety-note quiet alerts-note">
        What is set in the settings file or kept as a secret counts from the next start on. In a terminal:{' '}
        <code className="code">tradebot alerts channels</code> and{' '}
        <code className="code">tradebot alerts test all</code>.
      </p>
    </Panel>
  );
}

function ChannelsBadge({ channels, isQuiet }: Pick<AlertsView, 'channels' | 'isQuiet'>) {
  const on = channels.filter(({ state }) => state !== 'off');
  const unwell = on.filter(({ state }) => state !== 'ready').length;
  if (on.length === 0)
    return (
      <Badge tone="warning" icon="warning">
        none is turned on: alerts are shown in this program only
      </Badge>
    );
  return (
    <>
      {isQuiet ? <Badge>quiet hours: only what is critical goes out</Badge> : null}
      {unwell === 0 ? (
        <Badge tone="good" icon="check">
          all that are turned on are ready
        </Badge>
      ) : (
        <Badge tone="warning" icon="warning">
          {unwell === 1 ? '1 does not work' : `${unwell} do not work`}
        </Badge>
      )}
    </>
  );
}

const LOOKS: Readonly<Record<AlertChannelView['state'], { readonly tone: Tone; readonly icon?: IconName }>> =
  {
    off: { tone: 'plain' },
    lacking: { tone: 'warning', icon: 'warning' },
    ready: { tone: 'good', icon: 'check' },
    failing: { tone: 'danger', icon: 'cross' },
  };

interface ChannelProps {
  readonly view: AlertChannelView;
  readonly deliveries: readonly DeliveryView[];
}

function Channel({ view, deliveries }: ChannelProps) {
  const { channel, state, least, waiting } = view;
  const { test, result, isSending } = useTest(channel);
  const sentAt = lastSentAt(view, deliveries);
  const failure = lastFailure(channel, deliveries);
  const name = ALERT_CHANNEL_WORDS[channel];
  return (
    <tr data-channel={channel} data-state={state}>
      <td>{name}</td>
      <td>
        <Badge {...LOOKS[state]}>{CHANNEL_STATE_WORDS[state]}</Badge>
      </td>
      <td className="alerts-words">
        <Coded words={channelWords(view)} />
        <span role="status" className="alert-message" data-testid={`test-word-${channel}`}>
          {isSending ? 'Sending a test; a channel has 15 s to answer' : <TestWord result={result} />}
        </span>
      </td>
      <td className="wide">{SEVERITY_WORDS[least]}</td>
      <td className="numeric wide">{waiting}</td>
      <td className="number">{sentAt === null ? 'never' : dateTime(sentAt)}</td>
      <td className="alerts-words">
        {failure === null ? (
          'none known'
        ) : (
          <>
            <span className="number">{dateTime(failure.at)}</span>
            <span className="alert-message soft">{failure.problem}</span>
          </>
        )}
      </td>
      <td>
        <button
          type="button"
          className="button button-small"
          aria-label={`Send a test by ${name}`}
          disabled={isSending}
          onClick={() => void test()}
        >
          Test
        </button>
      </td>
    </tr>
  );
}

type TestResult = Pick<AlertTest, 'sent' | 'message'>;

function TestWord({ result }: { readonly result: TestResult | null }) {
  if (result === null) return null;
  return (
    <>
      <Badge {...(result.sent ? LOOKS.ready : LOOKS.failing)}>
        {result.sent ? 'test sent' : 'test not sent'}
      </Badge>{' '}
      <Coded words={result.message} />
    </>
  );
}

function useTest(channel: AlertChannelName) {
  const host = useHost();
  const [result, setResult] = useState<TestResult | null>(null);
  const [isSending, setSending] = useState(false);
  const test = async (): Promise<void> => {
    setSending(true);
    try {
      setResult(await host.call('alerts.test', { channel }));
    } catch (error) {
      setResult({ sent: false, message: failureText(error) });
    } finally {
      setSending(false);
    }
  };
  return { test, result, isSending };
}
