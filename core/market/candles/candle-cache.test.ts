import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { candleCsv } from '../testing/candle-files.ts';
import { candlesAt, MINUTE_MS, START } from '../testing/candles.ts';
import { CandleCache } from './candle-cache.ts';
import { readCandles } from './candle-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candle-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const minutes = (count: number) =>
  candlesAt(
    START,
    MINUTE_MS,
    Array.from({ length: count }, (_, at) => at % 7 !== 3),
  );
const cacheIn = (name = 'cache', mostBytes = 1 << 20) =>
  new CandleCache(join(folder, name), { leastCandles: 5, mostBytes });
const kept = (name = 'cache') => readdirSync(join(folder, name));

function written(name: string, count: number): string {
  const path = join(folder, name);
  writeFileSync(path, candleCsv(minutes(count)));
  return path;
}

/** Notes what is asked and kept. */
function watched(cache: CandleCache) {
  const found: string[] = [];
  const own: Pick<CandleCache, 'read' | 'keep'> = {
    read: (...asked) => {
      const answer = cache.read(...asked);
      found.push(answer === null ? 'missed' : 'found');
      return answer;
    },
    keep: (...given) => cache.keep(...given),
  };
  return { found, cache: own as CandleCache };
}

describe('candles of a file that was read before', () => {
  test('are those of the file: with its gaps, its doubled rows and its own name in the report', () => {
    const path = written('a.csv', 50);
    writeFileSync(path, `${readFileSync(path, 'utf8')}${candleCsv(minutes(1)).split('\n')[1]}\n`);
    const { found, cache } = watched(cacheIn());
    const [first, second] = [readCandles(path, cache), readCandles(path, cache)];
    expect(found).toEqual(['missed', 'found']);
    expect(second.candles).toEqual(first.candles);
    expect(second.report).toEqual(first.report);
    expect(second.report).toMatchObject({ identicalDuplicates: 1, missingBars: 7 });
    const other = join(folder, 'b.csv');
    writeFileSync(other, readFileSync(path));
    expect(readCandles(other, cache).report.file).toBe('b.csv');
    expect(found).toEqual(['missed', 'found', 'found']);
  });

  test('are read anew when the file has changed, also where its name and its length have not', () => {
    const path = written('a.csv', 50);
    const { found, cache } = watched(cacheIn());
    readCandles(path, cache);
    writeFileSync(path, readFileSync(path, 'utf8').replace('100,103,98,101', '100,103,98,102'));
    expect(readCandles(path, cache).candles[0]?.close).toBe(102);
    expect(found).toEqual(['missed', 'missed']);
  });

  test.each([
    ['its last byte is another', (bytes: Buffer) => bytes.fill(bytes.at(-1) === 1 ? 2 : 1, bytes.length - 1)],
    ['it is cut short', (bytes: Buffer) => bytes.subarray(0, -8)],
    ['it is empty', () => Buffer.alloc(0)],
    ['it is of another version', (bytes: Buffer) => bytes.fill(9, 4, 5)],
    [
      'it is of a machine with another byte order',
      (bytes: Buffer) => bytes.fill(bytes.subarray(8, 12).reverse(), 8, 12),
    ],
    ['it says that it is of another file', (bytes: Buffer) => bytes.fill(0, 32, 40)],
    ['it has another number of columns', (bytes: Buffer) => bytes.fill(5, 12, 13)],
  ])('are read anew, and kept anew, when %s', (_, damage) => {
    const path = written('a.csv', 50);
    const { found, cache } = watched(cacheIn());
    const { candles } = readCandles(path, cache);
    const file = join(folder, 'cache', kept()[0] ?? '');
    const sound = readFileSync(file);
    writeFileSync(file, damage(Buffer.from(sound)));
    expect(readCandles(path, cache).candles).toEqual(candles);
    expect(found).toEqual(['missed', 'missed']);
    expect(readFileSync(file)).toEqual(sound);
  });

  test('a file that is refused is refused each time, and one of the same bytes by a name that says otherwise', () => {
    const path = written('a.csv', 50);
    const { cache } = watched(cacheIn());
    readCandles(path, cache);
    const packed = join(folder, 'a.csv.gz');
    writeFileSync(packed, readFileSync(path));
    expect(() => readCandles(packed, cache)).toThrow('is not gz data');
    writeFileSync(path, 'timestamp_ms,open,high,low,close,volume\n1,2,3\n');
    for (const _ of [1, 2]) expect(() => readCandles(path, cache)).toThrow('columns');
    expect(kept()).toHaveLength(1);
  });

  test('small files are not kept, and of large ones the newest, within bounds', () => {
    readCandles(written('small.csv', 4), cacheIn());
    expect(() => kept()).toThrow('ENOENT');
    const bounded = cacheIn('cache', 5_000);
    for (const count of [50, 51, 52]) {
      readCandles(written('a.csv', count), bounded);
      for (const name of kept()) utimesSync(join(folder, 'cache', name), count - 40, count - 40);
    }
    expect(kept()).toHaveLength(2);
    readCandles(written('a.csv', 90), cacheIn('cache', 10));
    expect(kept()).toHaveLength(1);
  });

  test('a folder that cannot be written to costs nothing but time', () => {
    writeFileSync(join(folder, 'file'), '');
    const { found, cache } = watched(cacheIn('file'));
    const path = written('a.csv', 50);
    expect(readCandles(path, cache).candles).toEqual(minutes(50));
    expect(readCandles(path, cache).candles).toHaveLength(minutes(50).length);
    expect(found).toEqual(['missed', 'missed']);
  });
});
