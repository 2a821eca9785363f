import type { Candle } from '../../domain/index.ts';
import { DataError, quoted } from '../data-error.ts';
import { type CandleRows, placeOf } from './candle-rows.ts';

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Reads candles as freqtrade's JSON data handler writes them: `[[ms, open, high, low, close, volume], ...]`.
 * The first candle is row 1.
 *
 * @throws DataError `damaged`, `unknown-format`, `empty`, `wrong-columns` or `wrong-cell`.
 */
export function parseFreqtradeJson(bytes: Buffer, file: string): CandleRows {
  const place = { file, firstRow: 1 };
  const candles = arrayOf(bytes, file).map((row, index): Candle => {
    if (!Array.isArray(row) || row.length !== COLUMNS.length) {
      const found = Array.isArray(row) ? row.length : quoted(JSON.stringify(row));
      throw new DataError(
        'wrong-columns',
        `${placeOf(place, index)}: the number of columns is ${found}, not ${COLUMNS.length}; correct the row or download the file again`,
      );
    }
    const cell = (column: number): number => {
      const value: unknown = row[column];
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw new DataError(
        'wrong-cell',
        `${placeOf(place, index)}: ${quoted(typeof value === 'string' ? value : JSON.stringify(value))} as ${COLUMNS[column]} is not a finite number; correct the row or download the file again`,
      );
    };
    return { openTime: cell(0), open: cell(1), high: cell(2), low: cell(3), close: cell(4), volume: cell(5) };
  });
  if (candles.length === 0)
    throw new DataError('empty', `${file}: it holds no candles; give a file with data`);
  return { ...place, candles };
}

function arrayOf(bytes: Buffer, file: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new DataError('damaged', `${file}: the JSON is cut short or damaged; download it again`, { cause });
  }
  if (Array.isArray(parsed)) return parsed;
  throw new DataError(
    'unknown-format',
    `${file}: the JSON is not a list of candles; expected [[ms, open, high, low, close, volume], ...]`,
  );
}
