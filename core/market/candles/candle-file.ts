import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isUtf16, textOfBytes } from '../../domain/index.ts';
import { type CandleRows, parseCandleCsv, parseFreqtradeJson, unpack } from '../formats/index.ts';
import { unreadableFile } from '../unreadable-file.ts';
import type { CandleCache } from './candle-cache.ts';
import { assembleSeries, type CandleSeries, describeSeries } from './candle-series.ts';

/**
 * Reads a file of candles of one symbol. The format is found from the content: this program's CSV, Binance's
 * public klines (CSV, with or without a header, in milliseconds or microseconds), freqtrade's JSON; each as it
 * is, in gzip, or as the only file in a zip.
 *
 * @returns candles ascending by opening time, their timeframe, and a report of gaps and repeated rows.
 * @param cache where the candles of large files are kept for the next time; null: nowhere.
 * @throws DataError whenever anything in the file cannot be trusted.
 */
export function readCandles(path: string, cache: CandleCache | null = null): CandleSeries {
  const file = basename(path);
  const bytes = bytesOf(path);
  const kept = cache?.read(bytes, file) ?? null;
  if (kept !== null) return describeSeries(file, kept.columns, kept.identicalDuplicates);
  const series = assembleSeries(rowsOf(inUtf8(unpack(bytes, file)), file));
  const { identicalDuplicates } = series.report;
  cache?.keep(bytes, file, { columns: series.columns, identicalDuplicates });
  return series;
}

function rowsOf(content: Buffer, file: string): CandleRows {
  const beginning = content.subarray(0, 1000).toString('latin1').trimStart();
  if (beginning.startsWith('[') || beginning.startsWith('{')) return parseFreqtradeJson(content, file);
  return parseCandleCsv(content, file);
}

/** Without a byte order mark, and what a Windows shell or spreadsheet wrote as UTF-16 as well. */
function inUtf8(content: Buffer): Buffer {
  if (isUtf16(content)) return Buffer.from(textOfBytes(content));
  const hasMark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  return hasMark ? content.subarray(3) : content;
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}
