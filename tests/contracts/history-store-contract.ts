import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candle, HistoryStore } from '../../core/domain/index.ts';
import { candleOf } from './builders.ts';

/**
 * What every history store must hold to.
 *
 * @param makeStore an empty store; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same store as a new process would find it, where it outlives the process.
 */
export function historyStoreContract<T extends HistoryStore>(
  name: string,
  makeStore: () => T,
  reopen: (store: T) => HistoryStore = (store) => store,
): void {
  const bar = (openTime: number, close = 100): Candle => candleOf(openTime, [100, 200, 1, close], 1.5);
  const times = (candles: readonly Candle[]): number[] => candles.map(({ openTime }) => openTime);

  describe(`${name}: history store`, () => {
    test('a candle is read back to the last bit', () => {
      const store = makeStore();
      const written: Candle[] = [
        { openTime: 0, open: 0.1 + 0.2, high: 1e9 / 3, low: Number.MIN_VALUE, close: 1 / 3, volume: 0 },
        { ...bar(60_000), takerBuyVolume: 0.7 },
      ];
      store.append('BTC/USDT', '1m', written);
      expect(reopen(store).candles('BTC/USDT', '1m', {})).toEqual(written);
    });

    test('a candle written again replaces the first', () => {
      const store = makeStore();
      store.append('BTC/USDT', '1h', [bar(0), bar(1)]);
      store.append('BTC/USDT', '1h', [bar(1, 150)]);
      expect(store.candles('BTC/USDT', '1h', {})).toEqual([bar(0), bar(1, 150)]);
    });

    test.each([
      [{}, [1, 2, 3, 4, 5]],
      [{ from: 2 }, [2, 3, 4, 5]],
      [{ before: 4 }, [1, 2, 3]],
      [{ from: 2, before: 4 }, [2, 3]],
      [{ limit: 2 }, [4, 5]],
      [{ before: 4, limit: 2 }, [2, 3]],
      [{ from: 3, before: 5, limit: 9 }, [3, 4]],
      [{ from: 9 }, []],
      [{ limit: 0 }, []],
    ])('asked for %j it answers %j, ascending', (query, expected) => {
      const store = makeStore();
      store.append(
        'BTC/USDT',
        '1h',
        [3, 1, 2].map((time) => bar(time)),
      );
      store.append(
        'BTC/USDT',
        '1h',
        [5, 4].map((time) => bar(time)),
      );
      expect(times(store.candles('BTC/USDT', '1h', query))).toEqual(expected);
    });

    test('symbols and timeframes do not mix', () => {
      const store = makeStore();
      store.append('BTC/USDT', '1h', [bar(1)]);
      store.append('BTC/USDT', '1m', [bar(2)]);
      store.append('ETH/USDT', '1h', [bar(3)]);
      expect(times(store.candles('BTC/USDT', '1h', {}))).toEqual([1]);
      expect(store.candles('SOL/USDT', '1h', {})).toEqual([]);
    });

    test('the list says what there is', () => {
      const store = makeStore();
      expect(store.list()).toEqual([]);
      store.append('ETH/USDT', '1h', [bar(7)]);
      store.append('BTC/USDT', '1m', []);
      store.append('BTC/USDT', '1h', [bar(9), bar(3), bar(6)]);
      expect(reopen(store).list()).toEqual([
        { symbol: 'BTC/USDT', timeframe: '1h', bars: 3, firstOpenTime: 3, lastOpenTime: 9 },
        { symbol: 'ETH/USDT', timeframe: '1h', bars: 1, firstOpenTime: 7, lastOpenTime: 7 },
      ]);
    });

    test('any batches in any order end in the same ascending history', () => {
      const batches = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 }), {
        maxLength: 6,
      });
      fc.assert(
        fc.property(batches, (written) => {
          const store = makeStore();
          for (const batch of written)
            store.append(
              'BTC/USDT',
              '1h',
              batch.map((time) => bar(time)),
            );
          const expected = [...new Set(written.flat())].sort((a, b) => a - b);
          expect(times(store.candles('BTC/USDT', '1h', {}))).toEqual(expected);
        }),
        { numRuns: 15 },
      );
    });
  });
}
