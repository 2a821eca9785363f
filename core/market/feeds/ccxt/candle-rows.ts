import { z } from 'zod';
import { type Candle, candleFault, VenueError } from '../../../domain/index.ts';

/** Numbers come as text where ccxt was asked for exact ones. Empty text is no number. */
const Digits = z.union([z.number(), z.string().min(1).transform(Number)]).pipe(z.number());
/** Opening time, open, high, low, close, volume; some venues add more. */
const Row = z.tuple([Digits, Digits, Digits, Digits, Digits, Digits]).rest(z.unknown());
const Reply = z.array(Row);

/**
 * Reads candles as ccxt gives them, ascending by opening time.
 *
 * @throws VenueError for a list that is none, and for rows that are cut, unsound, twice there or off the grid: ccxt
 * makes rows of undefined of a cut body.
 */
export function readCandleRows(reply: unknown, timeframeMs: number): readonly Candle[] {
  const read = Reply.safeParse(reply);
  if (!read.success) throw unreadable(read.error.issues[0]?.message ?? 'it is no list of candles');
  const candles = read.data
    .map(([openTime, open, high, low, close, volume]) => ({ openTime, open, high, low, close, volume }))
    .sort((a, b) => a.openTime - b.openTime);
  for (const [index, candle] of candles.entries()) {
    const fault = faultOf(candle, timeframeMs, candles[index - 1]);
    if (fault !== undefined) throw unreadable(`at ${candle.openTime}: ${fault}`);
  }
  return candles;
}

function faultOf(candle: Candle, timeframeMs: number, before: Candle | undefined): string | undefined {
  const fault = candleFault(candle);
  if (fault !== undefined) return fault;
  if (candle.openTime % timeframeMs !== 0) return 'it does not begin where a bar of this timeframe begins';
  return before?.openTime === candle.openTime ? 'it is there twice' : undefined;
}

function unreadable(why: string): VenueError {
  return new VenueError('uncertain', `the venue's candles cannot be read: ${why}`);
}
