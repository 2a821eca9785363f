import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { type Candle, SILENT_LOGGER } from '../../domain/index.ts';
import { SHIPPED_STRATEGIES } from '../../strategies/index.ts';
import { storedLookBack, venueLookBack } from './look-back.ts';
import type { MarketOptions } from './market.ts';

const HOUR = 3_600_000;
const DAYS_123 = 123 * 24;

const bar: Candle = { openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 };
const trend = SettingsSchema.parse({ strategy: { id: 'trend' }, timeframe: '5m' });

describe('what strategies look back on at a venue', () => {
  const options = (settings = trend) =>
    ({
      settings,
      strategies: SHIPPED_STRATEGIES,
      symbols: ['BTC/USDT', 'ETH/USDT'],
      log: SILENT_LOGGER,
    }) as unknown as MarketOptions;

  it('is hourly bars, whatever the chart shows', async () => {
    const asked: string[] = [];
    const history = async (symbol: string, timeframe: string, bars: number) => {
      asked.push(`${symbol} ${timeframe} ${bars}`);
      return [bar];
    };
    const found = await venueLookBack(options(), { history });
    expect(asked).toEqual([`BTC/USDT 1h ${DAYS_123}`, `ETH/USDT 1h ${DAYS_123}`]);
    expect(found.get('ETH/USDT')).toEqual({ candles: [bar], durationMs: HOUR });
  });

  it('is nothing where no strategy reads any, and of a symbol that the venue fails to tell of', async () => {
    const rules = SettingsSchema.parse({ strategy: { id: 'rules' } });
    const fails = async (symbol: string) => {
      if (symbol === 'BTC/USDT') throw new Error('busy');
      return [bar];
    };
    expect(await venueLookBack(options(rules), { history: fails })).toEqual(new Map());
    expect([...(await venueLookBack(options(), { history: fails })).keys()]).toEqual(['ETH/USDT']);
  });

  it('is for a rival as well', async () => {
    const settings = SettingsSchema.parse({
      strategy: { id: 'rules' },
      arena: { rivals: { t: { strategy: 'trend' } } },
    });
    const found = await venueLookBack(options(settings), { history: async () => [bar] });
    expect(found.size).toBe(2);
  });
});

it('in a market of stored bars nothing is read that has not happened yet', () => {
  const asked: unknown[] = [];
  const candles = (...given: unknown[]): readonly Candle[] => {
    asked.push(given);
    return [bar];
  };
  const history = { candles };
  const now = 1_000 * 24 * HOUR;
  const options = {
    settings: trend,
    strategies: SHIPPED_STRATEGIES,
    symbols: ['BTC/USDT'],
    history,
  } as unknown as MarketOptions;
  expect(storedLookBack(options, now).get('BTC/USDT')).toEqual({ candles: [bar], durationMs: HOUR / 12 });
  expect(asked).toEqual([['BTC/USDT', '5m', { from: now - DAYS_123 * HOUR, before: now }]]);
});
