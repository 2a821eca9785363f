import { type ExchangeUnderTest, exchangeContract } from '../../../../tests/contracts/exchange-contract.ts';
import { PERPETUAL, SPOT } from '../../../../tests/contracts/simulated-venue.ts';
import { liveVenue } from './testing/live-venue.ts';

const COSTLY = { makerFeeBps: 10, takerFeeBps: 10, latencyMs: 250 };
const PLENTY = 1_000;
const TICK = 0.01;
const STEP_MS = 1_000;

/** The real venue trades in small steps from price to price, each of them as its book then shows. */
function venueFor(symbol: string): ExchangeUnderTest {
  const { exchange, clock, book, trade, pass } = liveVenue({ ...COSTLY, isOpened: false, fillsPageSize: 2 });
  let last = 100;
  const tradeAt = (at: number): void => {
    book(symbol, [[at - TICK, PLENTY]], [[at, PLENTY]]);
    trade(symbol, at, PLENTY);
  };
  tradeAt(last);
  const moveTo = (to: number): void => {
    while (last !== to) {
      last = Math.abs(to - last) <= 1 ? to : last + Math.sign(to - last);
      pass(STEP_MS);
      tradeAt(last);
    }
    pass(STEP_MS);
    tradeAt(last);
  };
  return { exchange, symbol, moveTo, now: () => clock.now() };
}

exchangeContract('on paper spot', () => venueFor(SPOT));
exchangeContract('on paper perpetual', () => venueFor(PERPETUAL));
