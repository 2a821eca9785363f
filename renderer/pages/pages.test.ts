import { describe, expect, test } from 'vitest';
import { type DecisionView, SettingsSchema } from '../../core/contract/index.ts';
import { percent } from '../format/index.ts';
import { reasonText } from './decision-badge.tsx';
import { votesLine, worthShowing } from './decision-words.ts';
import { candleShapes } from './decisions/candle-shapes.ts';
import { consensusOf } from './decisions/consensus-arithmetic.ts';
import { EVERYTHING, isFiltering, joinDecisions, matchesFilter } from './decisions/decision-filter.ts';
import { unaskedText } from './decisions/verdict-list.tsx';
import { entryCostNote, entryCostText } from './entry-cost.ts';
import { sampleText } from './performance/results.ts';
import { settingGroups } from './settings/settings-catalogue.ts';
import { growthWords, mirrorWords } from './settings/storage-words.ts';

const decision = (changes: Partial<DecisionView> = {}): DecisionView => ({
  id: 'one',
  symbol: 'BTC/USDT',
  timeframe: '1h',
  barOpenTime: 0,
  time: 1,
  close: 1,
  regime: 'ranging',
  proposedBy: null,
  proposal: null,
  judgement: null,
  action: 'BUY',
  outcome: 'blocked',
  exit: null,
  reasonCode: 'too-costly',
  reason: 'costs more than it earns',
  support: { BUY: 0.4, SELL: 0, HOLD: 0.27 },
  threshold: 0.25,
  votes: [
    {
      kind: 'vote',
      voter: 'bull',
      source: 'rules',
      action: 'BUY',
      confidence: 0.8,
      weight: 0.5,
      thesis: 'A squeeze',
      evidence: [],
      invalidation: '',
      horizonBars: 5,
    },
    {
      kind: 'vote',
      voter: 'bear',
      source: 'rules',
      action: 'HOLD',
      confidence: 0.54,
      weight: 0.5,
      thesis: 'Nothing',
      evidence: [],
      invalidation: '',
      horizonBars: 5,
    },
    {
      kind: 'abstention',
      voter: 'ensemble',
      source: 'models',
      code: 'model-expired',
      message: 'all models expired',
    },
  ],
  verdicts: [],
  features: {},
  positionQuantity: '0',
  orderIds: [],
  thinkingMs: null,
  ...changes,
});

describe('the latest decisions', () => {
  test('leave out bars on which the strategy decided nothing, but for the latest of each symbol', () => {
    const waits = { reasonCode: 'not-its-time', proposedBy: 'trend' } as const;
    const all = [
      decision({ id: 'a' }),
      decision({ id: 'b', ...waits }),
      decision({ id: 'c', ...waits, symbol: 'ETH/USDT' }),
      decision({ id: 'd', ...waits }),
    ];
    expect(worthShowing(all).map(({ id }) => id)).toEqual(['a', 'c', 'd']);
  });

  test('say in a line who said what', () => {
    expect(votesLine(decision())).toBe('Bull BUY, Bear HOLD, Ensemble abstains');
  });
});

describe('filtering decisions', () => {
  test.each([
    [{}, true],
    [{ symbol: 'BTC/USDT' }, true],
    [{ symbol: 'ETH/USDT' }, false],
    [{ outcome: 'blocked' }, true],
    [{ outcome: 'traded' }, false],
    [{ search: 'COSTS' }, true],
    [{ search: 'squeeze' }, true],
    [{ search: 'expired' }, true],
    [{ search: ' ' }, true],
    [{ search: 'zebra' }, false],
  ] as const)('%j: %s', (changes, expected) => {
    expect(matchesFilter(decision(), { ...EVERYTHING, ...changes })).toBe(expected);
  });

  test('found and live ones are one list, newest first, each once', () => {
    const found = [decision({ id: 'a', time: 1 }), decision({ id: 'b', time: 2 })];
    const live = [
      decision({ id: 'b', time: 2 }),
      decision({ id: 'c', time: 3 }),
      decision({ id: 'd', time: 4, outcome: 'held' }),
    ];
    const joined = joinDecisions(found, live, { ...EVERYTHING, outcome: 'blocked' });
    expect(joined.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });

  test('symbols of the same moment stand in the order of their names', () => {
    const live = [decision({ id: 'x', symbol: 'SOL/USDT' }), decision({ id: 'y', symbol: 'BTC/USDT' })];
    expect(joinDecisions([], live, EVERYTHING).map(({ id }) => id)).toEqual(['y', 'x']);
  });

  test('only a filter that asks for something filters', () => {
    expect(isFiltering(EVERYTHING)).toBe(false);
    expect(isFiltering({ ...EVERYTHING, search: 'x' })).toBe(true);
    expect(isFiltering({ ...EVERYTHING, symbol: 'x' })).toBe(true);
    expect(isFiltering({ ...EVERYTHING, outcome: 'held' })).toBe(true);
  });
});

describe('a decision that was cut short', () => {
  const late = {
    outcome: 'held',
    reasonCode: 'late',
    reason: 'the answer came 4.2 s after the next bar closed',
  } as const;

  test.each([
    [{ ...late, thinkingMs: 72_400 }, `72.4 s of thinking: ${late.reason}`],
    [{ ...late, thinkingMs: null }, late.reason],
    [
      { ...late, reasonCode: 'abandoned', reason: 'the program stopped', thinkingMs: 900 },
      '0.9 s of thinking: the program stopped',
    ],
    [{ ...late, reasonCode: 'holding', reason: 'position kept', thinkingMs: 900 }, 'position kept'],
  ])('%j reads %s', (given, text) => {
    expect(reasonText(given)).toBe(text);
  });

  test.each([
    [{ outcome: 'held', reasonCode: 'late' }, 'the decision ended before it came to them'],
    [{ outcome: 'held', reasonCode: 'abandoned' }, 'the decision ended before it came to them'],
    [{ outcome: 'blocked', reasonCode: 'not-tradable' }, 'the order was stopped before they came to it'],
    [{ outcome: 'held', reasonCode: 'holding' }, 'nothing was to be ordered'],
  ] as const)('%j: the safety layers were not asked because %s', (given, text) => {
    expect(unaskedText(given)).toBe(text);
  });
});

describe('the consensus as a sum', () => {
  test('each action lists those who voted for it; who abstained is in none', () => {
    const { lines, leader, margin, enough } = consensusOf(decision());
    expect(lines.map(({ action, terms }) => [action, terms.map(({ voter }) => voter)])).toEqual([
      ['BUY', ['bull']],
      ['SELL', []],
      ['HOLD', ['bear']],
    ]);
    expect(lines[0]?.terms[0]).toEqual({ voter: 'bull', weight: 0.5, confidence: 0.8 });
    expect({ leader, margin, enough }).toEqual({ leader: 'BUY', margin: 0.4, enough: true });
  });

  test.each([
    [{ BUY: 0.1, SELL: 0.3, HOLD: 0 }, 'SELL', false],
    [{ BUY: 0, SELL: 0.3, HOLD: 0 }, 'SELL', true],
  ] as const)('%j: %s leads, enough: %s', (support, leader, enough) => {
    expect(consensusOf(decision({ support }))).toMatchObject({ leader, enough });
  });

  test('a lead of nothing is never enough', () => {
    expect(consensusOf(decision({ support: { BUY: 0, SELL: 0, HOLD: 1 }, threshold: 0 })).enough).toBe(false);
  });
});

describe('what getting in has cost', () => {
  const cost = { expectedBps: 14, actualBps: 12.44, feeBps: 10, slippageBps: 2.44, madeShare: 0.25 };
  const money = { expected: '1.4', actual: '1.244' };

  test('stands beside what had been expected', () => {
    expect(entryCostText({ ...cost, ...money })).toBe('12.4 of 14.0 bps');
    expect(entryCostText(null)).toBe('–');
  });

  test.each([
    [2.44, 'worse'],
    [-2.44, 'better'],
  ])('is explained: %d', (slippageBps, word) => {
    const words = `fees 10.0 bps, 2.4 bps ${word} than the price of the decision, ${percent(25, 0)} filled as maker`;
    expect(entryCostNote({ ...cost, ...money, slippageBps })).toBe(words);
  });
});

describe('estimates', () => {
  test.each([
    [{ value: 1, sampleSize: 42 }, 'n = 42'],
    [{ value: null, sampleSize: 12 }, 'n = 12, needs 20'],
    [{ value: null, sampleSize: 30 }, 'n = 30, nothing to divide by'],
  ])('%j reads %s', (estimate, shown) => {
    expect(sampleText(estimate, 20)).toBe(shown);
  });
});

describe('candles drawn small', () => {
  test('fill their box: the highest at the top, the lowest at the bottom', () => {
    const candles = [
      { openTime: 1, open: 10, high: 20, low: 10, close: 15, volume: 1, closed: true },
      { openTime: 2, open: 15, high: 15, low: 0, close: 5, volume: 1, closed: true },
    ];
    const [first, second] = candleShapes(candles, { width: 100, height: 40 });
    expect(first).toMatchObject({
      rose: true,
      wick: { y: 0 },
      body: { x: 7.5, y: 10, width: 35, height: 10 },
    });
    expect(second).toMatchObject({ rose: false, wick: { y: 10, height: 30 } });
    expect(candleShapes([], { width: 1, height: 1 })).toEqual([]);
  });

  test('a flat market still has lines to see', () => {
    const [shape] = candleShapes(
      [{ openTime: 1, open: 1, high: 1, low: 1, close: 1, volume: 0, closed: true }],
      { width: 10, height: 10 },
    );
    expect(shape?.body.height).toBe(1);
    expect(shape?.wick.height).toBe(1);
  });
});

describe('the settings in words', () => {
  const lines = (input: Parameters<typeof SettingsSchema.parse>[0]) =>
    settingGroups(SettingsSchema.parse(input)).flatMap((group) => group.lines);

  test('every line is a setting of its own, with a value and a meaning', () => {
    const all = lines({});
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
    for (const { value, meaning } of all) expect(value.length * meaning.length).toBeGreaterThan(0);
  });

  test('every safety setting has its line, or is told in the line of the rule it belongs to', () => {
    const told = new Set(lines({}).map(({ key }) => key));
    const missing = Object.keys(SettingsSchema.parse({}).safety).filter((key) => !told.has(`safety.${key}`));
    expect(missing).toEqual(['winRateTrades', 'sharpeDays', 'minSample']);
  });

  test.each([
    [{}, 'safety.costMultiple', '1.5 × costs', /0 turns the gate off/],
    [{ safety: { costMultiple: 0 } }, 'safety.costMultiple', 'off', /may cost more than they can earn/],
    [{}, 'safety.maxEntryDrift', '0.5 ATR', /Between decision and order/],
    [{}, 'safety.minEntryShare', '2.0\u00a0%', /limits clip below it/],
    [{}, 'safety.drawdownRelease', 'after the pause', /measured anew/],
    [{ safety: { drawdownRelease: 'by-trader' } }, 'safety.drawdownRelease', 'when you release it', /anew/],
  ] as const)('%j: %s reads %s', (input, key, value, meaning) => {
    const found = lines(input).find((line) => line.key === key);
    expect(found?.value).toBe(value);
    expect(found?.meaning).toMatch(meaning);
  });

  test('what nothing reads is not shown as if it decided something', () => {
    expect(lines({ api: { enabled: true } }).map(({ key }) => key)).not.toContain('api.enabled');
  });

  test('nothing that may hold a secret is shown', () => {
    const all = lines({
      timescale: { url: 'postgres://user@secret.example.com/db' },
    });
    expect(JSON.stringify(all)).not.toContain('secret');
  });

  test.each([
    [{ llm: { enabled: true, model: 'some' } }, 'llm.enabled', 'LLM'],
    [{}, 'llm.enabled', 'rules'],
    [{}, 'api.port', '127.0.0.1:5173'],
    [{ api: { enabled: true, port: 8080 } }, 'api.port', '127.0.0.1:8080'],
    [{ api: { port: 0 } }, 'api.port', '127.0.0.1, any free port'],
    [{ alerts: { slack: { enabled: true, least: 'critical' } } }, 'alerts.slack.enabled', 'from critical on'],
    [
      { alerts: { webhook: { enabled: true, template: 'ntfy' } } },
      'alerts.webhook.enabled',
      'as ntfy, from info on',
    ],
    [{}, 'alerts.slack.enabled', 'off'],
    [
      { alerts: { email: { enabled: true, host: 'm', from: 'b@example.com', to: ['a@example.com'] } } },
      'alerts.email.enabled',
      'a@example.com',
    ],
    [{ alerts: { telegram: { enabled: true, chatId: '42' } } }, 'alerts.telegram.enabled', 'to the chat 42'],
    [{ alerts: { telegram: { chatId: '42' } } }, 'alerts.telegram.enabled', 'off'],
  ])('%j: %s is %s', (input, key, value) => {
    expect(lines(input).find((line) => line.key === key)?.value).toBe(value);
  });
});

test.each([
  [null, 'How it grows is known after an hour'],
  [1_250_000, 'Grows by 1.3 MB a day'],
  [-200_000, 'Shrinks by 0.2 MB a day'],
])('%s bytes a day read: %s', (bytesPerDay, words) => {
  expect(growthWords(bytesPerDay)).toBe(words);
});

test.each([
  ['up', Date.UTC(2026, 0, 2, 3, 4), /^up since .*03:04/],
  ['never', null, /^never reached$/],
] as const)('a mirror that is %s since %s reads so', (state, since, words) => {
  expect(mirrorWords({ state, since })).toMatch(words);
});
