import { type Candle, nextNormal, SeededRandom } from '../../domain/index.ts';

export const HOUR_MS = 3_600_000;

/** 1 January 2024 00:00 UTC, a Monday. */
export const START = 1_704_067_200_000;

/** A geometric random walk with volatility that comes and goes, hourly from `START`. */
export function generatedCandles(seed: number, count: number): Candle[] {
  const random = new SeededRandom(seed);
  const normal = () => nextNormal(random);
  let price = 30_000;
  let volatility = 0.006;
  return Array.from({ length: count }, (_, index) => {
    volatility = Math.min(0.03, Math.max(0.001, volatility * Math.exp(0.1 * normal())));
    const open = price * Math.exp(0.05 * volatility * normal());
    const close = open * Math.exp(volatility * normal());
    const high = Math.max(open, close) * Math.exp(volatility * Math.abs(normal()) * 0.5);
    const low = Math.min(open, close) * Math.exp(-volatility * Math.abs(normal()) * 0.5);
    const volume = 100 * Math.exp(0.6 * normal() + 40 * volatility);
    const takerBuyVolume = volume * random.next();
    price = close;
    return { openTime: START + index * HOUR_MS, open, high, low, close, volume, takerBuyVolume };
  });
}

/** Candles that never move. */
export function flatCandles(count: number, price: number, volume: number): Candle[] {
  return Array.from({ length: count }, (_, index) => {
    return { openTime: START + index * HOUR_MS, open: price, high: price, low: price, close: price, volume };
  });
}

export function scaled(candles: readonly Candle[], priceFactor: number, volumeFactor: number): Candle[] {
  return candles.map((candle) => ({
    openTime: candle.openTime,
    open: candle.open * priceFactor,
    high: candle.high * priceFactor,
    low: candle.low * priceFactor,
    close: candle.close * priceFactor,
    volume: candle.volume * volumeFactor,
  }));
}
