import { testVenue } from '../../../../../tests/contracts/simulated-venue.ts';
import type { BookLevel } from '../../../../domain/index.ts';

/** A venue that fills on paper, and the real one that it looks at: tests say what that shows. */
export function liveVenue(given: Parameters<typeof testVenue>[0] = {}) {
  const venue = testVenue(given);
  const { exchange, clock } = venue;
  return {
    ...venue,
    book: (symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): void =>
      exchange.showBook(symbol, { time: clock.now(), bids, asks }),
    trade: (symbol: string, price: number, amount: number, takerSide: 'buy' | 'sell' | null = null): void =>
      exchange.showTrade(symbol, { time: clock.now(), price, amount, takerSide }),
    /** Time goes by, and nothing else. */
    pass(ms: number): void {
      clock.advanceTo(clock.now() + ms);
      exchange.settle();
    },
  };
}
