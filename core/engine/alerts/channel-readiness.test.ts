import { expect, test } from 'vitest';
import { AlertSettingsSchema } from '../../contract/index.ts';
import { channelReadiness } from './channel-readiness.ts';

const SETTINGS = AlertSettingsSchema.parse({
  slack: { enabled: true },
  email: { enabled: true, host: 'mail', user: 'me', from: 'b@example.com', to: ['a@example.com'] },
  webhook: { enabled: true, template: 'ntfy' },
});
const read = (name: string): string | undefined =>
  ({ 'slack.webhookUrl': 'https://hooks.slack.com/services/T/B/x' })[name];

test('a channel that has what it needs says where it sends to, and how a test is sent', () => {
  expect(channelReadiness('slack', SETTINGS, { read })).toBe(
    'ready, to the webhook at hooks.slack.com; `tradebot alerts test slack` sends a test',
  );
});

test('a channel that is off says what turns it on, whatever else is there', () => {
  expect(channelReadiness('telegram', SETTINGS, { read: () => 'x' })).toBe(
    'off: set alerts.telegram.enabled to turn it on',
  );
});

test.each([
  ['email', 'lacks its password, which `tradebot keys set email.password` keeps'],
  ['webhook', 'lacks its address: `tradebot keys set webhook.url`'],
] as const)(
  '%s that is turned on and lacks its secret is wrong, with the command that keeps it',
  (name, line) => {
    expect(() => channelReadiness(name, SETTINGS, { read })).toThrow(line);
  },
);
