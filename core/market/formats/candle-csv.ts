import type { Candle } from '../../domain/index.ts';
import { DataError, quoted } from '../data-error.ts';
import { type CandleRows, placeOf } from './candle-rows.ts';
import { CellReader } from './cell-reader.ts';

/** What a column means. `extra` columns must hold numbers and are not kept. */
type Meaning =
  | 'time'
  | 'binanceTime'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'takerBuyVolume'
  | 'extra';

const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['timestamp_ms', 'time'],
  ['ts', 'time'],
  ['open_time', 'binanceTime'],
  ['open', 'open'],
  ['high', 'high'],
  ['low', 'low'],
  ['close', 'close'],
  ['volume', 'volume'],
  ['quote_volume', 'extra'],
  ['trades', 'extra'],
  ['taker_buy_base', 'takerBuyVolume'],
  ['taker_buy_quote', 'extra'],
  ['close_time', 'extra'],
  ['count', 'extra'],
  ['taker_buy_volume', 'takerBuyVolume'],
  ['taker_buy_quote_volume', 'extra'],
  ['ignore', 'extra'],
]);
const NEEDED: readonly Meaning[] = ['open', 'high', 'low', 'close', 'volume'];

/** Binance's public kline files: https://github.com/binance/binance-public-data#klines. Spot files have no header. */
const BINANCE_COLUMNS = [
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'close_time',
  'quote_volume',
  'count',
  'taker_buy_volume',
  'taker_buy_quote_volume',
  'ignore',
];

/** Binance counts in microseconds since 2025. As milliseconds, this would be the year 5138. */
const FIRST_MICROSECONDS = 1e14;

const EXPECTED = 'expected timestamp_ms,open,high,low,close,volume';
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads candles from CSV: with a header (`timestamp_ms` or `ts` in milliseconds, `open_time` as Binance writes it,
 * columns in any order, extra columns of known names), or Binance's 12 columns without one.
 *
 * @throws DataError `empty`, `unknown-header`, `wrong-columns` or `wrong-cell`.
 */
export function parseCandleCsv(bytes: Uint8Array, file: string): CandleRows {
  const start = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0;
  if (!new CellReader(bytes, start).beginLine()) {
    throw new DataError('empty', `${file}: the file is empty; give a file with data`);
  }
  const lineEnd = bytes.indexOf(LINE_FEED, start);
  const firstLine = Buffer.from(bytes.subarray(start, lineEnd < 0 ? bytes.length : lineEnd))
    .toString('latin1')
    .trim();
  const hasHeader = !/^[-+.\d]/.test(firstLine);
  const columns = hasHeader ? columnsOf(firstLine, file) : binanceColumns(firstLine, file);
  const rows = { file, candles: [] as Candle[], firstRow: hasHeader ? 2 : 1 };
  const headerEnd = lineEnd < 0 ? bytes.length : lineEnd + 1;
  const reader = new CellReader(bytes, hasHeader ? headerEnd : start);
  readRows(reader, columns, rows);
  if (rows.candles.length === 0) {
    throw new DataError('empty', `${file}: it holds no candles; give a file with data`);
  }
  return rows;
}

interface Columns {
  readonly names: readonly string[];
  readonly at: Readonly<
    Record<'time' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'takerBuyVolume', number>
  >;
  readonly isBinance: boolean;
}

function readRows(
  reader: CellReader,
  columns: Columns,
  rows: CandleRows & { readonly candles: Candle[] },
): void {
  const { names, at, isBinance } = columns;
  const cells = new Float64Array(names.length);
  const cell = (column: number): number => cells[column] ?? Number.NaN;
  while (reader.beginLine()) {
    for (let column = 0; column < names.length; column += 1) {
      const value = reader.readNumber();
      const isLast = column === names.length - 1;
      if (Number.isNaN(value) || reader.atLineEnd() !== isLast) throw rowFault(reader, names, column, rows);
      cells[column] = value;
      reader.advance();
    }
    const time = cell(at.time);
    const candle = {
      openTime: isBinance && time >= FIRST_MICROSECONDS ? time / 1000 : time,
      open: cell(at.open),
      high: cell(at.high),
      low: cell(at.low),
      close: cell(at.close),
      volume: cell(at.volume),
    };
    rows.candles.push(
      at.takerBuyVolume < 0 ? candle : { ...candle, takerBuyVolume: cell(at.takerBuyVolume) },
    );
  }
}

function rowFault(reader: CellReader, names: readonly string[], column: number, rows: CandleRows): DataError {
  const place = placeOf(rows, rows.candles.length);
  const found = reader.cellsInLine();
  if (found !== names.length) {
    return new DataError(
      'wrong-columns',
      `${place}: the number of columns is ${found}, not ${names.length}; correct the row or download the file again`,
    );
  }
  const text = quoted(reader.cellText());
  return new DataError(
    'wrong-cell',
    `${place}: ${text} in column ${names[column]} is not a finite number; correct the row or download the file again`,
  );
}

function columnsOf(header: string, file: string): Columns {
  const names = header.split(',');
  const meanings = names.map((name) => MEANINGS.get(name));
  const unknown = names[meanings.indexOf(undefined)];
  if (unknown !== undefined) throw unknownHeader(file, `unknown column ${quoted(unknown)} in the header`);
  const repeated = names.find(
    (_, index) => meanings[index] !== 'extra' && meanings.indexOf(meanings[index]) < index,
  );
  if (repeated !== undefined)
    throw unknownHeader(file, `column ${quoted(repeated)} says what another column says already`);
  const isBinance = meanings.includes('binanceTime');
  const time = meanings.indexOf(isBinance ? 'binanceTime' : 'time');
  const missing = time < 0 ? 'timestamp_ms' : NEEDED.find((name) => !meanings.includes(name));
  if (missing !== undefined) throw unknownHeader(file, `no column "${missing}" in the header`);
  const indexOf = (meaning: Meaning): number => meanings.indexOf(meaning);
  return {
    names,
    isBinance,
    at: {
      time,
      open: indexOf('open'),
      high: indexOf('high'),
      low: indexOf('low'),
      close: indexOf('close'),
      volume: indexOf('volume'),
      takerBuyVolume: indexOf('takerBuyVolume'),
    },
  };
}

function binanceColumns(firstLine: string, file: string): Columns {
  const count = firstLine.split(',').length;
  if (count === BINANCE_COLUMNS.length) return columnsOf(BINANCE_COLUMNS.join(','), file);
  throw unknownHeader(file, `no header and ${count} columns, where Binance's files without a header have 12`);
}

function unknownHeader(file: string, fault: string): DataError {
  return new DataError('unknown-header', `${file} row 1: ${fault}; ${EXPECTED}`);
}
