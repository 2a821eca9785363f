import { describe, expect, test } from 'vitest';
import { OtherHands } from './other-hands.ts';
import { openVenue, orderOf, PERPETUAL, SPOT } from './testing/quiet.ts';

const MINUTES = 25;

async function aDayOf(given: Parameters<typeof openVenue>[0]) {
  const opened = await openVenue(given);
  await opened.hear(opened.session.submit(orderOf('ours')));
  await opened.hear(opened.session.submit(orderOf('perp', { symbol: PERPETUAL })));
  new OtherHands(opened.venue).begin();
  await opened.tick(MINUTES * 30);
  return opened;
}

describe('other hands', () => {
  test('a human trades beside us and never with our coins', async () => {
    const { venue } = await aDayOf({ profile: { account: 'shared' }, troubles: { humanActs: 200 } });
    const byHand = venue.matcher.fills.filter(({ hand }) => hand === 'human');
    expect(byHand.length).toBeGreaterThan(20);
    expect(new Set(byHand.map(({ fill }) => fill.symbol))).toEqual(new Set([SPOT, PERPETUAL]));
    expect(byHand.every(({ purpose }) => purpose === 'external')).toBe(true);
    expect(venue.account.ours(SPOT).toFixed()).toBe('0.01');
    expect(venue.account.total('BTC').gte('0.01')).toBe(true);
  });

  test('on an account that is ours alone no spot coins are traded by hand', async () => {
    const { venue } = await aDayOf({ troubles: { humanActs: 200 } });
    const symbols = new Set(
      venue.matcher.orders.filter(({ origin }) => origin.hand === 'human').map(({ terms }) => terms.symbol),
    );
    expect(symbols).toEqual(new Set([PERPETUAL]));
  });

  test('money comes and goes, and each move is told and booked', async () => {
    const { venue, events } = await aDayOf({ troubles: { transfers: 6 } });
    const moved = venue.accountEvents.filter(({ kind }) => kind !== 'funding');
    expect(moved).toHaveLength(6);
    expect(venue.accountEvents.some(({ kind }) => kind === 'funding')).toBe(true);
    const told = events.filter((event) => event.kind === 'account');
    expect(told).toHaveLength(venue.accountEvents.length);
  });

  test('the venue takes positions down by itself', async () => {
    const { venue } = await aDayOf({ troubles: { deleveragings: 2 } });
    expect(venue.matcher.fills.some(({ hand }) => hand === 'venue')).toBe(true);
  });

  test('all of them rest when the faults end', async () => {
    const { venue } = await aDayOf({ troubles: { humanActs: 50, transfers: 5, deleveragings: 2 } });
    const { faultsEnd } = venue.scenario;
    expect(venue.accountEvents.every(({ time }) => time < faultsEnd)).toBe(true);
    expect(venue.matcher.orders.every(({ acceptedAt }) => acceptedAt < faultsEnd)).toBe(true);
  });
});
