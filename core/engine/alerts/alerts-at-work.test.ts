import { afterEach, expect, test } from 'vitest';
import { type HttpSink, httpSink } from '../../alerts/testing/http-sink.ts';
import { MemoryDeliveryStore } from '../../alerts/testing/memory-delivery-store.ts';
import { AlertSettingsSchema, type StatusView } from '../../contract/index.ts';
import { ManualClock, SILENT_LOGGER } from '../../domain/index.ts';
import { AlertCenter } from '../../monitoring/index.ts';
import { StopAlerts } from '../emergency/stop-alerts.ts';
import type { Secrets } from '../installation/secrets.ts';
import { SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { AlertsAtWork } from './alerts-at-work.ts';
import { withoutSecrets } from './without-secrets.ts';

const START = Date.UTC(2026, 0, 5, 12);
const SECRET_PATH = '/services/T0000/B0000/abcdefghijkl';

let sink: HttpSink | undefined;
afterEach(async () => sink?.close());

const STATUS = {
  ...{ markets: [], llm: null, strategy: 'trend', marketTime: START, conditions: [] },
  reconciliation: { green: true, at: 1, differences: [] },
};

async function scene(settings: object = { slack: { enabled: true } }) {
  const slack = await httpSink({ status: 200, body: 'ok' });
  sink = slack;
  const clock = new ManualClock(START);
  const known = new Map([['slack.webhookUrl', `${slack.url}${SECRET_PATH}`]]);
  const secrets: Secrets = { read: (name) => known.get(name), sourceOf: () => 'memory' };
  const center = new AlertCenter({ clock, log: SILENT_LOGGER, clean: withoutSecrets(secrets) });
  const alerts = new AlertsAtWork({
    settings: AlertSettingsSchema.parse(settings),
    ...{ secrets, center, deliveries: new MemoryDeliveryStore(), clock, timers: SYSTEM_TIMERS, fetch },
    ...{ quote: 'USDT', open: () => [], positions: () => [], log: SILENT_LOGGER },
    facts: () => ({ status: STATUS, drawdown: null, mirror: null, freeDiskBytes: null, models: null }),
  });
  return {
    ...{ alerts, center, clock, slack },
    texts: () => slack.posted.map(({ body }) => JSON.parse(body).text as string),
    async after(ms: number, posts: number): Promise<void> {
      clock.advanceTo(clock.now() + ms);
      alerts.step();
      await slack.got(posts);
      await alerts.close();
    },
  };
}

const killSwitch = (engaged: boolean): Pick<StatusView, 'breaker' | 'killSwitch'> => ({
  breaker: { tripped: false, reason: null, until: null },
  killSwitch: {
    engaged,
    at: null,
    reason: engaged ? 'pressed' : null,
    stage: engaged ? 'flat' : 'armed',
    failures: [],
  },
});

test('the kill switch is told by Slack and told again until it is reset; the reset raises nothing', async () => {
  const { center, clock, texts, after } = await scene();
  const stops = new StopAlerts(center);
  stops.look(killSwitch(true));
  await after(1_000, 1);
  await after(15 * 60_000, 2);
  stops.look(killSwitch(false));
  clock.advanceTo(clock.now() + 3_600_000);
  await after(3_600_000, 2);
  expect(texts()).toEqual([
    ':rotating_light: *Entries have stopped*\nKill switch engaged: pressed',
    expect.stringMatching(/^:rotating_light: \*Not acknowledged: Entries have stopped\*/),
  ]);
  expect(center.open).toEqual([]);
});

test('acknowledged is told no more, and who did it is noted; what is not there is refused', async () => {
  const { alerts, center, slack, after } = await scene();
  center.raise('critical', 'Stop', 'text');
  await after(1_000, 1);
  const [open] = alerts.view().open;
  expect(() => alerts.acknowledge({ id: 'unknown' })).toThrow(/no critical alert unknown waits/);
  const view = alerts.acknowledge({ id: open?.id, from: 'command-line' });
  expect(view.open).toEqual([]);
  expect(view.alerts.at(-1)?.acknowledged?.by).toBe('the trader from the command line');
  expect(alerts.acknowledge({}).open).toEqual([]);
  await after(3_600_000, 1);
  expect(slack.posted).toHaveLength(1);
});

test('what opens a channel is in no view, whatever the other side says', async () => {
  const { alerts, center, slack, after } = await scene();
  slack.answers({ status: 403, body: `no ${SECRET_PATH} at ${slack.url}${SECRET_PATH}` });
  center.raise('warning', 'Trouble', `with ${slack.url}${SECRET_PATH}`);
  await after(1_000, 1);
  alerts.step();
  await alerts.close();
  const shown = JSON.stringify([alerts.view(), center.recent()]);
  expect(shown).not.toContain('abcdefghijkl');
  expect(shown).toContain('answered 403');
  expect(center.recent().at(-1)?.title).toBe('Alerts do not get out by Slack');
});

test.each([
  ['webhook', {}, 'Webhook: lacks its address: `tradebot keys set webhook.url`'],
  [
    'email',
    { host: 'mail', user: 'me', from: 'b@example.com', to: ['a@example.com'] },
    'E-mail: lacks its password, which `tradebot keys set email.password` keeps',
  ],
  [
    'telegram',
    { chatId: '42' },
    'Telegram: lacks its token, which `tradebot keys set telegram.botToken` keeps',
  ],
])(
  '%s that lacks its secret is told at the start with the command that keeps it, and is shown so',
  async (name, settings, told) => {
    const { alerts, center } = await scene({ [name]: { enabled: true, ...settings } });
    alerts.tellWhatLacks();
    expect(center.recent().map(({ title, message }) => `${title}: ${message}`)).toEqual([
      `Alerts do not get out by ${told}`,
    ]);
    expect(alerts.view().channels.find(({ channel }) => channel === name)?.state).toBe('lacking');
  },
);

test('a look that fails keeps nothing from getting out', async () => {
  const { alerts, center, slack } = await scene();
  center.raise('warning', 'Trouble', 'text');
  const broken = new AlertsAtWork({
    settings: AlertSettingsSchema.parse({ slack: { enabled: true } }),
    secrets: { read: () => `${slack.url}${SECRET_PATH}`, sourceOf: () => 'memory' },
    ...{
      center,
      deliveries: new MemoryDeliveryStore(),
      clock: new ManualClock(START),
      timers: SYSTEM_TIMERS,
      fetch,
    },
    ...{ quote: 'USDT', open: () => [], positions: () => [], log: SILENT_LOGGER },
    facts: () => {
      throw new Error('the books cannot be read');
    },
  });
  center.raise('warning', 'Other trouble', 'text', { rule: 'data' });
  expect(() => broken.step()).toThrow('the books cannot be read');
  await slack.got(1);
  await broken.close();
  await alerts.close();
  expect(slack.posted.length).toBeGreaterThan(0);
});
