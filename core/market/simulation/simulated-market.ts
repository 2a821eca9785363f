import { type Candle, type OrderBook, TIMEFRAME_MS, type Timeframe, type UtcMs } from '../../domain/index.ts';
import type { SimulatedMarketState } from './market-state.ts';
import { newReturnProcess, ReturnProcess } from './return-process.ts';
import { hourOfDayFactor } from './seasonality.ts';
import { newCoin, reseededCoin, SimulatedCoin } from './simulated-coin.ts';
import { streamSeed } from './stream-seed.ts';

export { type SimulatedMarketState, SimulatedMarketStateSchema } from './market-state.ts';

/** Name of the stream of randomness that all coins share. */
const COMMON = 'common';

/** A bar is made of so many steps. */
export const STEPS_PER_BAR = 60;

/** One closed bar of one symbol: how it came about, what it is, and the book when it closed. */
export interface SimulatedBar {
  readonly symbol: string;
  /** Each opens at the close of the one before. */
  readonly steps: readonly Candle[];
  readonly candle: Candle;
  /** Absent unless books are asked for. */
  readonly book?: OrderBook;
}

export interface SimulatedMarketOptions {
  /** Build the book at each close: a fifth of the work. The bars are the same either way. */
  readonly books?: boolean;
}

/**
 * An invented market with the habits of real ones ("stylised facts": Cont, 2001): fat tails, clustered
 * volatility, no memory in the returns themselves, volume that goes with volatility, busy and quiet hours, trends
 * and ranges, coins that move together. Prices are drawn back to where they began, so it can run for ever.
 *
 * A state and a timeframe give the same bytes on every machine. A symbol's path does not depend on which other
 * symbols are simulated.
 */
export class SimulatedMarket {
  readonly #timeframeMs: number;
  readonly #common: ReturnProcess;
  readonly #coins: ReadonlyMap<string, SimulatedCoin>;
  readonly #books: boolean;
  #time: UtcMs;

  /** Goes on from a state, which may come from a market of another timeframe. */
  constructor(
    timeframe: Timeframe,
    state: SimulatedMarketState,
    { books = false }: SimulatedMarketOptions = {},
  ) {
    this.#books = books;
    this.#timeframeMs = TIMEFRAME_MS[timeframe];
    this.#common = new ReturnProcess(state.common);
    this.#coins = new Map(
      Object.entries(state.coins).map(([symbol, coin]) => [symbol, new SimulatedCoin(symbol, coin)]),
    );
    this.#time = state.time;
  }

  /** The next bar of every symbol, in the order of the state. */
  nextBar(): SimulatedBar[] {
    const stepMs = this.#timeframeMs / STEPS_PER_BAR;
    const closeTime = this.#time + this.#timeframeMs;
    const steps = new Map<string, Candle[]>([...this.#coins.keys()].map((symbol) => [symbol, []]));
    this.#common.beginBar();
    for (const coin of this.#coins.values()) coin.beginBar();
    for (let openTime = this.#time; openTime < closeTime; openTime += stepMs) {
      const season = hourOfDayFactor(openTime);
      const conditions = {
        openTime,
        durationMs: stepMs,
        steps: STEPS_PER_BAR,
        season,
        common: this.#common.step(STEPS_PER_BAR, season),
        commonVolatility: this.#common.volatility,
      };
      for (const [symbol, coin] of this.#coins) steps.get(symbol)?.push(coin.step(conditions));
    }
    this.#common.endBar();
    this.#time = closeTime;
    return [...this.#coins].map(([symbol, coin]) => {
      const book = this.#bookOf(coin, closeTime);
      const own = steps.get(symbol) ?? [];
      return { symbol, steps: own, candle: coin.endBar(own), ...(book === undefined ? {} : { book }) };
    });
  }

  #bookOf(coin: SimulatedCoin, closeTime: UtcMs): OrderBook | undefined {
    if (this.#books) return coin.book(closeTime, this.#common.volatility);
    coin.passBook();
    return undefined;
  }

  /** Where the market stands between two bars. */
  state(): SimulatedMarketState {
    return {
      time: this.#time,
      common: this.#common.state(),
      coins: Object.fromEntries([...this.#coins].map(([symbol, coin]) => [symbol, coin.state()])),
    };
  }
}

/**
 * A market that begins.
 *
 * @param startTime opening time of its first bar.
 * @throws TypeError when a symbol is none.
 */
export function newMarket(symbols: readonly string[], seed: number, startTime: UtcMs): SimulatedMarketState {
  return {
    time: startTime,
    common: newReturnProcess(streamSeed(seed, COMMON)),
    coins: Object.fromEntries(symbols.map((symbol) => [symbol, newCoin(symbol, seed)])),
  };
}

/** The same market, from here on with other randomness. */
export function reseededMarket(market: SimulatedMarketState, seed: number): SimulatedMarketState {
  const { random } = newReturnProcess(streamSeed(seed, COMMON));
  const coins = Object.entries(market.coins).map(([symbol, coin]) => [
    symbol,
    reseededCoin(coin, symbol, seed),
  ]);
  return { ...market, common: { ...market.common, random }, coins: Object.fromEntries(coins) };
}
