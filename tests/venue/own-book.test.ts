import { expect, it } from 'vitest';
import { testVenue } from './testing/with-venue.ts';
import type { Venue } from './venue.ts';

const BTC = 'BTC/USDT';
const FREE = { makerBps: 0, takerBps: 0, balances: { USDT: '1000000' } };

const money = (venue: Venue, name: string) => venue.account(name).holdings.total('USDT');

/** What stands at the best price that a taker finds. */
const offered = (venue: Venue, side: 'buy' | 'sell'): string => {
  const { bids, asks } = venue.book(BTC);
  return (side === 'buy' ? asks : bids)[0]?.amount.toFixed() ?? '0';
};

it('who does not look at the book loses money at every round trip, and who takes what is offered loses little', async () => {
  const venue = await testVenue({
    symbols: [BTC],
    accounts: [
      { ...FREE, name: 'blind' },
      { ...FREE, name: 'reader', apiKey: 'reader' },
    ],
  });
  const roundTrip = (name: string, amount: string): { readonly lost: number; readonly perCoin: number } => {
    const before = money(venue, name);
    venue.hand(name).buy(BTC, amount);
    const coins = venue.account(name).holdings.total('BTC');
    venue.hand(name).sell(BTC, coins.toFixed());
    const lost = before.minus(money(venue, name)).toNumber();
    return { lost, perCoin: lost / coins.toNumber() };
  };
  for (let trip = 0; trip < 20; trip += 1) {
    const reader = roundTrip('reader', offered(venue, 'buy'));
    const blind = roundTrip('blind', '0.8');
    expect(venue.account('blind').holdings.total('BTC').toFixed()).toBe('0');
    expect(blind.lost).toBeGreaterThan(0);
    expect(blind.perCoin).toBeGreaterThan(reader.perCoin);
    await venue.advance(60_000);
  }
});
