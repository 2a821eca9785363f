import { join } from 'node:path';
import type { HistoryRange } from '../../domain/index.ts';
import { type DataReport, mergeCandles, readCandles } from '../../market/index.ts';
import { openDatabase, openDataDirectory, SqliteHistoryStore } from '../../storage/index.ts';

export type ImportReport = DataReport & { readonly symbol: string };

/**
 * Reads candle files of one symbol and timeframe into the stored history.
 *
 * @throws DataError when a file cannot be used, before anything is written; StorageError when the directory cannot.
 */
export function importCandles(directory: string, symbol: string, files: readonly string[]): ImportReport {
  const series = mergeCandles(files.map((file) => readCandles(file)));
  withHistory(directory, (history) => history.append(symbol, series.timeframe, series.candles));
  return { ...series.report, symbol };
}

/** What history is stored. @throws StorageError */
export function listHistory(directory: string): readonly HistoryRange[] {
  return withHistory(directory, (history) => history.list());
}

function withHistory<T>(path: string, use: (history: SqliteHistoryStore) => T): T {
  const directory = openDataDirectory(path);
  try {
    const database = openDatabase({ file: join(directory.path, 'history.sqlite'), owner: 'history' });
    try {
      return use(new SqliteHistoryStore(database));
    } finally {
      database.close();
    }
  } finally {
    directory.close();
  }
}
