import { describe, expect, it } from 'vitest';
import { generatedCandles, HOUR_MS } from '../../features/testing/generated-candles.ts';
import { MemoryHistoryStore } from '../../storage/index.ts';
import { inspectFeatures } from './feature-inspector.ts';

const bars = generatedCandles(3, 1_400);
const history = new MemoryHistoryStore();
history.append('BTC/USDT', '1h', bars);
history.append('ETH/USDT', '1h', generatedCandles(4, 1_400));

function inspect(bar: number, symbol = 'BTC/USDT') {
  const symbols = ['BTC/USDT', 'ETH/USDT'];
  const barOpenTime = bars[bar]?.openTime ?? 0;
  return inspectFeatures({ history, symbol, symbols, timeframe: '1h', barOpenTime });
}

describe('the feature inspector', () => {
  it('has every feature with its group, meaning and place among the bars before', () => {
    const found = inspect(1_399);
    expect(found?.features).toHaveLength(106);
    expect(found?.bars).toBe(601);
    for (const { value, percentile, meaning, group } of found?.features ?? []) {
      expect(value).not.toBeNull();
      expect(percentile).toBeGreaterThanOrEqual(0);
      expect(percentile).toBeLessThanOrEqual(1);
      expect(meaning.length).toBeGreaterThan(5);
      expect(group).not.toBe('');
    }
  });

  it('knows nothing of what came after the bar', () => {
    const before = inspect(1_200);
    const changed = new MemoryHistoryStore();
    changed.append(
      'BTC/USDT',
      '1h',
      bars.map((bar, index) => (index > 1_200 ? { ...bar, close: bar.low } : bar)),
    );
    const request = {
      history: changed,
      symbol: 'BTC/USDT',
      symbols: [],
      timeframe: '1h',
      barOpenTime: bars[1_200]?.openTime ?? 0,
    } as const;
    expect(inspectFeatures(request)).toEqual(before);
  });

  it('compares the others with bitcoin', () => {
    const feature = inspect(1_399, 'ETH/USDT')?.features.find(({ name }) => name === 'btc_beta_168');
    expect(feature?.value).not.toBeNull();
  });

  it('has nothing for a bar that is not stored or has too little history', () => {
    expect(inspect(700)).toBeUndefined();
    const barOpenTime = (bars.at(-1)?.openTime ?? 0) + HOUR_MS;
    expect(
      inspectFeatures({ history, symbol: 'BTC/USDT', symbols: [], timeframe: '1h', barOpenTime }),
    ).toBeUndefined();
  });
});
