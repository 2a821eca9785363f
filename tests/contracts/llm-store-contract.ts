import { expect, test } from 'vitest';
import {
  type LlmCallRecord,
  type LlmCallStore,
  REHEARSAL,
  type SpendingStore,
} from '../../core/domain/index.ts';

/** A complete and plausible call, with only what matters to a test spelled out. */
export function callOf(given: Partial<LlmCallRecord> = {}): LlmCallRecord {
  return {
    key: 'a'.repeat(64),
    agent: 'bull',
    round: 0,
    model: 'some-model',
    endpoint: '127.0.0.1:4010',
    system: 'You are Bull.',
    user: 'Data: "BTC/USDT"',
    parameters: { api: 'chat', temperature: null, maxOutputTokens: 4_000 },
    status: 'answered',
    answer: '{"action":"HOLD"}',
    failure: null,
    inputTokens: 900,
    outputTokens: 100,
    costUsd: 0.0006,
    latencyMs: 812.5,
    attempts: 1,
    time: 1_000,
    bar: { symbol: 'BTC/USDT', barOpenTime: 0 },
    source: 'network',
    knowledgeCutoff: '2025-06-01',
    contaminated: true,
    ...given,
  };
}

const FAILED: Partial<LlmCallRecord> = {
  status: 'failed',
  answer: null,
  failure: { code: 'timeout', message: 'no answer in time' },
};

/**
 * What every store of calls must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function llmCallStoreContract<T extends LlmCallStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => LlmCallStore = (store) => store,
): void {
  test(`${name}: a call comes back as it was, by its key`, () => {
    const store = makeStore();
    const call = callOf({ system: 'Ünïcode — "quoted"\n', contaminated: null, knowledgeCutoff: null });
    store.put(call);
    const again = reopen(store);
    expect(again.get(call.key)).toEqual(call);
    expect(again.get('b'.repeat(64))).toBeUndefined();
  });

  test(`${name}: an answer replaces a failure, and nothing replaces an answer`, () => {
    const store = makeStore();
    store.put(callOf({ ...FAILED, time: 1 }));
    expect(store.get(callOf().key)?.status).toBe('failed');
    store.put(callOf({ ...FAILED, time: 2 }));
    expect(store.get(callOf().key)?.time).toBe(2);
    store.put(callOf({ time: 3 }));
    store.put(callOf({ ...FAILED, time: 4 }));
    store.put(callOf({ answer: 'another', time: 5 }));
    expect(reopen(store).list({ limit: 9 })).toEqual([callOf({ time: 3 })]);
  });

  test(`${name}: the same question about another bar is a call of its own; an answer is found first`, () => {
    const store = makeStore();
    const failed = callOf({ ...FAILED, bar: { symbol: 'BTC/USDT', barOpenTime: 60 } });
    store.put(failed);
    store.put(callOf());
    expect(store.get(failed.key)).toEqual(callOf());
    expect(store.list({ limit: 9 })).toEqual([callOf(), failed]);
  });

  test(`${name}: a rehearsal is found by its key until a decision asks the same and is answered`, () => {
    const store = makeStore();
    store.put(callOf({ round: REHEARSAL }));
    expect(store.get(callOf().key)?.round).toBe(REHEARSAL);
    store.put(callOf({ ...FAILED }));
    expect(store.get(callOf().key)?.status).toBe('answered');
    store.put(callOf());
    expect(reopen(store).list({ limit: 9 })).toEqual([callOf()]);
  });

  test(`${name}: the list is newest first`, () => {
    const store = makeStore();
    const keys = ['1', '2', '3'].map((digit) => digit.repeat(64));
    const calls = keys.map((key, round) =>
      callOf({ key, round, time: 5 + (round % 2), agent: round === 2 ? 'bear' : 'bull' }),
    );
    for (const call of calls) store.put(call);
    const [first, second, third] = calls;
    const again = reopen(store);
    expect(again.list({ limit: 9 })).toEqual([second, third, first]);
    expect(again.list({ limit: 1 })).toEqual([second]);
    expect(again.list({ limit: 9, before: 6 })).toEqual([third, first]);
    expect(again.list({ limit: 9, agent: 'bear' })).toEqual([third]);
  });
}

/** What every store of spending must hold to. */
export function spendingStoreContract<T extends SpendingStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => SpendingStore = (store) => store,
): void {
  test(`${name}: reserves up to the cap and not a millionth more, each day for itself`, () => {
    const store = makeStore();
    expect(store.spent('2026-01-01')).toBe(0);
    expect(store.reserve('2026-01-01', 101, 100)).toBe(false);
    expect(store.reserve('2026-01-01', 60, 100)).toBe(true);
    expect(store.reserve('2026-01-01', 41, 100)).toBe(false);
    expect(store.reserve('2026-01-01', 40, 100)).toBe(true);
    expect(store.reserve('2026-01-01', 0, 100)).toBe(true);
    expect(store.reserve('2026-01-01', 1, 100)).toBe(false);
    expect(store.reserve('2026-01-02', 100, 100)).toBe(true);
    const again = reopen(store);
    expect(again.spent('2026-01-01')).toBe(100);
    expect(again.reserve('2026-01-01', 1, 100)).toBe(false);
  });

  test(`${name}: gives back what was not spent, and never goes below nothing`, () => {
    const store = makeStore();
    store.reserve('2026-01-01', 80, 100);
    store.add('2026-01-01', -50);
    expect(store.spent('2026-01-01')).toBe(30);
    store.add('2026-01-01', 90);
    const again = reopen(store);
    expect(again.spent('2026-01-01')).toBe(120);
    again.add('2026-01-01', -999);
    again.add('2026-01-02', -5);
    expect([again.spent('2026-01-01'), again.spent('2026-01-02')]).toEqual([0, 0]);
  });
}
