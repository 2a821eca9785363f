import { describe, expect, test } from 'vitest';
import type { AlertChannelView, AlertsView, AlertView, DeliveryView } from '../../../core/contract/index.ts';
import {
  channelWords,
  lastFailure,
  lastSentAt,
  outcomeWords,
  routeWords,
  seenWords,
  weightWords,
} from './alert-words.ts';

const NOON = Date.UTC(2025, 0, 5, 12);

const channel = (changes: Partial<AlertChannelView> = {}): AlertChannelView => ({
  ...{ channel: 'slack', state: 'ready', message: 'to the webhook at hooks.slack.com' },
  ...{ least: 'info', waiting: 0, lastSentAt: null, ...changes },
});
const delivery = (changes: Partial<DeliveryView> = {}): DeliveryView => ({
  ...{ id: 'one', time: NOON, channel: 'slack', kind: 'alert', severity: 'info', title: '', text: '' },
  ...{ state: 'sent', attempts: 1, nextAt: null, endedAt: NOON + 1_000, problem: null, ...changes },
});
type Rule = AlertsView['rules'][number];
const rule = (changes: Partial<Rule> = {}): Rule => ({
  ...{ rule: 'venue', name: 'The venue is gone', sent: true, severity: null, ...changes },
});

describe('a channel', () => {
  test.each([
    ['slack', 'slack.webhookUrl'],
    ['email', 'email.password'],
    ['telegram', 'telegram.botToken'],
    ['webhook', 'webhook.url'],
  ] as const)(
    '%s that is off says how it is turned on, and by which command its secret %s is kept',
    (name, secret) => {
      const words = channelWords(channel({ channel: name, state: 'off', message: '' }));
      expect(words).toContain(`alerts.${name}`);
      expect(words).toContain('`tradebot keys set ');
      expect(words).toContain(`${secret}\``);
    },
  );

  test.each([
    ['lacking', 'lacks its token: `x`', 'Lacks its token: `x`'],
    ['ready', 'to the chat 42', 'Has all that it needs, and sends to the chat 42'],
    ['failing', 'no answer', 'Has all that it needs, but the last message did not get out: no answer'],
  ] as const)('that is %s', (state, message, words) => {
    expect(channelWords(channel({ state, message }))).toBe(words);
  });

  test('has sent when the program says so or a message did, whichever is later, and never by a test of another', () => {
    expect(lastSentAt(channel(), [])).toBeNull();
    expect(lastSentAt(channel({ lastSentAt: NOON }), [])).toBe(NOON);
    expect(lastSentAt(channel({ lastSentAt: NOON }), [delivery()])).toBe(NOON + 1_000);
    expect(lastSentAt(channel(), [delivery({ endedAt: null })])).toBe(NOON);
    expect(
      lastSentAt(channel(), [delivery({ channel: 'email' }), delivery({ state: 'refused' })]),
    ).toBeNull();
  });

  test('has failed last where the newest message failed, also one that still waits', () => {
    const refused = delivery({ state: 'refused', problem: '404' });
    const waiting = delivery({ state: 'waiting', time: NOON + 9_000, endedAt: null, problem: 'no answer' });
    expect(lastFailure('slack', [delivery()])).toBeNull();
    expect(lastFailure('email', [refused])).toBeNull();
    expect(lastFailure('slack', [refused])).toEqual({ at: NOON + 1_000, problem: '404' });
    expect(lastFailure('slack', [refused, waiting])).toEqual({ at: NOON + 9_000, problem: 'no answer' });
  });
});

describe('a rule', () => {
  const critical = channel({ channel: 'telegram', least: 'critical' });
  const warnings = channel({ channel: 'email', least: 'warning', state: 'failing' });
  const lacking = channel({ channel: 'webhook', state: 'lacking' });

  test.each([
    [{}, 'as usual'],
    [{ severity: 'info' }, 'information'],
    [{ sent: false }, 'off'],
  ] as const)('%j weighs %s', (changes, words) => {
    expect(weightWords(rule(changes))).toBe(words);
  });

  test.each<[Partial<Rule>, readonly AlertChannelView[], string]>([
    [{}, [channel()], 'Slack'],
    [{}, [channel(), warnings, critical], 'Slack, E-mail (from warnings on), Telegram (critical ones)'],
    [{ severity: 'warning' }, [channel(), warnings, critical], 'Slack, E-mail'],
    [
      { severity: 'info' },
      [warnings, critical],
      'Only shown here: every channel takes only what weighs more',
    ],
    [{ severity: 'critical' }, [channel(), lacking], 'Slack; Webhook once it is ready'],
    [{}, [lacking], 'Nowhere yet: Webhook once it is ready'],
    [{}, [lacking, channel({ state: 'lacking' })], 'Nowhere yet: Webhook, Slack once they are ready'],
    [{}, [channel({ state: 'off' })], 'Only shown here: no channel is turned on'],
    [{ sent: false }, [channel()], 'Only shown here: `alerts.rules.venue` is `off`'],
  ])('%j goes where %j take it: %s', (changes, channels, words) => {
    expect(routeWords(rule(changes), channels)).toBe(words);
  });
});

test.each<[Partial<DeliveryView>, string]>([
  [{}, 'at 12:00:01'],
  [{ attempts: 3 }, 'at 12:00:01, after 3 attempts'],
  [{ state: 'refused', problem: 'Slack says 404' }, 'Slack says 404'],
  [{ state: 'waiting', attempts: 0, nextAt: NOON, endedAt: null }, ''],
  [
    { state: 'waiting', attempts: 2, nextAt: NOON + 10_000, endedAt: null, problem: 'no answer' },
    'no answer, after 2 attempts, tried again at 12:00:10',
  ],
])('what became of a message, %j: %s', (changes, words) => {
  expect(outcomeWords(delivery(changes))).toBe(words);
});

test('only what is critical waits to be acknowledged', () => {
  const alert: AlertView = {
    ...{ id: 'one', time: NOON, severity: 'warning', rule: 'venue', title: '', message: '' },
    acknowledged: null,
  };
  expect(seenWords(alert)).toBe('');
  expect(seenWords({ ...alert, severity: 'critical' })).toBe('waits for you');
  const acknowledged = { at: NOON, by: 'the trader from the window' };
  expect(seenWords({ ...alert, severity: 'critical', acknowledged })).toBe(
    'the trader from the window, 2025-01-05 12:00',
  );
});
