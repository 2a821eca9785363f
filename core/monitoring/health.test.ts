import { describe, expect, test } from 'vitest';
import type { StatusView } from '../contract/index.ts';
import { HealthWatch, problemsOf } from './health.ts';
import { componentsOf, type HealthFacts } from './health-components.ts';

const WELL: StatusView = {
  version: '0.1.0',
  mode: 'demo',
  host: 'headless',
  exchange: 'simulated',
  symbols: ['BTC/USDT'],
  timeframe: '1h',
  strategy: 'ensemble',
  analysts: 'rules',
  llm: null,
  models: { installed: 0, message: 'none' },
  trading: 'running',
  pause: null,
  message: '',
  marketTime: 0,
  speed: 1,
  killSwitch: { engaged: false, at: null, reason: null, stage: 'armed', failures: [] },
  breaker: { tripped: false, reason: null, until: null },
  feed: { lastMessageAgeMs: 5, stale: false, gaps: 0 },
  markets: [],
  reconciliation: { green: true, at: 0, differences: [] },
  venue: null,
  conditions: [],
};
const ENGAGED: StatusView['killSwitch'] = { engaged: true, at: 5, reason: 'x', stage: 'flat', failures: [] };

describe('problemsOf', () => {
  test('a bot that runs as told is ready', () => {
    expect(problemsOf(WELL)).toEqual([]);
  });

  test.each<[Partial<StatusView>, string[]]>([
    [{ killSwitch: ENGAGED }, ['the kill switch is engaged']],
    [
      { breaker: { tripped: true, reason: 'daily loss', until: 9 } },
      ['the circuit breaker is tripped: daily loss'],
    ],
    [{ breaker: { tripped: true, reason: null, until: null } }, ['the circuit breaker is tripped: unknown']],
    [{ feed: { lastMessageAgeMs: null, stale: true, gaps: 0 } }, ['the market data is stale']],
    [
      { reconciliation: { green: false, at: null, differences: [] } },
      ['our books and the venue do not agree, or were not compared yet'],
    ],
    [conditions('ledger', 'the disk is full'), ['the disk is full']],
    [conditions('held', 'No entries: the machine goes to sleep'), ['No entries: the machine goes to sleep']],
    [conditions('connection', 'x is disconnected'), ['x is disconnected']],
    [conditions('clock', 'the clock is 9 s behind'), ['the clock is 9 s behind']],
    [conditions('strategy', 'its file is broken'), ['its file is broken']],
    [conditions('not-armed', 'live trading is not armed'), ['live trading is not armed']],
    [conditions('cost-gate', 'the gate is off'), []],
    [{ trading: 'halted' }, ['trading is halted']],
    [{ trading: 'paused' }, ['trading is paused']],
    [{ trading: 'starting' }, ['trading is starting']],
    [{ trading: 'stopped' }, ['trading is stopped']],
    [{ killSwitch: ENGAGED, trading: 'halted' }, ['the kill switch is engaged', 'trading is halted']],
  ])('%j is not ready and says why', (change, problems) => {
    expect(problemsOf({ ...WELL, ...change })).toEqual(problems);
  });
});

describe('componentsOf', () => {
  test('a demo that runs as told has nothing degraded but models that are not installed', () => {
    const states = Object.fromEntries(componentsOf(facts({})).map(({ id, state }) => [id, state]));
    expect(states).toEqual({
      engine: 'ok',
      'kill-switch': 'ok',
      'circuit-breaker': 'ok',
      'market-data': 'ok',
      venue: 'off',
      clock: 'ok',
      books: 'ok',
      protection: 'ok',
      guardian: 'off',
      strategy: 'ok',
      models: 'degraded',
      'language-models': 'off',
      ledger: 'ok',
      storage: 'ok',
      mirror: 'off',
    });
  });

  const market = { symbol: 'BTC/USDT', tradable: true, stale: false, ageMs: 5, message: '' };
  const silent = { ...market, stale: true, message: 'no message for 90 s' };
  const venue = (state: 'connecting' | 'connected' | 'disconnected' | 'closed', message = '') => ({
    venue: { orders: { state, message }, readings: null, fees: { makerFeeBps: 1, takerFeeBps: 1 } },
  });
  const llm = (change: object) => ({
    llm: { spentTodayUsd: 0, dailyBudgetUsd: 2, standIn: null, ...change },
  });
  const watched = (state: 'starting' | 'watching' | 'missing' | 'failed', restarts = 0) => ({
    guardian: { state, lastBeat: null, restarts, since: 0 },
  });
  const mirrored = (state: 'connecting' | 'up' | 'down' | 'never', lastError: string | null = null) => ({
    mirror: { state, lastError, backlog: lastError === null ? 0 : 7 },
  });
  test.each<[string, string, string, Partial<StatusView>, Partial<Omit<HealthFacts, 'status'>>?]>([
    ['engine', 'degraded', 'live trading is not armed', conditions('not-armed', 'live trading is not armed')],
    ['engine', 'degraded', 'asleep', conditions('held', 'asleep')],
    ['engine', 'degraded', 'starting', { trading: 'starting' }],
    ['engine', 'degraded', 'paused', { trading: 'paused' }],
    ['engine', 'failed', 'halted by the kill switch', { trading: 'halted' }],
    [
      'engine',
      'failed',
      'the market data has ended',
      { trading: 'stopped', message: 'the market data has ended' },
    ],
    ['kill-switch', 'failed', 'pressed (flat): x', { killSwitch: ENGAGED }],
    [
      'kill-switch',
      'failed',
      'pressed (failed): x; BTC is open',
      { killSwitch: { ...ENGAGED, stage: 'failed', failures: ['BTC is open'] } },
    ],
    [
      'circuit-breaker',
      'failed',
      'tripped: daily loss',
      { breaker: { tripped: true, reason: 'daily loss', until: 9 } },
    ],
    ['market-data', 'failed', 'BTC/USDT: no message for 90 s', { markets: [silent] }],
    [
      'market-data',
      'degraded',
      'BTC/USDT: no message for 90 s',
      { markets: [silent, { ...market, symbol: 'ETH/USDT' }] },
    ],
    [
      'market-data',
      'degraded',
      'not listed',
      { markets: [{ ...market, tradable: false, message: 'not listed' }] },
    ],
    ['market-data', 'failed', 'it is stale', { feed: { lastMessageAgeMs: null, stale: true, gaps: 0 } }],
    [
      'market-data',
      'ok',
      'nothing has come yet',
      { feed: { lastMessageAgeMs: null, stale: false, gaps: 0 } },
    ],
    ['venue', 'ok', 'simulated answers', venue('connected')],
    ['venue', 'degraded', 'simulated is being connected: logging in', venue('connecting', 'logging in')],
    ['venue', 'failed', 'simulated is disconnected: no route', venue('disconnected', 'no route')],
    ['venue', 'failed', 'simulated is closed', venue('closed')],
    [
      'venue',
      'off',
      'orders stay on this machine; prices come from simulated',
      { venue: { ...venue('connected').venue, orders: null } },
    ],
    ['clock', 'failed', '9 s behind', conditions('clock', '9 s behind')],
    [
      'books',
      'degraded',
      'they were not compared with the venue yet',
      { reconciliation: { green: false, at: null, differences: [] } },
    ],
    [
      'books',
      'failed',
      'BTC differs; ETH differs',
      { reconciliation: { green: false, at: 5, differences: ['BTC differs', 'ETH differs'] } },
    ],
    [
      'books',
      'failed',
      'they and the venue differ',
      { reconciliation: { green: false, at: 5, differences: [] } },
    ],
    ['books', 'failed', 'the money differs', conditions('differs:BTC/USDT', 'the money differs')],
    ['books', 'degraded', 'BTC is frozen', conditions('frozen:BTC/USDT', 'BTC is frozen')],
    ['books', 'degraded', 'not yet', conditions('not-compared', 'not yet')],
    ['protection', 'degraded', 'no stop', conditions('protection:BTC/USDT', 'no stop')],
    ['guardian', 'ok', 'it watches', {}, watched('watching')],
    ['guardian', 'ok', 'it watches; started again once', {}, watched('watching', 1)],
    ['guardian', 'degraded', 'it is being started', {}, watched('starting')],
    ['guardian', 'degraded', 'it has ended; started again 2 times', {}, watched('missing', 2)],
    ['guardian', 'failed', 'it ends again and again', {}, watched('failed')],
    ['strategy', 'failed', 'broken', conditions('strategy', 'broken')],
    ['models', 'ok', '4 models vote', { models: { installed: 4, message: '4 models vote' } }],
    ['language-models', 'ok', 'they answer', llm({})],
    ['language-models', 'degraded', 'the rules speak', llm({ standIn: 'the rules speak' })],
    ['language-models', 'degraded', 'the budget of the day is spent', llm({ spentTodayUsd: 2 })],
    ['ledger', 'failed', 'disk full', conditions('ledger', 'disk full')],
    ['storage', 'degraded', 'candles wait', conditions('store:candles', 'candles wait')],
    ['mirror', 'ok', 'everything is told', {}, mirrored('up')],
    ['mirror', 'degraded', 'refused; 7 rows are not told yet', {}, mirrored('up', 'refused')],
    ['mirror', 'degraded', 'it is connecting; everything is told', {}, mirrored('connecting')],
    ['mirror', 'degraded', 'no route; 7 rows are not told yet', {}, mirrored('down', 'no route')],
  ])('%s is %s: %s', (id, state, reason, change, more = {}) => {
    const found = componentsOf(facts(change, more)).find((each) => each.id === id);
    expect(found).toMatchObject({ state, reason });
    // Whoever is told that something is wrong is told what to do, but where it ends by itself.
    const isWrong = state === 'degraded' || state === 'failed';
    expect(found?.advice === null).toBe(!isWrong || reason === 'asleep');
  });
});

describe('HealthWatch', () => {
  test('says since when each part is as it is, and hides what servers give away', () => {
    let now = 1_000;
    const watch = new HealthWatch({ now: () => now });
    const since = (change: Partial<StatusView>, id: string) =>
      watch.look(facts(change)).components.find((each) => each.id === id)?.since;
    expect(since({}, 'ledger')).toBe(1_000);
    now = 5_000;
    expect(since({}, 'ledger')).toBe(1_000);
    expect(since(conditions('ledger', 'disk full'), 'ledger')).toBe(5_000);
    now = 9_000;
    expect(since(conditions('ledger', 'still full'), 'ledger')).toBe(5_000);
    expect(since({}, 'ledger')).toBe(9_000);
    const told = watch.look(facts(conditions('ledger', 'postgres://bot:hunter2@db refuses')));
    expect(told.ready).toBe(false);
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});

function conditions(id: string, message: string): Partial<StatusView> {
  return { conditions: [{ id, severity: 'warning', message }] };
}

function facts(change: Partial<StatusView>, more: Partial<Omit<HealthFacts, 'status'>> = {}): HealthFacts {
  return { status: { ...WELL, ...change }, guardian: null, mirror: null, ...more };
}
