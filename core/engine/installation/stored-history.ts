import { join } from 'node:path';
import type { HistoryRange, HistoryStore } from '../../domain/index.ts';
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

export interface OpenHistory {
  readonly history: HistoryStore;
  close(): void;
}

/** Opens the stored history; its directory is nobody else's until it is closed. @throws StorageError */
export function openHistory(path: string): OpenHistory {
  const directory = openDataDirectory(path);
  try {
    const database = openDatabase({ file: join(directory.path, 'history.sqlite'), owner: 'history' });
    const close = (): void => {
      database.close();
      directory.close();
    };
    return { history: new SqliteHistoryStore(database), close };
  } catch (error) {
    directory.close();
    throw error;
  }
}

function withHistory<T>(path: string, use: (history: HistoryStore) => T): T {
  const { history, close } = openHistory(path);
  try {
    return use(history);
  } finally {
    close();
  }
}
