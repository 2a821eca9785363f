import { type ExchangeUnderTest, exchangeContract } from '../../../../tests/contracts/exchange-contract.ts';
import { flat, PERPETUAL, SPOT, testVenue } from '../../../../tests/contracts/simulated-venue.ts';

const COSTLY = { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 2, slippageBps: 2, latencyMs: 250 };

function venueFor(symbol: string): ExchangeUnderTest {
  const { exchange, step, clock } = testVenue({ ...COSTLY, isOpened: false, fillsPageSize: 2 });
  let last = 100;
  step(symbol, flat(last));
  const moveTo = (to: number): void => {
    step(symbol, [last, Math.max(last, to), Math.min(last, to), to]);
    last = to;
  };
  return { exchange, symbol, moveTo, now: () => clock.now() };
}

exchangeContract('simulated spot', () => venueFor(SPOT));
exchangeContract('simulated perpetual', () => venueFor(PERPETUAL));
