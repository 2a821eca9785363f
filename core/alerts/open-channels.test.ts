import { expect, test } from 'vitest';
import { AlertSettingsSchema } from '../contract/index.ts';
import { openChannels, usesChannels } from './open-channels.ts';

function opened(settings: object, secrets: Readonly<Record<string, string>> = {}) {
  return openChannels({
    settings: AlertSettingsSchema.parse(settings),
    secrets: { read: (name) => secrets[name] },
    fetch,
  }).map((channel) => [channel.name, 'lacks' in channel ? channel.lacks : channel.to]);
}

const SLACK = { slack: { enabled: true } };

test('nothing is opened that is not turned on', () => {
  expect(opened({}, { 'slack.webhookUrl': 'https://hooks.slack.com/services/T/B/x' })).toEqual([]);
  expect(usesChannels(AlertSettingsSchema.parse({}))).toBe(false);
  expect(usesChannels(AlertSettingsSchema.parse(SLACK))).toBe(true);
});

test('of an address that is a secret only the host is said', () => {
  const secrets = {
    'slack.webhookUrl': 'https://hooks.slack.com/services/T/B/x',
    'webhook.url': 'https://ntfy.sh/my-topic',
  };
  expect(opened({ ...SLACK, webhook: { enabled: true, template: 'ntfy' } }, secrets)).toEqual([
    ['slack', 'to the webhook at hooks.slack.com'],
    ['webhook', 'as ntfy to ntfy.sh'],
  ]);
});

test.each([
  [undefined, 'lacks its address: `tradebot keys set slack.webhookUrl`'],
  [
    'hooks.slack.com/x',
    'slack.webhookUrl is no address that begins with https://: `tradebot keys set slack.webhookUrl`',
  ],
  [
    'file:///etc/passwd',
    'slack.webhookUrl is no address that begins with https://: `tradebot keys set slack.webhookUrl`',
  ],
  [
    'https://me:sesame@host/x',
    'slack.webhookUrl must be without a name and password: a token belongs into webhook.token',
  ],
])('a channel that is turned on and has %s for an address says what it lacks', (address, message) => {
  expect(opened(SLACK, address === undefined ? {} : { 'slack.webhookUrl': address })).toEqual([
    ['slack', message],
  ]);
});
