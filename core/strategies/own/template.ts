/** The file that `strategy new` writes: a working strategy, and everything that its maker has to know. */
export const STRATEGY_TEMPLATE = `/*
 * Your own strategy. It works as it is; change what you like.
 *
 *   tradebot strategy check NAME              reads it, and tries it on a made-up market
 *   tradebot backtest --strategy NAME ...     over real prices, with costs and an audit
 *   tradebot run --mode paper                 with "strategy": { "id": "NAME" } in the settings
 *
 * How it works. Every so many hours the program asks decide(market), once for each symbol. You answer how much of the
 * symbol is to be held, and why. The program compares that with what is held, asks every safety layer, buys or sells
 * the difference, and keeps a stop. You never send an order, and no answer can pass a limit.
 *
 * Your answer, or null where you have no opinion (then everything stays as it is):
 *   hold     0 to 1: how much of the symbol's share of the account. With two symbols, 1 is half the account.
 *            0 sells everything.
 *   stop     how far below the first purchase the stop goes: 0.05 is 5 %. From 0.001 to 0.5. Needed unless hold is 0.
 *   reason   why, in at most 300 letters. It is shown with the decision.
 *   ends     optional: what would end it.
 *   band     optional: what is held may differ from hold by this much before anything is traded, also from nothing.
 *            0.1 if left out, or half of hold where that is less.
 *   expects  optional: what a purchase has come to on average before costs, as you have measured it (0.03 is 3 %).
 *            Without it the decision says "no measured expectation", and nothing is bought with real money.
 *   numbers  optional: { name: number, ... }, shown with the decision.
 *
 * How a position is led once it is open, all optional. Rises are of the price above the first purchase (0.1 is 10 %), and
 * looked at when a bar of the chart closes; the stop itself rests at the venue, or the program watches it.
 *   takeProfit  [{ at: 0.05, sell: 0.5 }, { at: 0.1, sell: 1 }]: half of what is held at +5 %, the rest at +10 %
 *   breakEven   0.03: from +3 % on the stop is at what was paid on average
 *   trail       { by: 0.08, from: 0.04 }: from +4 % on the stop follows the highest close, 8 % below it
 *   add         [{ at: 0.04, hold: 0.2 }]: at +4 % so much more, as far as the limits leave room
 * A stop only goes up. A multiple of the risk is a multiple of your stop: breakEven: stop is "after 1 R". While a position is
 * led like this your later answers change nothing of it, but for hold: 0, which sells everything.
 *
 * What you can see. Only bars that have closed; asking for the next one stops the strategy.
 *   market.symbol, market.symbols (how many share the account), market.price (the last close)
 *   market.time (milliseconds since 1970, UTC), market.hour (0 to 23), market.weekday (0 is Sunday)
 *   market.close(n), market.bar(n)         of n hours ago, 0 is the last closed one; a bar is
 *                                          { time, open, high, low, close, volume }
 *   market.closes(n), market.opens(n), market.highs(n), market.lows(n), market.volumes(n)
 *                                          the last n hourly values, oldest first
 *   market.bars(n), market.bars(n, 24)     the last n bars of one hour, or of so many hours, oldest first
 *
 * What you can compute with, on lists with the oldest first; NaN where a list is too short:
 *   sma(list, n)  ema(list, n)  stdev(list, n)  highest(list, n)  lowest(list, n)
 *   change(list, n) as a fraction since n values ago   rsi(list, n)   atr(bars, n)
 *   Math, Number.isFinite, lists (map, filter, reduce, slice, ...), objects, functions, if, for, while, switch, \`\${texts}\`
 *
 * What there is not: network, files, clock, chance, import, class, try, async. Nothing is kept between two answers: the
 * same prices always give the same answer, which is what makes a backtest worth reading. An answer that takes more than
 * 1,000,000 steps, fails, or cannot be acted on makes the strategy reduce-only: nothing is bought any more, the stops
 * stay, and the screen says what was wrong, until you save a file that is right.
 */
import type { Answer, Market, Strategy } from './tradebot.d.ts';

const FAST_DAYS = 10;
const SLOW_DAYS = 40;

function decide(market: Market): Answer | null {
  const days = market.bars(SLOW_DAYS + 1, 24);
  const closes = days.map((day) => day.close);
  const fast = sma(closes, FAST_DAYS);
  const slow = sma(closes, SLOW_DAYS);
  if (!Number.isFinite(slow)) return null;

  // How far a day goes, as a part of the price: a wild market gets less money and a wider stop.
  const range = atr(days, 14) / market.price;
  const numbers = { fast, slow, range };
  if (fast <= slow) {
    return { hold: 0, reason: \`the mean of \${FAST_DAYS} days is not above that of \${SLOW_DAYS}\`, numbers };
  }
  return {
    hold: Math.min(1, 0.02 / range),
    stop: Math.min(0.3, 3 * range),
    reason: \`the mean of \${FAST_DAYS} days is above that of \${SLOW_DAYS}, a day goes \${(100 * range).toFixed(1)} %\`,
    ends: 'the shorter mean falls below the longer one, or the stop',
    numbers,
  };
}

export default {
  describes: 'holds while the mean of 10 days is above that of 40',
  everyHours: 24,
  historyDays: 45,
  decide,
} satisfies Strategy;
`;

/** What an editor needs to know of a strategy's file; the program itself does not read it. */
export const STRATEGY_TYPES = `/* What a strategy sees and answers, for your editor. Written anew by "tradebot strategy new". */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface Market {
  readonly symbol: string;
  readonly symbols: number;
  readonly price: number;
  readonly time: number;
  readonly hour: number;
  readonly weekday: number;
  close(hoursAgo?: number): number;
  bar(hoursAgo?: number): Bar;
  closes(count: number): readonly number[];
  opens(count: number): readonly number[];
  highs(count: number): readonly number[];
  lows(count: number): readonly number[];
  volumes(count: number): readonly number[];
  bars(count: number, hours?: number): readonly Bar[];
}

export interface Answer {
  readonly hold: number;
  readonly stop?: number;
  readonly band?: number;
  readonly reason: string;
  readonly ends?: string;
  readonly expects?: number;
  readonly numbers?: Readonly<Record<string, number>>;
  readonly takeProfit?: readonly { readonly at: number; readonly sell: number }[];
  readonly trail?: { readonly by: number; readonly from?: number };
  readonly breakEven?: number;
  readonly add?: readonly { readonly at: number; readonly hold: number }[];
}

export interface Strategy {
  readonly describes: string;
  /** 1 to 168. */
  readonly everyHours: number;
  /** How many days of hourly prices it looks back on, 1 to 400. It is asked when there are as many. */
  readonly historyDays: number;
  decide(market: Market): Answer | null;
}

declare global {
  function sma(values: readonly number[], period: number): number;
  function ema(values: readonly number[], period: number): number;
  function stdev(values: readonly number[], period: number): number;
  function highest(values: readonly number[], period: number): number;
  function lowest(values: readonly number[], period: number): number;
  function change(values: readonly number[], period: number): number;
  function rsi(values: readonly number[], period: number): number;
  function atr(bars: readonly Bar[], period: number): number;
}
`;
