import type { UtcMs } from './time.ts';

/**
 * One bar of one symbol. Prices are in quote currency, volume in base currency, both float64: candles feed
 * features and charts. Money is made from them only through `money.ts`.
 */
export interface Candle {
  /** Opening time of the bar. It is closed at `openTime + timeframe`. */
  readonly openTime: UtcMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Volume bought by takers in base currency, where the venue reports it. */
  readonly takerBuyVolume?: number;
}

/** Whether a candle can be true, in the few comparisons that a hot path can afford; what is not a number fails them. */
export function isSound({ openTime, open, high, low, close, volume }: Candle): boolean {
  const inRange = open >= low && open <= high && close >= low && close <= high;
  const inBounds = low > 0 && high < Infinity && volume >= 0 && volume < Infinity;
  return inRange && inBounds && openTime >= 0 && Number.isSafeInteger(openTime);
}

/** Says what is wrong with a candle, or nothing when it is sound. */
export function candleFault(candle: Candle): string | undefined {
  if (isSound(candle)) return undefined;
  const { open, high, low, close, volume } = candle;
  for (const [name, value] of Object.entries({ open, high, low, close, volume })) {
    if (!Number.isFinite(value)) return `${name} is not a finite number`;
  }
  if (!Number.isSafeInteger(candle.openTime) || candle.openTime < 0) {
    return 'the time is not a whole number of milliseconds';
  }
  if (low <= 0) return 'low must be above 0';
  if (volume < 0) return 'volume must not be negative';
  if (high < low) return 'high is below low';
  if (open > high || open < low) return 'open lies outside low..high';
  // Nothing else is left that `isSound` asks for.
  return 'close lies outside low..high';
}
