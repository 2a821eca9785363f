import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candle } from '../../domain/index.ts';
import { type CandleSeries, readCandles } from '../index.ts';
import { HOUR_MS, START } from './candles.ts';

/** Reads candles from a file with this content. */
export function readContent(content: string | Uint8Array, name = 'a.csv'): CandleSeries {
  const folder = mkdtempSync(join(tmpdir(), 'candle-file-'));
  try {
    writeFileSync(join(folder, name), content);
    return readCandles(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const HEADER = 'timestamp_ms,open,high,low,close,volume';

export const row = (hour: number, cells = '10,12,9,11,5'): string => `${START + hour * HOUR_MS},${cells}`;

export const csv = (...rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

/** Three sound hours. */
export const SOUND = csv(row(0), row(1), row(2));

/**
 * Writes candles as this program's CSV: header and one line a candle, numbers in their shortest exact form.
 * Reading it again gives the same candles. `taker_buy_base` is written when every candle has it.
 */
export function candleCsv(candles: readonly Candle[]): string {
  const withTaker = candles.length > 0 && candles.every((candle) => candle.takerBuyVolume !== undefined);
  const lines = candles.map((candle) => {
    const { openTime, open, high, low, close, volume, takerBuyVolume } = candle;
    const cells = [openTime, open, high, low, close, volume];
    return (withTaker ? [...cells, takerBuyVolume] : cells).join(',');
  });
  const header = `timestamp_ms,open,high,low,close,volume${withTaker ? ',taker_buy_base' : ''}`;
  return `${[header, ...lines].join('\n')}\n`;
}
