import { describe, expect, test } from 'vitest';
import type { AlertView } from '../contract/index.ts';
import {
  type AlertRecord,
  type AlertStore,
  type Logger,
  ManualClock,
  SILENT_LOGGER,
} from '../domain/index.ts';
import { AlertCenter } from './alerts.ts';

function memoryStore(): AlertStore & { readonly alerts: AlertRecord[] } {
  const alerts: AlertRecord[] = [];
  return {
    alerts,
    append: (alert) => void alerts.push(alert),
    recent: (limit) => alerts.slice(-limit),
    open: (limit) =>
      alerts
        .filter(({ severity, acknowledged }) => severity === 'critical' && acknowledged === null)
        .slice(-limit),
    acknowledge: (ids, acknowledged) => {
      for (const [index, alert] of alerts.entries())
        if (ids.includes(alert.id)) alerts[index] = { ...alert, acknowledged };
    },
  };
}

function start(store?: AlertStore, at = 1_000) {
  const clock = new ManualClock(at);
  const logged: string[] = [];
  const log: Logger = {
    ...SILENT_LOGGER,
    info: (_fields, message) => logged.push(`info ${message}`),
    warn: (_fields, message) => logged.push(`warn ${message}`),
    error: (_fields, message) => logged.push(`error ${message}`),
  };
  const center = new AlertCenter({ clock, log, quietMs: 100, ...(store === undefined ? {} : { store }) });
  const heard: AlertView[] = [];
  const stop = center.onAlert((alert) => heard.push(alert));
  const changes: AlertView[] = [];
  center.onChange((changed) => changes.push(...changed));
  return { center, clock, logged, heard, stop, changes };
}

describe('AlertCenter', () => {
  test('an alert reaches listeners, log and store', () => {
    const store = memoryStore();
    const { center, heard, logged } = start(store);
    center.raise('critical', 'Kill switch', 'engaged by the trader', { rule: 'kill-switch' });
    const alert = {
      id: '1000-1',
      time: 1_000,
      severity: 'critical',
      rule: 'kill-switch',
      title: 'Kill switch',
      message: 'engaged by the trader',
      acknowledged: null,
    };
    const record = { ...alert, about: 'Kill switch engaged by the trader' };
    expect(heard).toEqual([record]);
    expect(store.alerts).toEqual([record]);
    expect(center.recent()).toEqual([alert]);
    expect(logged).toEqual(['error engaged by the trader']);
  });

  test.each([
    ['info', 'info'],
    ['warning', 'warn'],
    ['critical', 'error'],
  ] as const)('severity %s is logged as %s', (severity, level) => {
    const { center, logged } = start();
    center.raise(severity, 'title', 'text');
    expect(logged).toEqual([`${level} text`]);
  });

  test('the same alert is raised once in a while, however often it is reported', () => {
    const { center, clock, heard } = start();
    for (const time of [1_000, 1_050, 1_099, 1_100, 1_150, 1_200]) {
      clock.advanceTo(time);
      center.raise('warning', 'Feed', 'stale');
    }
    expect(heard.map(({ time }) => time)).toEqual([1_000, 1_100, 1_200]);
  });

  test('a key makes alerts with different texts the same, a graver one is never the same', () => {
    const { center, heard } = start();
    center.raise('warning', 'Feed', 'stale for 31 s', { key: 'feed:BTC' });
    center.raise('warning', 'Feed', 'stale for 32 s', { key: 'feed:BTC' });
    center.raise('warning', 'Feed', 'stale for 32 s', { key: 'feed:ETH' });
    center.raise('critical', 'Feed', 'stale for 60 s', { key: 'feed:BTC' });
    expect(heard.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'warning stale for 31 s',
      'warning stale for 32 s',
      'critical stale for 60 s',
    ]);
  });

  test('keeps the last hundred, oldest first', () => {
    const { center } = start();
    for (let number = 1; number <= 150; number += 1) center.raise('info', 'n', `${number}`);
    expect(center.recent()).toHaveLength(100);
    expect(center.recent(2).map(({ message }) => message)).toEqual(['149', '150']);
    expect(center.recent(0)).toEqual([]);
  });

  test('after a restart earlier alerts are there, and no id comes twice though the clock went back', () => {
    const store = memoryStore();
    const first = start(store);
    first.center.raise('info', 'a', 'first');
    const second = start(store);
    second.center.raise('info', 'a', 'second');
    expect(second.center.recent().map(({ message }) => message)).toEqual(['first', 'second']);
    expect(new Set(store.alerts.map(({ id }) => id)).size).toBe(2);
  });

  test('a store or listener that fails keeps nobody else from hearing', () => {
    const failing: AlertStore = {
      append: () => {
        throw new Error('disk full');
      },
      recent: () => [],
      open: () => [],
      acknowledge: () => undefined,
    };
    const { center, logged } = start(failing);
    center.onAlert(() => {
      throw new Error('listener broken');
    });
    const late: string[] = [];
    center.onAlert(({ title }) => late.push(title));
    center.raise('critical', 'Stop', 'text');
    expect(late).toEqual(['Stop']);
    expect(logged).toEqual([
      'error text',
      'error an alert could not be stored',
      'error an alert was not taken',
    ]);
  });

  test('after its disposer is called a listener hears nothing', () => {
    const { center, heard, stop } = start();
    stop();
    stop();
    center.raise('info', 'a', 'b');
    expect(heard).toEqual([]);
  });

  test('a critical alert is open until the trader acknowledges it, over a restart', () => {
    const store = memoryStore();
    const { center, clock, changes } = start(store);
    center.raise('critical', 'Stop', 'a', { key: 'a' });
    center.raise('critical', 'Stop', 'b', { key: 'b' });
    center.raise('warning', 'Feed', 'stale');
    expect(center.open.map(({ message }) => message)).toEqual(['a', 'b']);
    clock.advanceTo(1_500);
    expect(center.acknowledge(center.open[0]?.id, 'the trader')).toBe(1);
    expect(changes.map(({ message, acknowledged }) => [message, acknowledged])).toEqual([
      ['a', { at: 1_500, by: 'the trader' }],
    ]);
    expect(center.recent().map(({ acknowledged }) => acknowledged?.by)).toEqual([
      'the trader',
      undefined,
      undefined,
    ]);
    const after = start(store, 2_000).center;
    expect(after.open.map(({ message }) => message)).toEqual(['b']);
    expect(after.acknowledge('unknown', 'the trader')).toBe(0);
    expect(after.acknowledge(undefined, 'the trader')).toBe(1);
    expect(start(store, 3_000).center.open).toEqual([]);
  });

  test('what is over needs nobody, and is told again when it begins again, however soon', () => {
    const { center, heard } = start();
    center.raise('critical', 'Stop', 'once', { key: 'stop' });
    center.over('another');
    expect(center.open).toHaveLength(1);
    center.over('stop');
    expect(center.open).toEqual([]);
    center.raise('critical', 'Stop', 'again', { key: 'stop' });
    expect(heard.map(({ message }) => message)).toEqual(['once', 'again']);
  });

  test('of critical alerts about the same the newest is the one to acknowledge', () => {
    const { center, clock } = start();
    center.raise('critical', 'Stop', 'once', { key: 'stop' });
    clock.advanceTo(1_200);
    center.raise('critical', 'Stop', 'twice', { key: 'stop' });
    expect(center.open.map(({ message }) => message)).toEqual(['twice']);
  });

  test('an alert holds no secret, whoever raised it', () => {
    const store = memoryStore();
    const { center, logged } = start(store);
    const secret = 'sk-aaaaaaaaaaaaaaaaaaaaaaaa';
    center.raise('warning', 'A call failed', `the key ${secret} is wrong`);
    expect(JSON.stringify([store.alerts, center.recent(), logged])).not.toContain(secret);
  });
});
