import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { DataError, readCandles } from '../index.ts';
import { csv, HEADER, readContent, row, SOUND } from '../testing/candle-files.ts';
import { START } from '../testing/candles.ts';

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DataError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was wrong');
}

const text = (content: string): Uint8Array => Buffer.from(content);
const gzip = gzipSync(SOUND);
const zip = Buffer.from(zipSync({ 'a.csv': text(SOUND) }));
/** Where the archive's directory of one entry begins: fixed lengths plus the name's. */
const zipDirectory = zip.length - 22 - 46 - 'a.csv'.length;

function changed(bytes: Buffer, at: number, byte = (bytes[at] ?? 0) ^ 0xff): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = byte;
  return copy;
}

type Refusals = readonly (readonly [name: string, content: string | Uint8Array, refusal: string])[];

const EMPTY = 'empty: a.csv: the file is empty; give a file with data';
const BAD_GZIP = 'damaged: a.csv.gz: the gzip data is cut short or damaged; download it again';
const NOT_GZIP = 'damaged: a.csv.gz: it is named .gz but is not gz data; download it again, or rename it';

test.each<Refusals[number]>([
  ['empty', '', EMPTY],
  ['only blank lines', '\n \r\n', EMPTY],
  ['only a header', HEADER, 'empty: a.csv: it holds no candles; give a file with data'],
])('a file without candles: %s', (_, content, expected) => {
  expect(refusal(() => readContent(content))).toBe(expected);
});

test.each<Refusals[number]>([
  ['cut', gzip.subarray(0, gzip.length - 12), BAD_GZIP],
  ['with a wrong byte', changed(gzip, 40), BAD_GZIP],
  ['only by its name', SOUND, NOT_GZIP],
  ['empty', '', NOT_GZIP],
  ['of nothing', gzipSync(''), EMPTY.replace('a.csv', 'a.csv.gz')],
])('a gzip file: %s', (_, content, expected) => {
  expect(refusal(() => readContent(content, 'a.csv.gz'))).toBe(expected);
});

const BAD_ZIP = 'damaged: a.zip: the zip archive is cut short or damaged; download it again';
const ODD_ZIP = 'the archive is packed in an unusual way (method 12); unpack it and give the candle file';
const FULL_ZIP = 'the archive holds 2 files; unpack it and give one candle file';

test.each<Refusals[number]>([
  ['cut', zip.subarray(0, zip.length - 30), BAD_ZIP],
  ['without its middle', Buffer.concat([zip.subarray(0, 20), zip.subarray(60)]), BAD_ZIP],
  ['with wrong data', changed(zip, 50), BAD_ZIP],
  ['with another checksum', changed(zip, zipDirectory + 16), BAD_ZIP],
  ['with a wrong directory', changed(zip, zipDirectory), BAD_ZIP],
  ['with a directory elsewhere', changed(zip, zip.length - 3), BAD_ZIP],
  ['packed in an unusual way', changed(zip, zipDirectory + 10, 12), `unknown-format: a.zip: ${ODD_ZIP}`],
  ['of two files', zipSync({ 'a.csv': text(SOUND), b: text('') }), `unknown-format: a.zip: ${FULL_ZIP}`],
  ['of nothing', zipSync({}), `unknown-format: a.zip: ${FULL_ZIP.replace('2', '0')}`],
])('a zip file: %s', (_, content, expected) => {
  expect(refusal(() => readContent(content, 'a.zip'))).toBe(expected);
});

test.each<Refusals[number]>([
  ['an unknown column', `${HEADER},mood\n`, 'unknown column "mood" in the header'],
  ['a blank first row', `\n${SOUND}`, 'unknown column "" in the header'],
  ['no volume', 'timestamp_ms,open,high,low,close\n', 'no column "volume" in the header'],
  ['no time', 'open,high,low,close,volume\n', 'no column "timestamp_ms" in the header'],
  ['two times', `${HEADER},ts\n`, 'column "ts" says what another column says already'],
  ['none', row(0), "no header and 6 columns, where Binance's files without a header have 12"],
  ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 10]), 'unknown column "?PNG?" in the header'],
])('a header: %s', (_, content, fault) => {
  const expected = `unknown-header: a.csv row 1: ${fault}; expected ${HEADER}`;
  expect(refusal(() => readContent(content))).toBe(expected);
});

const cell = (shown: string, column: string): string =>
  `wrong-cell: "${shown}" in column ${column} is not a finite number`;

test.each<Refusals[number]>([
  ['too few columns', row(1, '10,12,9,11'), 'wrong-columns: the number of columns is 5, not 6'],
  ['too many columns', row(1, '10,12,9,11,5,7'), 'wrong-columns: the number of columns is 7, not 6'],
  ['blank', '', 'wrong-columns: the number of columns is 1, not 6'],
  ['cut', row(1).slice(0, -5), 'wrong-columns: the number of columns is 4, not 6'],
  ['a word', row(1, '10,12,9,oops,5'), cell('oops', 'close')],
  ['NaN', row(1, '10,12,9,NaN,5'), cell('NaN', 'close')],
  ['infinite', row(1, '10,inf,9,11,5'), cell('inf', 'high')],
  ['an empty cell', row(1, '10,12,9,11,'), cell('', 'volume')],
  ['a date for a time', '2024-01-01,10,12,9,11,5', cell('2024-01-01', 'timestamp_ms')],
  ['a very long cell', `${'7'.repeat(5000)},10,12,9,11,5`, cell(`${'7'.repeat(40)}...`, 'timestamp_ms')],
  ['low above high', row(1, '10,9,12,11,5'), 'unsound-candle: high is below low'],
  ['close outside', row(1, '10,12,9,13,5'), 'unsound-candle: close lies outside low..high'],
  ['negative volume', row(1, '10,12,9,11,-5'), 'unsound-candle: volume must not be negative'],
  ['a price of 0', row(1, '0,12,0,11,5'), 'unsound-candle: low must be above 0'],
  ['a broken time', row(1.000_000_1), 'unsound-candle: the time is not a whole number of milliseconds'],
])('a row: %s', (_, second, expected) => {
  const [code, fault] = expected.split(/: (.*)/s);
  const content = csv(row(0), String(second), row(2));
  expect(refusal(() => readContent(content))).toBe(
    `${code}: a.csv row 3: ${fault}; correct the row or download the file again`,
  );
});

test.each<Refusals[number]>([
  ['a word', `${HEADER},trades\n${row(0)},many\n`, '"many" in column trades is not a finite number'],
  ['taker volume below 0', `${HEADER},taker_buy_base\n${row(0)},-1\n`, 'taker volume must not be negative'],
])('an extra column: %s', (_, content, fault) => {
  expect(refusal(() => readContent(content))).toContain(`: a.csv row 2: ${fault}; `);
});

const TIMEFRAMES = 'give one of 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 12h, 1d';
const UNORDERED = 'a.csv row 4: 2024-01-01 01:00 comes after a later bar; sort the file by time';
const CONFLICT = 'is there twice with different values; delete the wrong row';
const OFF_GRID = 'is not a whole number of 3600 s bars after the one before; correct its time or delete it';
const SECONDS = '1704067200,1,1,1,1,1\n1704070800,1,1,1,1,1';

test.each<Refusals[number]>([
  ['a later bar first', csv(row(0), row(2), row(1)), `wrong-order: ${UNORDERED}`],
  [
    'a bar twice, unlike',
    csv(row(0), row(1), row(1, '10,12,9,11,6')),
    `conflicting-duplicate: a.csv row 4: 2024-01-01 01:00 ${CONFLICT}`,
  ],
  [
    'a bar far back, unlike',
    csv(row(0), row(1), row(2), row(0, '10,12,9,10,5')),
    `conflicting-duplicate: a.csv row 5: 2024-01-01 00:00 ${CONFLICT}`,
  ],
  ['one bar', csv(row(0)), 'too-short: a.csv: one bar does not tell its timeframe; give at least two bars'],
  [
    'seven hours apart',
    csv(row(0), row(7), row(14)),
    `unknown-timeframe: a.csv: bars are 25200 s apart, which is no timeframe; ${TIMEFRAMES}`,
  ],
  [
    'times in seconds',
    csv(SECONDS),
    `unknown-timeframe: a.csv: bars are 3.6 s apart, which is no timeframe; times must be Unix milliseconds; ${TIMEFRAMES}`,
  ],
  [
    'off the grid',
    csv(row(0), row(1), row(2), row(3.5)),
    `irregular-spacing: a.csv: the bar of 2024-01-01 03:30 ${OFF_GRID}`,
  ],
])('times: %s', (_, content, expected) => {
  expect(refusal(() => readContent(content))).toBe(expected);
});

const CORRECT = 'correct the row or download the file again';
const NO_LIST = 'the JSON is not a list of candles; expected [[ms, open, high, low, close, volume], ...]';

test.each<Refusals[number]>([
  ['cut', '[[1, 2', 'damaged: a.json: the JSON is cut short or damaged; download it again'],
  ['something else', '{"a": 1}', `unknown-format: a.json: ${NO_LIST}`],
  ['no candles', '[]', 'empty: a.json: it holds no candles; give a file with data'],
  [
    'short',
    `[[${START}, 1, 2]]`,
    `wrong-columns: a.json row 1: the number of columns is 3, not 6; ${CORRECT}`,
  ],
  ['no row', '[7]', `wrong-columns: a.json row 1: the number of columns is "7", not 6; ${CORRECT}`],
  [
    'text',
    `[[1, 1, 2, 1, "2", 5]]`,
    `wrong-cell: a.json row 1: "2" as close is not a finite number; ${CORRECT}`,
  ],
  [
    'null',
    `[[1, 1, 2, 1, 2, null]]`,
    `wrong-cell: a.json row 1: "null" as volume is not a finite number; ${CORRECT}`,
  ],
])('a JSON file: %s', (_, content, expected) => {
  expect(refusal(() => readContent(content, 'a.json'))).toBe(expected);
});

test('a path that leads to no file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'refused-files-'));
  try {
    const missing = join(folder, 'nothing.csv');
    expect(refusal(() => readCandles(missing))).toBe(
      `not-found: ${missing}: there is no such file; check the path`,
    );
    expect(refusal(() => readCandles(folder))).toBe(`not-a-file: ${folder}: it is a folder; give a file`);
    expect(refusal(() => readCandles('/dev/null/a.csv'))).toMatch(
      /^unreadable: .* \(ENOTDIR\); check the file/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('any cut of any file is refused or gives candles, and never crashes', () => {
  const files = [Buffer.from(SOUND), gzip, zip, Buffer.from(JSON.stringify([[START, 1, 1, 1, 1, 1]]))];
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(), fc.nat(255), (file, length, at, byte) => {
      const cut = file.subarray(0, length % (file.length + 1));
      const content = cut.length === 0 ? cut : changed(cut, at % cut.length, byte);
      try {
        expect(readContent(content).candles.length).toBeGreaterThan(1);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
        expect(String(error)).not.toMatch(/[\r\n]/);
      }
    }),
    { numRuns: 500 },
  );
});
