import {
  type Candle,
  type OrderBook,
  parseSymbol,
  type RandomState,
  SeededRandom,
  simulatedInstrument,
  text,
  type UtcMs,
} from '../../domain/index.ts';
import { joinCandles } from '../candles/join-candles.ts';
import { type CoinProfile, coinProfile } from './coin-profiles.ts';
import type { CoinState } from './market-state.ts';
import { newReturnProcess, ReturnProcess } from './return-process.ts';
import { type Grid, simulatedBook, skipBook } from './simulated-book.ts';
import { streamSeed } from './stream-seed.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
/** The price is drawn back to its start with a half-life of 60 days (60 / ln 2). */
const ANCHOR_MS = 86.6 * DAY_MS;
const LARGEST_STEP = 0.1;
/** Never reached in practice; keeps the price on its tick grid and above 0 whatever happens. */
const LOWEST_SHARE_OF_START = 0.01;

/** What a step of the market is for every coin alike. */
export interface StepConditions {
  readonly openTime: UtcMs;
  readonly durationMs: number;
  /** Steps in a bar. */
  readonly steps: number;
  /** Factor of the hour of day on volatility and volume. */
  readonly season: number;
  /** Return of the common factor over the step, and its volatility, in standard deviations of a bar. */
  readonly common: number;
  readonly commonVolatility: number;
}

/** One symbol of the simulated market: its price, what moves it, and how it trades. */
export class SimulatedCoin {
  readonly #profile: CoinProfile;
  readonly #grid: Grid;
  readonly #own: ReturnProcess;
  readonly #random: SeededRandom;
  /** Share of the volatility that is the coin's own; squares of both shares add up to 1. */
  readonly #ownShare: number;
  #price: number;

  constructor(symbol: string, state: CoinState) {
    const { profile, grid } = termsOf(symbol);
    this.#profile = profile;
    this.#grid = grid;
    this.#own = new ReturnProcess(state.own);
    this.#random = new SeededRandom(state.random);
    this.#ownShare = Math.sqrt(1 - profile.marketCorrelation * profile.marketCorrelation);
    this.#price = onGrid(state.price, grid.ticksPerUnit);
  }

  beginBar(): void {
    this.#own.beginBar();
  }

  step(conditions: StepConditions): Candle {
    const { openTime, durationMs, steps, season, common } = conditions;
    const { startPrice, annualVolatility, marketCorrelation, hourlyTurnover } = this.#profile;
    const open = this.#price;
    const barDeviation = annualVolatility * Math.sqrt((durationMs * steps) / YEAR_MS);
    const own = this.#own.step(steps, season);
    // 2 (a - b) / (a + b) is close to ln(a / b), without a logarithm.
    const aboveStart = (2 * (open - startPrice)) / (open + startPrice);
    const pull = (aboveStart * durationMs) / ANCHOR_MS;
    const change = barDeviation * (marketCorrelation * common + this.#ownShare * own) - pull;
    const close = this.#rounded(open * (1 + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, change))));
    this.#price = close;

    const volatility = this.#volatility(conditions.commonVolatility);
    const stepDeviation = (barDeviation * season * volatility) / Math.sqrt(steps);
    const wick = (): number => 0.5 * stepDeviation * this.#random.next();
    const high = Math.max(open, close, this.#rounded(Math.max(open, close) * (1 + wick())));
    const low = Math.min(
      open,
      close,
      this.#rounded(Math.min(open, close) * (1 - Math.min(LARGEST_STEP, wick()))),
    );

    const surprise = Math.min(4, Math.abs(change) / stepDeviation);
    const busyness = season * volatility * (0.4 + 0.6 * surprise) * (0.5 + this.#random.next());
    const volume = this.#lots((hourlyTurnover * (durationMs / HOUR_MS) * busyness) / close);
    const lean = change / (Math.abs(change) + stepDeviation);
    const takerShare = 0.5 + 0.3 * lean + 0.2 * (this.#random.next() - 0.5);
    const takerBuyVolume = this.#lots(volume * takerShare);
    return { openTime, open, high, low, close, volume, takerBuyVolume };
  }

  /** The book at the end of a bar. Either this or `passBook` comes after a bar's last step. */
  book(closeTime: UtcMs, commonVolatility: number): OrderBook {
    const volatility = this.#volatility(commonVolatility);
    return simulatedBook(closeTime, this.#price, volatility, this.#profile, this.#grid, this.#random);
  }

  /** Leaves the coin as `book` does, without a book. */
  passBook(): void {
    skipBook(this.#random);
  }

  /** Ends the bar that was made of these steps. */
  endBar(steps: readonly Candle[]): Candle {
    this.#own.endBar();
    return this.#joined(steps);
  }

  /** Complete only between two bars. */
  state(): CoinState {
    return { price: this.#price, own: this.#own.state(), random: this.#random.state() };
  }

  #volatility(common: number): number {
    const shared = this.#profile.marketCorrelation * common;
    const own = this.#ownShare * this.#own.volatility;
    return Math.sqrt(shared * shared + own * own);
  }

  #joined(steps: readonly Candle[]): Candle {
    const bar = joinCandles(steps);
    return {
      ...bar,
      volume: this.#lots(bar.volume),
      takerBuyVolume: this.#lots(bar.takerBuyVolume ?? 0),
    };
  }

  #rounded(price: number): number {
    return onGrid(Math.max(price, this.#profile.startPrice * LOWEST_SHARE_OF_START), this.#grid.ticksPerUnit);
  }

  #lots(amount: number): number {
    return onGrid(amount, this.#grid.lotsPerUnit);
  }
}

/** A coin at its start price. @throws TypeError when the text is no symbol. */
export function newCoin(symbol: string, seed: number): CoinState {
  const { startPrice } = termsOf(symbol).profile;
  return reseededCoin({ price: startPrice, own: newReturnProcess(seed), random: [0, 0, 0, 1] }, symbol, seed);
}

/** The same coin, from here on with other randomness. Markets of one coin, spot and perpetual, move alike. */
export function reseededCoin(coin: CoinState, symbol: string, seed: number): CoinState {
  const base = parseSymbol(symbol)?.base ?? symbol;
  const stream = (name: string): RandomState => new SeededRandom(streamSeed(seed, name)).state();
  return { ...coin, own: { ...coin.own, random: stream(base) }, random: stream(symbol) };
}

/** The same candle at another price level. */
export function rescaleCandle(symbol: string, candle: Candle, factor: number): Candle {
  const { ticksPerUnit } = termsOf(symbol).grid;
  const scaled = (price: number): number => Math.max(1 / ticksPerUnit, onGrid(price * factor, ticksPerUnit));
  const { open, high, low, close } = candle;
  return { ...candle, open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
}

function termsOf(symbol: string): { profile: CoinProfile; grid: Grid } {
  const profile = coinProfile(parseSymbol(symbol)?.base ?? symbol);
  const { tickSize, lotSize } = simulatedInstrument(symbol, profile.startPrice);
  const perUnit = (size: string): number => Math.round(1 / Number(size));
  return { profile, grid: { ticksPerUnit: perUnit(text(tickSize)), lotsPerUnit: perUnit(text(lotSize)) } };
}

/** Dividing whole numbers gives the float that the decimal text would be read as: no rounding dust. */
function onGrid(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}
