import type { Candle } from '../../domain/index.ts';

/**
 * The one candle that consecutive candles make together; it opens with the first. Taker volume is there when
 * every piece has it. At least one piece is needed.
 */
export function joinCandles(pieces: readonly Candle[]): Candle {
  const first = pieces[0];
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('no candle can be made of nothing');
  let { high, low } = first;
  let volume = 0;
  let takerBuyVolume = 0;
  for (const piece of pieces) {
    high = Math.max(high, piece.high);
    low = Math.min(low, piece.low);
    volume += piece.volume;
    takerBuyVolume += piece.takerBuyVolume ?? Number.NaN;
  }
  const candle = { openTime: first.openTime, open: first.open, high, low, close: last.close, volume };
  return Number.isNaN(takerBuyVolume) ? candle : { ...candle, takerBuyVolume };
}
