import type { Candle, Timeframe } from '../../domain/index.ts';
import { MemoryHistoryStore } from '../../storage/index.ts';

/** A history in memory that notes what is written over. */
export class WatchedHistory extends MemoryHistoryStore {
  /** Every bar that was written over with other values. */
  readonly rewritten: Candle[] = [];

  override append(symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void {
    for (const candle of candles) {
      const { openTime } = candle;
      const [before] = this.candles(symbol, timeframe, { from: openTime, before: openTime + 1 });
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(candle))
        this.rewritten.push(candle);
    }
    super.append(symbol, timeframe, candles);
  }
}
