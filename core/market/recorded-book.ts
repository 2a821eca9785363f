import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import type { UtcMs } from '../domain/index.ts';
import { DataError } from './data-error.ts';
import type { DepthChange, DepthSnapshot } from './depth-book.ts';

/** A message of a recording, with the moment at which it was received. */
export type RecordedMessage =
  | { readonly kind: 'snapshot'; readonly time: UtcMs; readonly snapshot: DepthSnapshot }
  | { readonly kind: 'change'; readonly time: UtcMs; readonly change: DepthChange }
  | {
      readonly kind: 'trade';
      readonly time: UtcMs;
      readonly price: number;
      readonly amount: number;
      readonly takerBuys: boolean;
    }
  /** Best bid and offer, which the depth has as well. */
  | { readonly kind: 'other'; readonly time: UtcMs };

const number = z.string().transform(Number).pipe(z.number().nonnegative());
const level = z.tuple([number, number]);
const levels = z.array(level);
const id = z.number().int().nonnegative();
const SnapshotSchema = z.object({ lastUpdateId: id, bids: levels, asks: levels });
const ChangeSchema = z.object({ U: id, u: id, b: levels, a: levels });
const TradeSchema = z.object({ p: number, q: number, m: z.boolean() });
const StreamSchema = z.object({ stream: z.string(), data: z.unknown() });

const NANOSECONDS_A_MILLISECOND = 1e6;

/**
 * Reads recorded Binance messages, one a line: the time of receipt in nanoseconds, a space, and the message as it
 * came: a depth snapshot, or a stream's depth change, trade or best bid and offer. Line by line: recordings are large.
 *
 * @throws DataError naming the file and the line that cannot be trusted.
 */
export async function* readRecordedBook(path: string): AsyncGenerator<RecordedMessage, void> {
  const file = basename(path);
  let count = 0;
  let last = 0;
  for await (const line of linesOf(path)) {
    count += 1;
    if (line === '') continue;
    const message = messageOf(line, `${file}, line ${count}`);
    if (message.time < last) {
      throw new DataError(
        'wrong-order',
        `${file}, line ${count}: it was received before the line above; sort the file by time`,
      );
    }
    last = message.time;
    yield message;
  }
  if (count === 0) throw new DataError('empty', `${file}: it is empty; record or download it again`);
}

function messageOf(line: string, where: string): RecordedMessage {
  const space = line.indexOf(' ');
  const time = Number(line.slice(0, Math.max(space, 0))) / NANOSECONDS_A_MILLISECOND;
  if (space < 1 || !(time > 0)) throw wrong(where, 'it does not begin with a time in nanoseconds');
  let json: unknown;
  try {
    json = JSON.parse(line.slice(space + 1));
  } catch {
    throw wrong(where, 'what follows the time is not JSON');
  }
  const snapshot = SnapshotSchema.safeParse(json);
  if (snapshot.success) {
    const { lastUpdateId, bids, asks } = snapshot.data;
    return { kind: 'snapshot', time, snapshot: { lastId: lastUpdateId, bids, asks } };
  }
  const streamed = StreamSchema.safeParse(json);
  if (!streamed.success) throw wrong(where, 'it is neither a depth snapshot nor a message of a stream');
  const { stream, data } = streamed.data;
  if (stream.includes('@depth')) {
    const change = ChangeSchema.safeParse(data);
    if (!change.success) throw wrong(where, 'its depth change lacks ids or levels');
    const { U: firstId, u: lastId, b: bids, a: asks } = change.data;
    return { kind: 'change', time, change: { firstId, lastId, bids, asks } };
  }
  if (!stream.endsWith('@trade')) return { kind: 'other', time };
  const trade = TradeSchema.safeParse(data);
  if (!trade.success) throw wrong(where, 'its trade lacks price or amount');
  const { p: price, q: amount, m: buyerIsMaker } = trade.data;
  return { kind: 'trade', time, price, amount, takerBuys: !buyerIsMaker };
}

function wrong(where: string, what: string): DataError {
  return new DataError('wrong-cell', `${where}: ${what}; give a raw Binance recording`);
}

async function* linesOf(path: string): AsyncGenerator<string, void> {
  const source = createReadStream(path);
  let failure: unknown;
  const input = path.endsWith('.gz')
    ? pipeline(source, createGunzip(), (error) => {
        failure = error;
      })
    : source;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield line;
  } catch (error) {
    failure ??= error;
  }
  if (failure != null) throw unreadable(path, failure);
}

function unreadable(path: string, cause: unknown): DataError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOENT')
    return new DataError('not-found', `${path}: there is no such file; check the path`, { cause });
  if (code.startsWith('Z_')) {
    return new DataError(
      'damaged',
      `${basename(path)}: the gzip data is cut short or damaged; download it again`,
      { cause },
    );
  }
  return new DataError(
    'unreadable',
    `${path}: it cannot be read (${code}); check the file and its permissions`,
    { cause },
  );
}
