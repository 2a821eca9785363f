import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CandleColumns } from './candle-columns.ts';

/** What was read of a file. */
export interface KeptCandles {
  readonly columns: CandleColumns;
  readonly identicalDuplicates: number;
}

/** To be changed with whatever decides what a file's candles are: what was kept before is then read anew. */
const VERSION = 1;
const MAGIC = 0x54424331;
/** Read with the other byte order it is another number. */
const BYTE_ORDER = 0x01020304;
const NUMBERS = 8;
const SHA_BYTES = 32;
const HEADER_BYTES = NUMBERS * Uint32Array.BYTES_PER_ELEMENT + SHA_BYTES;
const SUFFIX = '.candles';
/** Files that are read in a moment anyway are not kept. */
const LEAST_CANDLES = 50_000;
const MOST_BYTES = 1 << 30;

/**
 * Candles of files that were read and found sound, as they lie in memory: the second time a file of a million is there in
 * milliseconds. A file is known by its content, whatever its name and time. What is damaged, of another version or of
 * another machine is as if it were not there, and so is a folder that cannot be written to: the file itself is read then.
 */
export class CandleCache {
  readonly #folder: string;
  readonly #leastCandles: number;
  readonly #mostBytes: number;

  constructor(folder: string, limits: { readonly leastCandles?: number; readonly mostBytes?: number } = {}) {
    this.#folder = folder;
    this.#leastCandles = limits.leastCandles ?? LEAST_CANDLES;
    this.#mostBytes = limits.mostBytes ?? MOST_BYTES;
  }

  /** @param name the file's: its ending says how the bytes are to be read. */
  read(bytes: Buffer, name: string): KeptCandles | null {
    const key = keyOf(bytes, name);
    try {
      return decoded(readFileSync(this.#pathOf(key)), key);
    } catch {
      // Not there, or not to be read: the file itself is.
      return null;
    }
  }

  keep(bytes: Buffer, name: string, kept: KeptCandles): void {
    if (kept.columns.length < this.#leastCandles) return;
    const key = keyOf(bytes, name);
    const path = this.#pathOf(key);
    const unfinished = `${path}.${process.pid}`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(unfinished, encoded(kept, key));
      renameSync(unfinished, path);
      this.#forgetOldest();
    } catch {
      // A full or write-protected disk costs the time that this would have saved, and nothing else.
      remove(unfinished);
    }
  }

  #forgetOldest(): void {
    const files = readdirSync(this.#folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => ({ path: join(this.#folder, name), ...statSync(join(this.#folder, name)) }))
      .sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const [place, { path, size }] of files.entries()) {
      bytes += size;
      if (place > 0 && bytes > this.#mostBytes) rmSync(path, { force: true });
    }
  }

  #pathOf(key: Buffer): string {
    return join(this.#folder, `${key.toString('hex')}${SUFFIX}`);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is not there, and neither is its folder.
  }
}

function keyOf(bytes: Buffer, name: string): Buffer {
  return createHash('sha256').update(bytes).update(extname(name).toLowerCase()).digest();
}

function encoded({ columns, identicalDuplicates }: KeptCandles, key: Buffer): Buffer {
  const body = Buffer.concat(
    columns.all.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  const width = columns.all.length;
  const numbers = [MAGIC, VERSION, BYTE_ORDER, width, columns.length, identicalDuplicates, crc32(body), 0];
  return Buffer.concat([Buffer.from(Uint32Array.from(numbers).buffer), key, body]);
}

function decoded(file: Buffer, key: Buffer): KeptCandles | null {
  if (file.length < HEADER_BYTES) return null;
  // Columns have to lie on multiples of their size.
  const { buffer, byteOffset } = file.byteOffset % 8 === 0 ? file : Buffer.from(new Uint8Array(file));
  const header = new Uint32Array(buffer, byteOffset, NUMBERS);
  const [magic, version, byteOrder, width = 0, length = 0, identicalDuplicates = 0, sum] = header;
  const isOurs = magic === MAGIC && version === VERSION && byteOrder === BYTE_ORDER;
  const columnBytes = length * Float64Array.BYTES_PER_ELEMENT;
  const isWhole = file.length === HEADER_BYTES + width * columnBytes;
  if (!isOurs || !isWhole || (width !== 6 && width !== 7)) return null;
  if (!file.subarray(NUMBERS * 4, HEADER_BYTES).equals(key)) return null;
  if (crc32(file.subarray(HEADER_BYTES)) !== sum) return null;
  const start = byteOffset + HEADER_BYTES;
  const columns = Array.from(
    { length: width },
    (_, place) => new Float64Array(buffer, start + place * columnBytes, length),
  );
  return { columns: new CandleColumns(columns), identicalDuplicates };
}
