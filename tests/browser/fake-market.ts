import type { CandleView } from '../../core/contract/index.ts';

/** Uniform numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One symbol's made-up prices: a random walk whose drift and restlessness change now and then. */
export class FakeMarket {
  readonly candles: CandleView[] = [];
  readonly #random: () => number;
  readonly #barMs: number;
  readonly #decimals: number;
  #price: number;
  #drift = 0;
  #restlessness = 0.006;

  constructor(start: number, barMs: number, random: () => number) {
    this.#price = start;
    this.#barMs = barMs;
    this.#random = random;
    this.#decimals = start > 1_000 ? 2 : 3;
  }

  get price(): number {
    return this.#price;
  }

  /** Moves the market to `to`; gives the candle that forms or closes there. */
  advance(from: number, to: number): CandleView {
    if (this.#random() < (to - from) / this.#barMs / 40) {
      this.#drift = (this.#random() - 0.48) * 0.004;
      this.#restlessness = 0.003 + this.#random() * 0.008;
    }
    const share = (to - from) / this.#barMs;
    const steps = Math.max(1, Math.round(share * 6));
    const path = Array.from({ length: steps }, () => this.#move(share / steps));
    const openTime = Math.floor(from / this.#barMs) * this.#barMs;
    const forming = this.candles.at(-1);
    const same = forming?.openTime === openTime;
    const open = same ? forming.open : (forming?.close ?? path[0] ?? this.#price);
    const candle: CandleView = {
      openTime,
      open,
      high: Math.max(open, same ? forming.high : open, ...path),
      low: Math.min(open, same ? forming.low : open, ...path),
      close: this.#price,
      volume:
        (same ? forming.volume : 0) +
        (share * (400 + this.#random() * 1_200) * this.#restlessness * 3e5) / this.#price,
      closed: to >= openTime + this.#barMs,
    };
    if (same) this.candles[this.candles.length - 1] = candle;
    else this.candles.push(candle);
    return candle;
  }

  #move(share: number): number {
    const noise = this.#random() + this.#random() + this.#random() - 1.5;
    const change = this.#drift * share + noise * this.#restlessness * Math.sqrt(share) * 1.6;
    this.#price = Number((this.#price * Math.exp(change)).toFixed(this.#decimals));
    return this.#price;
  }
}
