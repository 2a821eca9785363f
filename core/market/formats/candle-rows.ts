import type { Candle } from '../../domain/index.ts';

/** Candles as they stand in a file, before anything but their form was checked. */
export interface CandleRows {
  /** The file's name, for messages. */
  readonly file: string;
  readonly candles: readonly Candle[];
  /** Row number of the first candle as a spreadsheet shows it; each following candle is one row further. */
  readonly firstRow: number;
}

/** Where a candle stands in its file, to begin a message with. */
export function placeOf(rows: Pick<CandleRows, 'file' | 'firstRow'>, index: number): string {
  return `${rows.file} row ${rows.firstRow + index}`;
}
