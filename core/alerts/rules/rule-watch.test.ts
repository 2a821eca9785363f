import { describe, expect, test } from 'vitest';
import { AlertSettingsSchema, type StatusView } from '../../contract/index.ts';
import { RuleWatch } from './rule-watch.ts';
import type { WatchedFacts } from './standing.ts';

const SETTINGS = AlertSettingsSchema.parse({});
const DAY = 86_400_000;
const TODAY = Date.UTC(2026, 0, 5);

const STATUS: WatchedFacts['status'] = {
  markets: [{ symbol: 'BTC/USDT', tradable: true, stale: false, ageMs: 0, message: '' }],
  llm: null,
  strategy: 'ensemble',
  marketTime: TODAY,
  conditions: [],
  reconciliation: { green: true, at: 1, differences: [] },
};
const CALM: WatchedFacts = {
  status: STATUS,
  drawdown: 0.02,
  mirror: { lagMs: 0, state: 'up' },
  freeDiskBytes: 50e9,
  models: { setId: '2025', validUntil: TODAY + 100 * DAY },
};

function watch() {
  const told: string[] = [];
  const over: string[] = [];
  const rules = new RuleWatch(
    {
      raise: (severity, title, _message, { rule }) => void told.push(`${severity} ${rule}: ${title}`),
      over: (key) => void over.push(key),
    },
    SETTINGS,
  );
  return {
    told,
    over,
    look: (facts: Partial<WatchedFacts>, at = 0) => rules.look({ ...CALM, ...facts }, at),
  };
}

const status = (change: Partial<StatusView>): Pick<WatchedFacts, 'status'> => ({
  status: { ...STATUS, ...change },
});
const condition = (id: string): Pick<WatchedFacts, 'status'> =>
  status({ conditions: [{ id, severity: 'critical', message: `${id}: words` }] });
const llm = (spentTodayUsd: number) => status({ llm: { spentTodayUsd, dailyBudgetUsd: 2, standIn: null } });
const models = (days: number): Partial<WatchedFacts> => ({
  models: { setId: '2025', validUntil: TODAY + days * DAY },
});
const mirror = (minutes: number): Partial<WatchedFacts> => ({
  mirror: { lagMs: minutes * 60_000, state: 'down' },
});

describe.each<[string, Partial<WatchedFacts>, string]>([
  ['drawdown', { drawdown: 0.1 }, 'warning drawdown: Drawdown'],
  ['80 % of the budget spent', llm(1.6), 'warning llm-budget: The budget of the language models runs out'],
  ['all of it', llm(2.1), 'warning llm-budget: The budget of the language models is used up'],
  ['models that expire soon', models(14), 'warning model-expiry: The models expire soon'],
  ['models that have', models(-1), 'warning model-expiry: The models have expired'],
  ['a mirror behind', mirror(15), 'warning sync-lag: The mirror of the books lags behind'],
  ['a disk nearly full', { freeDiskBytes: 0.9e9 }, 'warning disk: The disk is nearly full'],
  ['a full disk', { freeDiskBytes: 0.05e9 }, 'critical disk: The disk is nearly full'],
  ['a wrong clock', condition('clock'), 'critical venue: The clock is wrong'],
])('%s', (_, facts, alert) => {
  test('is told once while it lasts, is over with its end, and is told when it begins again', () => {
    const { told, over, look } = watch();
    look({});
    look(facts, 1);
    look(facts, 2);
    expect(told).toEqual([alert]);
    look({}, 3);
    expect(over).toHaveLength(1);
    look(facts, 4);
    expect(told).toEqual([alert, alert]);
  });
});

test.each<[string, Partial<WatchedFacts>]>([
  ['all is well', {}],
  [
    'the account has no price, and nothing is known of disk, mirror and models',
    {
      ...{ drawdown: null, freeDiskBytes: null, mirror: null, models: null },
    },
  ],
  ['the loss is just under the setting', { drawdown: 0.0999 }],
  ['less than 80 % are spent', llm(1.59)],
  ['there is no budget', status({ llm: { spentTodayUsd: 1, dailyBudgetUsd: 0, standIn: null } })],
  ['the models hold for more than two weeks', models(15)],
  ['models expire that the strategy does not ask', { ...models(-1), ...status({ strategy: 'trend' }) }],
  ['the mirror lags for a moment', mirror(14.9)],
  ['the mirror was never told everything', { mirror: { lagMs: null, state: 'connecting' } }],
  ['it is a condition that others tell of', condition('connection')],
])('nothing is told when %s', (_, facts) => {
  const { told, look } = watch();
  look(facts, 0);
  look(facts, 3_600_000);
  expect(told).toEqual([]);
});

test.each([
  [
    'old data',
    status({ markets: [{ symbol: 'BTC/USDT', tradable: true, stale: true, ageMs: 9, message: 'old' }] }),
    60_000,
  ],
  ['a frozen symbol', condition('frozen:BTC/USDT'), 60_000],
  ['a store that cannot be written', condition('store:live.sqlite'), 30_000],
])('%s is told only when it lasts', (_, facts, afterMs) => {
  const { told, look } = watch();
  look(facts, 0);
  look({}, 1_000);
  look(facts, 2_000);
  look(facts, 2_000 + afterMs - 1);
  expect(told).toEqual([]);
  look(facts, 2_000 + afterMs);
  expect(told).toHaveLength(1);
});

test('a loss to and fro around the setting is told once', () => {
  const { told, look } = watch();
  for (const drawdown of [0.101, 0.099, 0.102, 0.085, 0.11]) look({ drawdown });
  expect(told).toHaveLength(1);
  look({ drawdown: 0.079 });
  look({ drawdown: 0.1 });
  expect(told).toHaveLength(2);
});

test('a disk that fills up is told again when it becomes critical', () => {
  const { told, look } = watch();
  for (const freeDiskBytes of [0.9e9, 0.05e9, 0.05e9]) look({ freeDiskBytes });
  expect(told.map((line) => line.split(' ')[0])).toEqual(['warning', 'critical']);
});

test('what was told of the venue and the books is over when both have been well for a minute', () => {
  const { over, look } = watch();
  look(condition('connection'), 0);
  look({}, 1_000);
  look(status({ reconciliation: { green: false, at: 1, differences: ['x'] } }), 30_000);
  look({}, 40_000);
  look({}, 99_999);
  expect(over).toEqual([]);
  look({}, 100_000);
  expect(over).toEqual(['venue', 'books']);
});
