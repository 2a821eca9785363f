import { marketFeedContract } from '../../../tests/contracts/market-feed-contract.ts';
import { MemoryHistoryStore, MemoryStateStore } from '../../storage/index.ts';
import { ReplayFeed, SimulatedFeed } from '../index.ts';
import { candlesAt, HOUR_MS, START } from '../testing/candles.ts';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT'];

marketFeedContract('a simulated market', () => {
  const request = { symbols: SYMBOLS, timeframe: '1h', seed: 4, startTime: START } as const;
  const stores = { history: new MemoryHistoryStore(), state: new MemoryStateStore() };
  return { feed: new SimulatedFeed({ ...request, ...stores }), symbols: SYMBOLS };
});

marketFeedContract('a replay of stored bars with a hole', () => {
  const bars = candlesAt(
    START,
    HOUR_MS,
    Array.from({ length: 60 }, (_, hour) => hour % 17 !== 5),
  );
  const series = SYMBOLS.map((symbol) => ({ symbol, bars }));
  return { feed: new ReplayFeed({ timeframe: '1h', series, warmUpBars: 20 }), symbols: SYMBOLS };
});
