import { describe, expect, test } from 'vitest';
import {
  baseAmount,
  clientOrderId,
  type Decision,
  type DecisionQuery,
  type DecisionStore,
  decisionId,
  text,
} from '../../core/domain/index.ts';

/** A complete decision to buy, with only what matters to the test spelled out. */
export function decisionOf(id: string, given: Partial<Omit<Decision, 'id'>> = {}): Decision {
  const barOpenTime = given.barOpenTime ?? 1_000;
  return {
    id: decisionId(id),
    symbol: 'BTC/USDT',
    timeframe: '1h',
    barOpenTime,
    time: barOpenTime + 3_600_000,
    close: 65_000.12,
    consensus: {
      action: 'BUY',
      reason: { code: 'agreed', message: 'the voters agree' },
      regime: 'trending',
      support: { BUY: 0.1 + 0.2, SELL: 0, HOLD: 0.25 },
      threshold: 0.2,
      weights: { bull: 0.5, bear: 0.5, ensemble: 0 },
      margin: 1 / 3,
    },
    votes: [
      {
        kind: 'vote',
        voter: 'bull',
        source: 'rules',
        action: 'BUY',
        confidence: 0.8,
        thesis: 'Momentum is rising',
        evidence: ['rsi_14 58'],
        invalidation: 'a close below 64000',
        horizonBars: 12,
      },
      {
        kind: 'abstention',
        voter: 'ensemble',
        source: 'models',
        code: 'no-model-installed',
        message: 'none yet',
      },
    ],
    verdicts: [
      { layer: 'cost-gate', allowed: true, code: 'ok', message: 'pays', numbers: { expectedMove: 0.012 } },
    ],
    action: 'BUY',
    outcome: 'traded',
    reasonCode: 'entry',
    reason: 'BUY: momentum',
    features: { rsi_14: 58.1, natr_14: null },
    positionQuantity: baseAmount('-0.000000000000000001'),
    orderIds: [clientOrderId('o1')],
    thinkingMs: 21_300,
    ...given,
  };
}

/**
 * What every decision store must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function decisionStoreContract<T extends DecisionStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => DecisionStore = (store) => store,
): void {
  describe(`${name}: decision store`, () => {
    test('a decision is read back as it was, its money exact', () => {
      const store = makeStore();
      const written = decisionOf('a');
      store.append(written);
      const read = reopen(store).get('a');
      expect(read).toEqual(written);
      expect(read && text(read.positionQuantity)).toBe('-0.000000000000000001');
    });

    test('a decision nobody took is undefined', () => {
      expect(makeStore().get('nobody')).toBeUndefined();
    });

    test('a bar is decided on once: what comes later changes nothing', () => {
      const store = makeStore();
      store.append(decisionOf('a'));
      store.append(decisionOf('a', { reason: 'another', barOpenTime: 9 }));
      store.append(decisionOf('b', { reason: 'another' }));
      expect(store.get('a')?.reason).toBe('BUY: momentum');
      expect(store.get('b')).toBeUndefined();
      expect(store.list({ limit: 9 })).toHaveLength(1);
    });

    test('the same bar of another symbol or timeframe is another bar', () => {
      const store = makeStore();
      store.append(decisionOf('a'));
      store.append(decisionOf('b', { symbol: 'ETH/USDT' }));
      store.append(decisionOf('c', { timeframe: '1m' }));
      expect(store.list({ limit: 9 })).toHaveLength(3);
    });

    test.each<[DecisionQuery, string[]]>([
      [{ limit: 9 }, ['d', 'c', 'b', 'a']],
      [{ limit: 2 }, ['d', 'c']],
      [{ limit: 9, before: 30 }, ['b', 'a']],
      [{ limit: 9, symbol: 'ETH/USDT' }, ['d', 'b']],
      [{ limit: 9, symbol: 'ETH/USDT', before: 40 }, ['b']],
      [{ limit: 9, outcome: 'blocked' }, ['c', 'b']],
      [{ limit: 9, outcome: 'blocked', symbol: 'BTC/USDT' }, ['c']],
      [{ limit: 9, search: 'MOMENTUM' }, ['d', 'c', 'b', 'a']],
      [{ limit: 9, search: 'too CLOSE' }, ['b']],
      [{ limit: 9, search: 'eth/' }, ['d', 'b']],
      [{ limit: 9, search: '%' }, []],
      [{ limit: 9, search: '' }, ['d', 'c', 'b', 'a']],
    ])('asked for %j it answers %j, newest first', (query, expected) => {
      const store = makeStore();
      store.append(decisionOf('c', { time: 30, barOpenTime: 3, outcome: 'blocked' }));
      store.append(decisionOf('a', { time: 10, barOpenTime: 1 }));
      store.append(
        decisionOf('b', {
          time: 20,
          barOpenTime: 2,
          symbol: 'ETH/USDT',
          outcome: 'blocked',
          reason: 'Too close',
        }),
      );
      store.append(decisionOf('d', { time: 40, barOpenTime: 4, symbol: 'ETH/USDT' }));
      expect(
        reopen(store)
          .list(query)
          .map(({ id }) => id),
      ).toEqual(expected);
    });

    test('decisions of the same moment come in the order of their symbols', () => {
      const store = makeStore();
      for (const symbol of ['SOL/USDT', 'BTC/USDT', 'ETH/USDT']) store.append(decisionOf(symbol, { symbol }));
      expect(store.list({ limit: 9 }).map(({ symbol }) => symbol)).toEqual([
        'BTC/USDT',
        'ETH/USDT',
        'SOL/USDT',
      ]);
    });

    test('forgets what led to nothing before a time, and nothing else', () => {
      const store = makeStore();
      store.append(decisionOf('old-held', { barOpenTime: 1, outcome: 'held' }));
      store.append(decisionOf('old-traded', { barOpenTime: 2, outcome: 'traded' }));
      store.append(decisionOf('old-blocked', { barOpenTime: 3, outcome: 'blocked' }));
      store.append(decisionOf('new-held', { barOpenTime: 9_000_000, outcome: 'held' }));
      store.forgetHeld(8_000_000);
      expect(store.list({ limit: 10 }).map(({ id }) => id)).toEqual([
        'new-held',
        'old-blocked',
        'old-traded',
      ]);
    });
  });
}
