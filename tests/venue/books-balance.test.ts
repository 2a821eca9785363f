import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from './orders/refusal.ts';
import { startVenue } from './start-venue.ts';
import { testVenue } from './testing/with-venue.ts';
import type { Venue } from './venue.ts';

const BTC = 'BTC/USDT';
const ACCOUNTS = [
  { name: 'one', balances: { USDT: '100000', BTC: '1' } },
  { name: 'two', apiKey: 'two', balances: { USDT: '50000', BTC: '0.5', BNB: '2' }, feeAsset: 'BNB' },
];

/** Where it is not 0, something was made or lost. */
const wrong = (venue: Venue) => [...venue.imbalance()].filter(([, amount]) => !amount.isZero());

describe('money at the local venue', () => {
  it('is neither made nor lost, whatever two people and the market do', async () => {
    const action = fc.record({
      kind: fc.constantFrom('buy', 'sell', 'limit-buy', 'limit-sell', 'cancel', 'pass', 'move', 'deposit'),
      who: fc.constantFrom('one', 'two'),
      lots: fc.integer({ min: 10, max: 50_000 }),
      away: fc.integer({ min: -200, max: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(action, { maxLength: 25 }),
        async (seed, actions) => {
          const venue = await startVenue({
            seed,
            symbols: [BTC, 'BNB/USDT'],
            accounts: ACCOUNTS,
            historyBars: 1,
          });
          for (const { kind, who, lots, away } of actions) {
            const amount = venue.market(BTC).symbol.lot.times(lots).toFixed();
            const at = venue
              .market(BTC)
              .priceOf(Math.round(venue.market(BTC).fair + away) * 100)
              .toFixed();
            const hand = venue.hand(who);
            try {
              if (kind === 'buy') hand.buy(BTC, amount);
              if (kind === 'sell') hand.sell(BTC, amount);
              if (kind === 'limit-buy') hand.limit(BTC, 'buy', amount, at);
              if (kind === 'limit-sell') hand.limit(BTC, 'sell', amount, at);
              if (kind === 'cancel') for (const order of venue.openOrders(who)) hand.cancel(order);
            } catch (error) {
              // What the venue refuses changes nothing; the books below say so.
              expect(error).toBeInstanceOf(Refusal);
            }
            if (kind === 'pass') await venue.advance(3_000, 3_000);
            if (kind === 'move') venue.moveTo(BTC, venue.market(BTC).fair + away);
            if (kind === 'deposit') venue.deposit('USDT', `${lots}`, who);
            expect(wrong(venue)).toEqual([]);
            for (const name of ['one', 'two'])
              for (const { free, locked } of venue.account(name).holdings.assets().values())
                expect(free.lt(0) || locked.lt(0)).toBe(false);
          }
          for (const name of ['one', 'two'])
            for (const order of venue.openOrders(name)) venue.hand(name).cancel(order);
          for (const name of ['one', 'two'])
            for (const { locked } of venue.account(name).holdings.assets().values())
              expect(locked.isZero()).toBe(true);
          await venue.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is lost by who takes whatever the book asks, there and back', async () => {
    const venue = await testVenue({
      symbols: [BTC],
      accounts: [{ balances: { USDT: '200000' }, takerBps: 0 }],
    });
    for (let round = 0; round < 10; round += 1) {
      venue.hand().buy(BTC, '1');
      venue.hand().sell(BTC, '1');
      await venue.advance(5_000);
    }
    expect(venue.account().holdings.total('BTC').isZero()).toBe(true);
    expect(venue.account().holdings.total('USDT').toNumber()).toBeLessThan(200_000 - 10 * 30);
  });

  it('comes out the same for the same seed, and otherwise for another', async () => {
    const tape = async (seed: number) => {
      const venue = await testVenue({ seed, symbols: [BTC] });
      venue.hand().buy(BTC, '0.05');
      await venue.advance(30_000);
      return venue
        .market(BTC)
        .trades.map(({ id, price, amount, time }) => `${id} ${price} ${amount} ${time}`);
    };
    const first = await tape(7);
    expect(first.length).toBeGreaterThan(20);
    expect(await tape(7)).toEqual(first);
    expect(await tape(8)).not.toEqual(first);
  });
});
