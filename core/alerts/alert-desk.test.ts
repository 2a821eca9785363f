import { expect, test } from 'vitest';
import { alertRecord } from '../../tests/contracts/alert-store-contract.ts';
import { AlertSettingsSchema } from '../contract/index.ts';
import { type AlertRecord, ManualClock } from '../domain/index.ts';
import { AlertDesk, type OpenedChannel } from './alert-desk.ts';
import { DeliveryFailure } from './channel.ts';
import { MemoryDeliveryStore } from './testing/memory-delivery-store.ts';
import { START } from './testing/queue-scene.ts';

const MINUTE = 60_000;

function scene(settings: object = {}, at = START) {
  const clock = new ManualClock(at);
  const store = new MemoryDeliveryStore();
  const sent: string[] = [];
  const troubles: string[] = [];
  let open: readonly AlertRecord[] = [];
  let fails = false;
  const channels: readonly OpenedChannel[] = [
    {
      ...{ name: 'slack', least: 'info', to: 'to Slack' },
      channel: {
        name: 'slack',
        send: async ({ title }) => {
          if (fails) throw new DeliveryFailure('answered 500', { passing: true });
          sent.push(title);
          return 'taken';
        },
      },
    },
    { name: 'webhook', least: 'warning', lacks: 'lacks its address' },
  ];
  const desk = new AlertDesk({
    ...{ settings: AlertSettingsSchema.parse(settings), channels, clock, store },
    open: () => open,
    clean: (text) => text,
    onTrouble: (channel, problem) => troubles.push(`${channel}: ${problem}`),
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    ...{ desk, clock, store, sent, troubles },
    take(alert: AlertRecord): void {
      if (alert.severity === 'critical') open = [...open, alert];
      desk.take(alert);
    },
    acknowledgeAll(): void {
      open = [];
    },
    setFailing(is: boolean): void {
      fails = is;
    },
    async after(ms: number): Promise<void> {
      clock.advanceTo(clock.now() + ms);
      desk.step();
      await settle();
    },
  };
}

const critical = (id: string) => alertRecord(id, { severity: 'critical', rule: 'unprotected' });

test('an alert leaves with the next step, and what is noted of it says so', async () => {
  const { desk, sent, take, after } = scene();
  take(alertRecord('a'));
  expect(sent).toEqual([]);
  await after(1_000);
  expect(sent).toEqual(['title a']);
  expect(desk.view().deliveries.map(({ title, state }) => [title, state])).toEqual([['title a', 'sent']]);
});

test('what is critical is told again every 15 minutes until it is acknowledged, by night as by day', async () => {
  const night = Date.UTC(2026, 0, 5, 23);
  const { sent, take, after, acknowledgeAll } = scene(
    { quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC' } },
    night,
  );
  take(critical('a'));
  await after(1_000);
  await after(15 * MINUTE - 1_001);
  expect(sent).toEqual(['title a']);
  await after(1);
  expect(sent).toEqual(['title a', 'Not acknowledged: title a']);
  take(critical('b'));
  await after(1_000);
  await after(15 * MINUTE - 1_000);
  expect(sent.slice(2)).toEqual(['title b', '2 critical alerts are not acknowledged']);
  acknowledgeAll();
  await after(60 * MINUTE);
  expect(sent).toHaveLength(4);
});

test('nothing is told again where the setting says so, and no rule that is turned off', async () => {
  for (const settings of [{ repeatMinutes: null }, { rules: { unprotected: 'off' } }]) {
    const { sent, take, after } = scene(settings);
    take(critical('a'));
    await after(1_000);
    const before = sent.length;
    await after(60 * MINUTE);
    expect(sent).toHaveLength(before);
  }
});

test('a test tells what came of it; one of a channel that is off or lacks something says what to do', async () => {
  const { desk, after, setFailing } = scene();
  const first = desk.test('slack');
  await after(0);
  expect(await first).toEqual({ channel: 'slack', sent: true, message: 'taken' });
  setFailing(true);
  const second = desk.test('slack');
  await after(1_000);
  expect(await second).toEqual({ channel: 'slack', sent: false, message: 'answered 500' });
  expect(await desk.test('webhook')).toEqual({
    ...{ channel: 'webhook', sent: false, message: 'lacks its address' },
  });
});

test('the channels are shown with their state, and trouble is told', async () => {
  const { desk, take, after, setFailing, troubles } = scene({ rules: { disk: 'off', drawdown: 'critical' } });
  setFailing(true);
  take(alertRecord('a'));
  await after(0);
  const { channels, rules, isQuiet } = desk.view();
  expect(channels.filter(({ state }) => state !== 'off')).toEqual([
    {
      ...{ channel: 'slack', state: 'failing', message: 'answered 500', least: 'info' },
      ...{ waiting: 1, lastSentAt: null },
    },
    {
      ...{ channel: 'webhook', state: 'lacking', message: 'lacks its address', least: 'warning' },
      ...{ waiting: 0, lastSentAt: null },
    },
  ]);
  expect(channels.filter(({ state }) => state === 'off').map(({ message }) => message)).toEqual([
    'turned off: set alerts.email.enabled',
    'turned off: set alerts.telegram.enabled',
  ]);
  expect(rules.filter(({ sent, severity }) => !sent || severity !== null)).toMatchObject([
    { rule: 'drawdown', sent: true, severity: 'critical' },
    { rule: 'disk', sent: false, severity: null },
  ]);
  expect([isQuiet, troubles]).toEqual([false, ['slack: answered 500']]);
});

test('the end of the program sends what is due, and leaves the rest to the next start', async () => {
  const { desk, sent, take, store, after, setFailing } = scene({ digestMinutes: 60 });
  take(alertRecord('a', { severity: 'info' }));
  take(alertRecord('b'));
  await desk.drain();
  expect(sent).toEqual(['title b', 'title a']);
  setFailing(true);
  take(alertRecord('c', { rule: 'data' }));
  await after(0);
  take(alertRecord('d', { rule: 'disk' }));
  await desk.drain();
  await desk.close();
  expect(store.waiting().map(({ title }) => title)).toEqual(['title c', 'title d']);
});
