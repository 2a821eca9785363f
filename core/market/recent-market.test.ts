import { describe, expect, it } from 'vitest';
import type { OrderBook, PublicTrade } from '../domain/index.ts';
import { RecentMarket } from './recent-market.ts';

const MINUTE = 60_000;
const START = 100 * MINUTE;
const BTC = 'BTC/USDT';

const recentMarket = (since = START) => new RecentMarket({ timeframeMs: MINUTE, since });
const bookAt = (time: number): OrderBook => ({ time, bids: [[99, 1]], asks: [[101, 1]] });
const tradeAt = (time: number, amount: number, takerSide: PublicTrade['takerSide']) => ({
  time,
  price: 100,
  amount,
  takerSide,
});

describe('the books of a venue', () => {
  it('are kept once a second: the last of each', () => {
    const recent = recentMarket();
    for (const ms of [1, 400, 999, 1_000, 1_001, 1_600, 5_000]) recent.showBook(BTC, bookAt(START + ms));
    expect(recent.books(BTC).map(({ time }) => time - START)).toEqual([1_000, 1_600, 5_000]);
  });

  it('at a close are not replaced by one after it', () => {
    const recent = recentMarket();
    recent.showBook(BTC, bookAt(START + MINUTE));
    recent.showBook(BTC, bookAt(START + MINUTE + 1));
    expect(recent.books(BTC)).toHaveLength(2);
  });

  it('of two minutes are all that is kept', () => {
    const recent = recentMarket();
    for (let second = 1; second <= 1_000; second += 1) recent.showBook(BTC, bookAt(START + second * 1_000));
    expect(recent.books(BTC)).toHaveLength(120);
    expect(recent.books(BTC).at(-1)?.time).toBe(START + 1_000_000);
  });

  it('are each symbol’s own', () => {
    const recent = recentMarket();
    recent.showBook(BTC, bookAt(START));
    expect(recent.books('ETH/USDT')).toEqual([]);
  });
});

describe('the trades of a venue', () => {
  it('are added up by bar, with what takers bought', () => {
    const recent = recentMarket();
    recent.showTrade(BTC, tradeAt(START, 3, 'buy'));
    recent.showTrade(BTC, tradeAt(START + MINUTE - 1, 1, 'sell'));
    recent.showTrade(BTC, tradeAt(START + MINUTE, 8, 'buy'));
    expect(recent.traded(BTC, START)).toEqual({ volume: 4, takerBuyVolume: 3 });
    expect(recent.traded(BTC, START + MINUTE)).toEqual({ volume: 8, takerBuyVolume: 8 });
  });

  it('that come late count in their own bar', () => {
    const recent = recentMarket();
    recent.showTrade(BTC, tradeAt(START + MINUTE, 8, 'buy'));
    recent.showTrade(BTC, tradeAt(START, 3, 'sell'));
    expect(recent.traded(BTC, START)).toEqual({ volume: 3, takerBuyVolume: 0 });
  });

  it('of a bar that had begun before are not told', () => {
    const recent = recentMarket(START + 1);
    recent.showTrade(BTC, tradeAt(START + 2, 3, 'buy'));
    expect(recent.traded(BTC, START)).toBeUndefined();
  });

  it('of unknown takers leave the bar’s flow unknown', () => {
    const recent = recentMarket();
    recent.showTrade(BTC, tradeAt(START, 3, 'buy'));
    recent.showTrade(BTC, tradeAt(START, 2, null));
    expect(recent.traded(BTC, START)).toEqual({ volume: 5, takerBuyVolume: Number.NaN });
  });

  it('of three bars are all that is kept, and of none nothing is told', () => {
    const recent = recentMarket();
    for (let bar = 0; bar < 5; bar += 1) recent.showTrade(BTC, tradeAt(START + bar * MINUTE, 1, 'buy'));
    expect([0, 1, 2, 3, 4].map((bar) => recent.traded(BTC, START + bar * MINUTE) === undefined)).toEqual([
      ...[true, true, false, false, false],
    ]);
    expect(recent.traded('ETH/USDT', START)).toBeUndefined();
  });
});
