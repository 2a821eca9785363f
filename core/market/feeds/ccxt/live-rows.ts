import { z } from 'zod';
import {
  type BookLevel,
  type OrderBook,
  type PublicTrade,
  type UtcMs,
  VenueError,
} from '../../../domain/index.ts';

const Digits = z
  .union([z.string().min(1), z.number()])
  .transform(Number)
  .pipe(z.number().finite());
const Level = z.tuple([Digits, Digits]).rest(z.unknown());
const BookReply = z.object({ bids: z.array(Level), asks: z.array(Level) });
const TradeReply = z.object({
  id: z.string().nullish(),
  timestamp: z.number().finite(),
  price: Digits,
  amount: Digits,
  side: z.enum(['buy', 'sell']).nullish(),
});

/** A trade as a venue tells it, with what it is known by. */
export interface ToldTrade extends PublicTrade {
  readonly id: string;
}

/**
 * A book as ccxt has it, in coins.
 *
 * @param contractSize coins a contract, where the venue counts in contracts; else 1.
 * @throws VenueError when it is none, is out of order, or crosses.
 */
export function readBook(reply: unknown, time: UtcMs, depth: number, contractSize: number): OrderBook {
  const read = BookReply.safeParse(cut(reply, depth));
  if (!read.success) throw new VenueError('uncertain', 'the order book cannot be read');
  const levels = (rows: readonly (readonly [number, number, ...unknown[]])[]): readonly BookLevel[] =>
    rows.map(([price, amount]) => [price, amount * contractSize] as const).filter(([, amount]) => amount > 0);
  const [bids, asks] = [levels(read.data.bids), levels(read.data.asks)];
  if (!isSorted(bids, -1) || !isSorted(asks, 1))
    throw new VenueError('uncertain', 'the order book is out of order');
  if (crosses(bids[0], asks[0])) throw new VenueError('uncertain', 'the order book crosses');
  return { time, bids, asks };
}

/** Trades as ccxt has them, oldest first, in coins; those that cannot be are left out. @throws VenueError for no list. */
export function readTrades(reply: unknown, contractSize: number): readonly ToldTrade[] {
  if (!Array.isArray(reply)) throw new VenueError('uncertain', 'the list of trades cannot be read');
  return reply
    .flatMap((row: unknown) => {
      const read = TradeReply.safeParse(row);
      if (!read.success) return [];
      const { id, timestamp, price, amount, side } = read.data;
      if (!(price > 0 && amount > 0)) return [];
      const known = id ?? `${timestamp} ${price} ${amount}`;
      return [{ id: known, time: timestamp, price, amount: amount * contractSize, takerSide: side ?? null }];
    })
    .sort((a, b) => a.time - b.time);
}

/** The best levels: a book can have thousands, several times a second. */
function cut(reply: unknown, depth: number): unknown {
  const { bids, asks } = (reply ?? {}) as { readonly bids?: unknown; readonly asks?: unknown };
  const best = (rows: unknown): unknown => (Array.isArray(rows) ? rows.slice(0, depth) : rows);
  return { bids: best(bids), asks: best(asks) };
}

/** Not every venue's stream shows that a change to the book was lost: it goes on with a bid that is gone, say. */
function crosses(bid: BookLevel | undefined, ask: BookLevel | undefined): boolean {
  return bid !== undefined && ask !== undefined && bid[0] >= ask[0];
}

function isSorted(levels: readonly BookLevel[], direction: 1 | -1): boolean {
  return levels.every(([price], index) => {
    const before = levels[index - 1];
    return price > 0 && (before === undefined || direction * (price - before[0]) > 0);
  });
}
