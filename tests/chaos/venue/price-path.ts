import type { Candle, UtcMs } from '../../../core/domain/index.ts';
import type { Dice } from '../dice.ts';
import { BAR_MS } from '../scenario.ts';

/** Between two prices of a market. */
export const TICK_MS = 2_000;
const TICKS_PER_BAR = BAR_MS / TICK_MS;
/** About 0.5 % a minute: a stop two average true ranges away is reached every few minutes. */
const TICK_VOLATILITY = 0.0009;
const JUMP_CHANCE = 0.008;
const JUMP = 0.012;

/** Whether prices jump, walk, or do not move at all. */
export type Mood = 'wild' | 'calm' | 'still';

/** One market's price, a tick at a time, and the candles that it makes. */
export class PricePath {
  readonly #dice: Dice;
  readonly #tick: number;
  #exact: number;
  #price: number;

  /** @param tickSize prices are whole multiples of it. */
  constructor(dice: Dice, first: number, tickSize: number) {
    this.#dice = dice;
    this.#tick = tickSize;
    this.#exact = first;
    this.#price = this.#onTick(first);
  }

  get price(): number {
    return this.#price;
  }

  /** Moves on by one tick. @returns its candle. */
  next(openTime: UtcMs, mood: Mood): Candle {
    const open = this.#price;
    const jump = mood === 'wild' && this.#dice.chance(JUMP_CHANCE) ? this.#dice.normal() * JUMP : 0;
    if (mood !== 'still') this.move(Math.exp(this.#dice.normal() * TICK_VOLATILITY + jump));
    const close = this.#price;
    return {
      openTime,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1_000_000,
    };
  }

  /** Multiplies the price. */
  move(factor: number): void {
    this.#exact *= factor;
    this.#price = this.#onTick(this.#exact);
  }

  /** Closed bars that end at a moment, for warming up. They end at the price of now. */
  barsBefore(end: UtcMs, count: number): readonly Candle[] {
    const bars: Candle[] = [];
    let close = this.#exact;
    for (let index = 1; index <= count; index += 1) {
      const open = close * Math.exp(this.#dice.normal() * TICK_VOLATILITY * Math.sqrt(TICKS_PER_BAR));
      const reach = 1 + Math.abs(this.#dice.normal()) * TICK_VOLATILITY * 2;
      bars.push({
        openTime: end - index * BAR_MS,
        open: this.#onTick(open),
        high: this.#onTick(Math.max(open, close) * reach),
        low: this.#onTick(Math.min(open, close) / reach),
        close: this.#onTick(close),
        volume: 1_000_000,
      });
      close = open;
    }
    return bars.reverse();
  }

  #onTick(value: number): number {
    const decimals = Math.max(0, Math.round(-Math.log10(this.#tick)));
    return Number((Math.round(value / this.#tick) * this.#tick).toFixed(decimals));
  }
}
