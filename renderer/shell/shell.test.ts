import { describe, expect, test } from 'vitest';
import { CallError } from '../../core/contract/index.ts';
import { matching } from '../format/matching.ts';
import type { HostConnection } from '../host/index.ts';
import { commandsOf, failureText } from '../program/commands.ts';
import { stalenessOf } from '../program/freshness.ts';
import { useNotices } from '../stores/index.ts';
import { offered } from './command-palette.tsx';
import { shortcutOf } from './shortcuts.ts';

describe('the palette', () => {
  const commands = ['Go to Trade', 'Show BTC/USDT', 'Pause trading'].map((title) => ({
    title,
    icon: 'trade' as const,
    run: () => undefined,
  }));
  const kill = {
    title: 'Kill switch: cancel and close everything now (emergency stop)',
    icon: 'stop' as const,
    onlyFor: ['kill', 'emergency', 'stop'],
    run: () => undefined,
  };

  test.each(['', 'a', 'an', 'c', 'cl', 'close', 'no', 'ev', 'sw', 'ki', 'sto'])(
    'never offers the kill switch for “%s”',
    (typed) => {
      expect(offered([...commands, kill], typed)).not.toContain(kill);
    },
  );

  test.each(['kill', 'stop', 'emergency', 'kill switch', 'KILL'])('offers it for “%s”', (typed) => {
    expect(offered([...commands, kill], typed)).toEqual([kill]);
  });
});

describe('shortcuts', () => {
  const press = (key: string, changes: { command?: boolean; typing?: boolean } = {}) => ({
    key,
    command: false,
    typing: false,
    ...changes,
  });

  test.each([
    ['g', false, { kind: 'prefix' }],
    ['t', true, { kind: 'go', page: 'trade' }],
    ['d', true, { kind: 'go', page: 'decisions' }],
    ['o', true, { kind: 'go', page: 'orders' }],
    ['p', true, { kind: 'go', page: 'performance' }],
    ['s', true, { kind: 'go', page: 'settings' }],
    ['t', false, undefined],
    ['x', true, undefined],
    ['?', false, { kind: 'show', dialog: 'help' }],
    ['[', false, { kind: 'symbol', step: -1 }],
    [']', false, { kind: 'symbol', step: 1 }],
  ] as const)('%s, after g %s, is %j', (key, afterPrefix, shortcut) => {
    expect(shortcutOf(press(key), afterPrefix)).toEqual(shortcut);
  });

  test('while typing only the command key counts', () => {
    expect(shortcutOf(press('?', { typing: true }), false)).toBeUndefined();
    expect(shortcutOf(press('K', { typing: true, command: true }), false)).toEqual({
      kind: 'show',
      dialog: 'palette',
    });
    expect(shortcutOf(press('c', { command: true }), false)).toBeUndefined();
  });
});

describe('staleness', () => {
  const feed = { lastMessageAgeMs: 200, stale: false, gaps: 0 };
  test.each([
    ['connected and fed', { kind: 'connected' }, 12_000, feed, null],
    ['connected, but the program hangs', { kind: 'connected' }, 2_000, feed, 'everything'],
    ['never connected', { kind: 'connecting' }, null, undefined, null],
    ['connection lost', { kind: 'disconnected', retryAt: 9 }, 1_000, feed, 'everything'],
    [
      'feed silent',
      { kind: 'connected' },
      12_000,
      { ...feed, lastMessageAgeMs: 47_000, stale: true },
      'market',
    ],
    [
      'feed not there yet',
      { kind: 'connected' },
      12_000,
      { ...feed, lastMessageAgeMs: null, stale: true },
      'market',
    ],
    ['status not there yet', { kind: 'connected' }, null, undefined, null],
  ] as const)('%s', (_name, connection, heardAt, given, extent) => {
    expect(stalenessOf(connection, heardAt, given, 13_000)?.extent ?? null).toBe(extent);
  });

  test('says how old it is', () => {
    expect(stalenessOf({ kind: 'disconnected', retryAt: 0 }, 1_000, undefined, 13_000)?.message).toContain(
      '12 s ago',
    );
  });
});

describe('finding by words', () => {
  const items = ['Kill switch', 'Light theme', 'Show ETH/USDT'];
  test.each([
    ['', items],
    ['sw', ['Kill switch']],
    ['show eth', ['Show ETH/USDT']],
    ['th', ['Light theme', 'Show ETH/USDT']],
    ['zebra', []],
  ])('%j finds %j', (query, found) => {
    expect(matching(items, query, (item) => item)).toEqual(found);
  });
});

describe('commands', () => {
  const refusing = (error: Error): HostConnection =>
    ({ call: () => Promise.reject(error) }) as unknown as HostConnection; // only `call` is used

  test('a stop that was not confirmed says so, and how to stop without this window', async () => {
    const commands = commandsOf(refusing(new CallError('DISCONNECTED', 'not connected')));
    await expect(commands.emergencyStop()).resolves.toBe(false);
    expect(useNotices.getState().notices.at(-1)?.message).toMatch(/not connected.*tradebot kill/);
  });

  test('a pause that failed says so', async () => {
    await expect(commandsOf(refusing(new CallError('CONFLICT', 'halted'))).pause()).resolves.toBe(false);
    expect(useNotices.getState().notices.at(-1)?.message).toBe('Trading was not paused: halted.');
  });

  test('whatever was thrown has words', () => {
    expect(failureText(new Error('broken'))).toBe('broken');
    expect(failureText('odd')).toBe('odd');
  });
});
