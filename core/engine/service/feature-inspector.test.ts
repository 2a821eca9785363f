import { describe, expect, it } from 'vitest';
import { decisionOf } from '../../../tests/contracts/decision-store-contract.ts';
import { generatedCandles, HOUR_MS } from '../../features/testing/generated-candles.ts';
import { MemoryDecisionStore, MemoryHistoryStore } from '../../storage/index.ts';
import { inspectFeatures } from './feature-inspector.ts';

const bars = generatedCandles(3, 1_400);
const decisions = new MemoryDecisionStore();
const history = new MemoryHistoryStore();
history.append('BTC/USDT', '1h', bars);
history.append('ETH/USDT', '1h', generatedCandles(4, 1_400));

function inspect(bar: number, symbol = 'BTC/USDT') {
  const symbols = ['BTC/USDT', 'ETH/USDT'];
  const barOpenTime = bars[bar]?.openTime ?? 0;
  return inspectFeatures({ history, decisions, symbol, symbols, timeframe: '1h', barOpenTime });
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
      decisions,
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

  it('has the order book’s as the decisions recorded them, and none where there was no book to look at', () => {
    const withBooks = new MemoryDecisionStore();
    const symbol = 'BTC/USDT';
    for (const [index, { openTime }] of bars.entries()) {
      if (index < 1_360) continue;
      const features = { ob_available: 1, ob_imb_5: index === 1_380 ? null : index / 1e4 };
      const given = { symbol, barOpenTime: openTime, time: openTime + HOUR_MS, features };
      withBooks.append(decisionOf(`${symbol}@1h@${openTime}`, given));
    }
    const at = (bar: number) =>
      inspectFeatures({
        ...{ history, decisions: withBooks, symbol, symbols: [], timeframe: '1h' },
        barOpenTime: bars[bar]?.openTime ?? 0,
      })?.features;
    const found = at(1_399)?.filter(({ group }) => group === 'microstructure');
    expect(found).toHaveLength(16);
    const imbalance = found?.find(({ name }) => name === 'ob_imb_5');
    expect(imbalance).toMatchObject({ value: 0.1399 });
    expect(imbalance?.percentile).toBeCloseTo(38.5 / 39, 9);
    expect(found?.find(({ name }) => name === 'ob_imb_1')).toMatchObject({ value: null, percentile: null });
    expect(at(1_380)?.find(({ name }) => name === 'ob_imb_5')).toMatchObject({ value: null });
    expect(at(1_359)).toHaveLength(106);
  });

  it('has nothing for a bar that is not stored or has too little history', () => {
    expect(inspect(700)).toBeUndefined();
    const barOpenTime = (bars.at(-1)?.openTime ?? 0) + HOUR_MS;
    expect(
      inspectFeatures({ history, decisions, symbol: 'BTC/USDT', symbols: [], timeframe: '1h', barOpenTime }),
    ).toBeUndefined();
  });
});
