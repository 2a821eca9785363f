import { describe, expect, test } from 'vitest';
import { CallError, type Condition, type MarketState } from '../../core/contract/index.ts';
import { matching } from '../format/matching.ts';
import type { HostConnection } from '../host/index.ts';
import { commandsOf, failureText } from '../program/commands.ts';
import { stalenessOf } from '../program/freshness.ts';
import { useNotices } from '../stores/index.ts';
import { offered } from './command-palette.tsx';
import { shortcutOf } from './shortcuts.ts';
import {
  breakerText,
  engineState,
  moreText,
  standing,
  untoldDifferences,
  waitsForRelease,
} from './standing.ts';
import { feedWords } from './top-bar.tsx';

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

describe('the state of the engine', () => {
  const calm = { tripped: false, reason: null, until: null };

  test.each([
    ['running', false, true, 'Trading', 'running'],
    ['running', true, true, 'No entries', 'paused'],
    ['halted', true, true, 'Halted', 'halted'],
    ['paused', true, true, 'Paused', 'paused'],
    ['running', false, false, 'Not known', 'unknown'],
  ] as const)('%s, breaker tripped %s, heard %s: %s', (trading, tripped, heard, word, state) => {
    expect(engineState({ trading, breaker: { ...calm, tripped } }, heard)).toEqual({ word, state });
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
    ['h', true, { kind: 'go', page: 'trades' }],
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
  const market = (symbol: string, changes: Partial<MarketState> = {}): MarketState => {
    return { symbol, tradable: true, stale: false, ageMs: 200, message: '', ...changes };
  };
  const silent = { stale: true, ageMs: 47_000, message: 'its data is too old' };
  const markets = [market('BTC/USDT'), market('ETH/USDT'), market('SOL/USDT', silent)];

  test.each([
    ['connected and fed', { kind: 'connected' }, 12_000, markets.slice(0, 2), null],
    ['connected, but the program hangs', { kind: 'connected' }, 2_000, markets.slice(0, 2), 'everything'],
    ['never connected', { kind: 'connecting' }, null, undefined, null],
    ['connection lost', { kind: 'disconnected', retryAt: 9 }, 1_000, markets, 'everything'],
    ['a market silent', { kind: 'connected' }, 12_000, markets, 'market'],
    ['status not there yet', { kind: 'connected' }, null, undefined, null],
  ] as const)('%s', (_name, connection, heardAt, given, extent) => {
    expect(stalenessOf(connection, heardAt, given, 13_000)?.extent ?? null).toBe(extent);
  });

  test('says how old it is', () => {
    expect(stalenessOf({ kind: 'disconnected', retryAt: 0 }, 1_000, undefined, 13_000)?.message).toContain(
      '12 s ago',
    );
  });

  const told = (given: readonly MarketState[]) =>
    stalenessOf({ kind: 'connected' }, 12_000, given, 13_000)?.message;

  test('names the symbol in which entries stop, when the others go on', () => {
    expect(told(markets)).toBe(
      'Market data of SOL/USDT is stale: its data is too old; last message 47 s ago. No entries there until it comes back',
    );
  });

  test('speaks of all when all are silent, and gives each reason once', () => {
    const unheard = market('BTC/USDT', { stale: true, ageMs: null, message: 'timed out' });
    expect(told([unheard, { ...unheard, symbol: 'ETH/USDT' }])).toBe(
      'Market data is stale: timed out; no message yet. No entries until it comes back',
    );
  });

  test('counts the symbols beyond the third', () => {
    const many = ['A', 'B', 'C', 'D', 'E'].map((symbol) => market(symbol, { ...silent, message: '' }));
    expect(told([...many, market('F')])).toBe(
      'Market data of A, B, C and 2 more is stale: last message 47 s ago. No entries there until it comes back',
    );
  });

  test.each([
    [[], 'Feed'],
    [[false, false], 'Feed'],
    [[true, true], 'Feed stale'],
    [[true, false, true], '2 of 3 feeds stale'],
  ])('of markets that are stale as in %j the top bar says “%s”', (stale, words) => {
    expect(feedWords(stale.map((each, index) => market(`S${index}`, { stale: each })))).toBe(words);
  });
});

describe('conditions', () => {
  const condition = (id: string, severity: Condition['severity'] = 'warning', message = id): Condition => {
    return { id, severity, message };
  };

  test('critical ones and warnings are banners, in the order given; the others are notes', () => {
    const given = [
      condition('a', 'critical'),
      condition('b', 'info'),
      condition('c'),
      condition('d', 'info'),
    ];
    const { banners, notes } = standing(given);
    expect(banners.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(notes.map(({ id }) => id)).toEqual(['b', 'd']);
  });

  test.each([
    [['warning', 'warning'], 'and 2 more'],
    [['critical', 'warning', 'warning'], 'and 3 more, 1 critical'],
    [['critical', 'critical'], 'and 2 more critical'],
    [['info'], 'and 1 more'],
  ] as const)('behind a button, %j are “%s”', (severities, words) => {
    expect(moreText(severities.map((severity, index) => condition(`${index}`, severity)))).toBe(words);
  });

  const why = '10.42 % below the peak, the limit is 10.00 %';
  test.each([
    [
      why,
      Date.UTC(2025, 0, 7, 9),
      `: ${why}. No new positions until 2025-01-07 09:00 UTC; exits and stops go on.`,
    ],
    [null, Date.UTC(2025, 0, 7, 9), '. No new positions until 2025-01-07 09:00 UTC; exits and stops go on.'],
    [
      `${why}: no entries until you release it`,
      null,
      `: ${why}: no entries until you release it. Exits and stops go on.`,
    ],
    [null, null, '. No new positions until you release it; exits and stops go on.'],
  ])('a breaker tripped for %j until %j says what that stops', (reason, until, words) => {
    expect(breakerText({ tripped: true, reason, until })).toBe(words);
  });

  test.each([
    [{ tripped: true, reason: why, until: null }, true],
    [{ tripped: true, reason: why, until: 5 }, false],
    [{ tripped: false, reason: null, until: null }, false],
    [undefined, false],
  ])('%j waits for the trader: %s', (breaker, waits) => {
    expect(waitsForRelease(breaker)).toBe(waits);
  });

  const differs = 'SOL: 3 should be there, the venue has 2';
  const silent = 'the venue did not answer: timed out';
  const reconciliation = (differences: string[]) => ({ green: differences.length === 0, at: 1, differences });

  test.each([
    ['nothing differs', [], [], []],
    [
      'a condition tells it already',
      [differs],
      [`${differs}. Only reducing orders are allowed in SOL/USDT until this is resolved`],
      [],
    ],
    ['a symbol was frozen then and is no longer', ['BTC/USDT is frozen: a doubt'], [], []],
    ['the venue did not answer', [silent], ['BTC/USDT is frozen: a doubt. No entries there'], [silent]],
    [
      'another condition tells another difference',
      [differs],
      ['SOL: 3 should be there, the venue has 1'],
      [differs],
    ],
  ])('of the comparison is left, when %s', (_name, differences, messages, left) => {
    const conditions = messages.map((message, index) => condition(`${index}`, 'warning', message));
    expect(untoldDifferences({ reconciliation: reconciliation(differences), conditions })).toEqual(left);
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
