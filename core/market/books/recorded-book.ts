import { basename } from 'node:path';
import { z } from 'zod';
import type { UtcMs } from '../../domain/index.ts';
import { DataError, quoted } from '../data-error.ts';
import type { DepthChange, DepthSnapshot } from './depth-book.ts';
import { recordedLines } from './recorded-lines.ts';

/** A message of a recording. `time` is the recorder's, at the receipt, in whole milliseconds, rounded down. */
export type RecordedMessage =
  | { readonly kind: 'snapshot'; readonly time: UtcMs; readonly snapshot: DepthSnapshot }
  | { readonly kind: 'change'; readonly time: UtcMs; readonly change: DepthChange }
  | { readonly kind: 'trade'; readonly time: UtcMs; readonly trade: RecordedTrade }
  /** Best bid and offer, which the depth has as well, or a stream of no use here. */
  | { readonly kind: 'other'; readonly time: UtcMs };

export interface RecordedTrade {
  readonly price: number;
  /** In base currency. */
  readonly amount: number;
  readonly takerBuys: boolean;
}

const number = z.string().transform(Number).pipe(z.number().nonnegative());
const level = z.tuple([number, number]);
const levels = z.array(level);
const id = z.number().int().nonnegative();
const SnapshotSchema = z.object({ lastUpdateId: id, bids: levels, asks: levels });
const ChangeSchema = z.object({ U: id, u: id, pu: id.optional(), b: levels, a: levels });
const TradeSchema = z.object({ p: number, q: number, m: z.boolean() });
const StreamSchema = z.object({ stream: z.string(), data: z.unknown() });

/** Nanoseconds do not fit into a float: these digits are cut off. */
const DIGITS_BELOW_A_MILLISECOND = 6;

/**
 * Reads recorded Binance messages of one symbol, one a line: the time of receipt in nanoseconds, a space, and the
 * message as it came: a depth snapshot, or a stream's depth change, trade or best bid and offer, of the spot market or
 * of perpetuals. Line by line: recordings are large. Several files follow one another in time.
 *
 * @throws DataError naming the file and the line that cannot be trusted.
 */
export async function* readRecordedBook(paths: readonly string[]): AsyncGenerator<RecordedMessage, void> {
  let last = 0;
  let symbol: string | undefined;
  for (const path of paths) {
    const file = basename(path);
    let row = 0;
    let messages = 0;
    for await (const lines of recordedLines(path)) {
      for (const line of lines) {
        row += 1;
        if (line.trim() === '') continue;
        messages += 1;
        const where = `${file}, line ${row}`;
        const { message, market } = messageOf(line, where);
        if (message.time < last) throw backwards(where);
        symbol ??= market;
        if (market !== undefined && symbol !== undefined && market !== symbol) {
          throw mixed(where, market, symbol);
        }
        last = message.time;
        yield message;
      }
    }
    if (messages === 0) throw new DataError('empty', `${file}: it is empty; record or download it again`);
  }
}

/** The message of a line and, where it says so, of what symbol it is. */
function messageOf(line: string, where: string): { message: RecordedMessage; market?: string } {
  const space = line.indexOf(' ');
  const digits = line.slice(0, Math.max(space, 0));
  if (!/^\d{19}$/.test(digits)) {
    throw wrong(where, `it does not begin with a time in nanoseconds: ${quoted(line)}`);
  }
  const time = Number(digits.slice(0, -DIGITS_BELOW_A_MILLISECOND));
  let json: unknown;
  try {
    json = JSON.parse(line.slice(space + 1));
  } catch (cause) {
    throw wrong(where, 'what follows the time is not JSON', cause);
  }
  const snapshot = SnapshotSchema.safeParse(json);
  if (snapshot.success) {
    const { lastUpdateId, bids, asks } = snapshot.data;
    return { message: { kind: 'snapshot', time, snapshot: { lastId: lastUpdateId, bids, asks } } };
  }
  const streamed = StreamSchema.safeParse(json);
  if (!streamed.success) throw wrong(where, 'it is neither a depth snapshot nor a message of a stream');
  const { stream, data } = streamed.data;
  const [market = '', kind = ''] = stream.split('@');
  return { message: streamMessage(kind, data, time, where), market };
}

function streamMessage(kind: string, data: unknown, time: UtcMs, where: string): RecordedMessage {
  switch (kind) {
    case 'depth': {
      const change = ChangeSchema.safeParse(data);
      if (!change.success) throw wrong(where, 'its depth change lacks ids or levels');
      const { U: firstId, u: lastId, pu: previousId = firstId - 1, b: bids, a: asks } = change.data;
      if (lastId < firstId) throw wrong(where, `its ids run backwards, from ${firstId} to ${lastId}`);
      return { kind: 'change', time, change: { previousId, lastId, bids, asks } };
    }
    case 'trade':
    case 'aggTrade': {
      const trade = TradeSchema.safeParse(data);
      if (!trade.success) throw wrong(where, 'its trade lacks price or amount');
      const { p: price, q: amount, m: buyerIsMaker } = trade.data;
      return { kind: 'trade', time, trade: { price, amount, takerBuys: !buyerIsMaker } };
    }
    default:
      return { kind: 'other', time };
  }
}

function wrong(where: string, what: string, cause?: unknown): DataError {
  return new DataError('wrong-cell', `${where}: ${what}; give a raw Binance recording`, { cause });
}

function backwards(where: string): DataError {
  const message = `${where}: it was received before the line above; give lines and files in the order of time`;
  return new DataError('wrong-order', message);
}

function mixed(where: string, market: string, symbol: string): DataError {
  const message = `${where}: it is of ${quoted(market)}, the lines above of ${quoted(symbol)}; give one symbol at a time`;
  return new DataError('different-symbols', message);
}
