import { expect, test } from 'vitest';
import { price, type TradeExcursion } from '../../domain/index.ts';
import { openDatabase, SqliteExcursionStore } from '../index.ts';

const SEEN: TradeExcursion = {
  ...{ tradeId: 'BTC/USDT 1 buy', symbol: 'BTC/USDT', side: 'buy', openedAt: 10, endedAt: null },
  ...{ firstPrice: price('100.123456789012345678'), firstStop: price('95.5'), lowest: 99.5, highest: 101 },
};

test('what a trade has seen is replaced by what it has seen since, and no longer open once it has ended', () => {
  const store = new SqliteExcursionStore(openDatabase({ file: ':memory:', owner: 'demo' }));
  store.write(SEEN);
  store.write({ ...SEEN, tradeId: 'ETH/USDT 2 sell', symbol: 'ETH/USDT', side: 'sell', firstStop: null });
  expect(store.open()).toEqual([
    SEEN,
    { ...SEEN, tradeId: 'ETH/USDT 2 sell', symbol: 'ETH/USDT', side: 'sell', firstStop: null },
  ]);
  store.write({ ...SEEN, lowest: 98, endedAt: 20 });
  expect(store.open().map(({ tradeId }) => tradeId)).toEqual(['ETH/USDT 2 sell']);
});
