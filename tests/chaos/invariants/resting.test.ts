import { describe, expect, test } from 'vitest';
import {
  type AccountEvent,
  baseAmount,
  type Fill,
  negate,
  newOrder,
  notional,
  type Order,
  quoteAmount,
  subtract,
  sum,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import { openVenue, orderOf, PERPETUAL, SPOT } from '../testing/quiet.ts';
import { toldFill } from '../venue/true-fill.ts';
import { type Books, booksAgree } from './books.ts';
import { staysFlat } from './latch.ts';
import { netOfOurs, trueUnits } from './open-units.ts';
import { closedByStops, noOrphans, noTroubles, promised, protectedAtRest } from './rest.ts';

/** Each invariant that holds at rest is seen to fail when something is wrong. */

type Opened = Awaited<ReturnType<typeof openVenue>>;
const closing = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;
const protection = { ...closing, purpose: 'protection', stopPrice: 50_000 } as const;

/** Books that are right: written from the venue's own records, for a test to spoil. */
function rightBooks({ venue }: Opened) {
  const fills = venue.matcher.fills.map(
    (filled): Fill => ({ ...toldFill(filled), purpose: filled.purpose, time: filled.fill.time }),
  );
  const events: AccountEvent[] = [...venue.accountEvents];
  const orders = venue.matcher.working
    .filter(({ origin }) => origin.hand === 'ours')
    .map(({ terms, now }): Order => {
      const id = `${terms.clientOrderId}`;
      return { ...newOrder(orderOf(id)), status: 'OPEN', filledAmount: now.filledAmount };
    });
  const flows = venue.matcher.fills.map(({ fill }) => {
    const value = notional(fill.price, fill.amount);
    return subtract(fill.side === 'buy' ? negate(value) : value, fill.fee.quoteValue);
  });
  const cash = sum(ZERO_QUOTE, [quoteAmount(10_000), ...flows]);
  const wrong = { fills, events, orders, cash, positions: new Map<string, string>() };
  const books: Books = {
    ledger: {
      fills: () => wrong.fills,
      accountEvents: () => wrong.events.map((event) => ({ ...event, afterFills: 0 })),
      unfinishedOrders: () => wrong.orders,
    },
    engine: {
      cash: () => wrong.cash,
      position: (symbol) => baseAmount(wrong.positions.get(symbol) ?? trueUnits(venue, symbol).toFixed()),
    },
  };
  return { books, wrong };
}

async function traded(): Promise<Opened> {
  const opened = await openVenue({ traits: { lateFees: 1 } });
  const { session, hear } = opened;
  await hear(session.submit(orderOf('a')), 60_000);
  await hear(session.submit(orderOf('s', protection)), 60_000);
  return opened;
}

describe('the books agree', () => {
  test('with the venue’s own records they do', async () => {
    const opened = await traded();
    expect(booksAgree(opened.venue, rightBooks(opened).books)).toEqual([]);
  });

  test.each<[string, (wrong: ReturnType<typeof rightBooks>['wrong']) => void, RegExp]>([
    [
      'a trade that is missing',
      (wrong) => wrong.fills.pop(),
      /^trade BTC\/USDT 1 was .*, the ledger says nothing$/,
    ],
    [
      'a trade counted twice',
      (wrong) => wrong.fills.push(...wrong.fills),
      /^a trade is in the ledger twice$/,
    ],
    [
      'a trade that never was',
      (wrong) => wrong.fills.push({ ...(wrong.fills[0] as Fill), symbol: PERPETUAL }),
      /^trade BTC\/USDT:USDT 1 is in the ledger and never was$/,
    ],
    [
      'a trade taken for somebody else’s',
      (wrong) => wrong.fills.splice(0, 1, { ...(wrong.fills[0] as Fill), purpose: 'external' }),
      /^trade BTC\/USDT 1 was entry buy .*, the ledger says external buy/,
    ],
    [
      'a trade of another amount',
      (wrong) => wrong.fills.splice(0, 1, { ...(wrong.fills[0] as Fill), amount: baseAmount('0.011') }),
      /the ledger says entry buy 0.011@/,
    ],
    [
      'cash a cent off',
      (wrong) => Object.assign(wrong, { cash: wrong.cash.plus('0.01') }),
      /^the cash is .*/,
    ],
    [
      'a position that is not',
      (wrong) => wrong.positions.set(SPOT, '0.009'),
      /^the position in BTC\/USDT is 0.01/,
    ],
    [
      'a fee that was told late and is not booked',
      (wrong) => wrong.events.pop(),
      /^fees of .* the ledger says 0$/,
    ],
    [
      'an order that works and has ended here',
      (wrong) => wrong.orders.pop(),
      /^order s works, and has ended/,
    ],
    [
      'an order that is said to work and does not',
      (wrong) => wrong.orders.push({ ...newOrder(orderOf('a')), status: 'UNKNOWN' }),
      /^order a is UNKNOWN in the ledger and does not work$/,
    ],
    [
      'an order that is said to have filled',
      (wrong) => wrong.orders.splice(0, 1, { ...(wrong.orders[0] as Order), filledAmount: baseAmount(1) }),
      /^order s filled 0, the ledger says 1$/,
    ],
  ])('%s', async (_, spoil, told) => {
    const opened = await traded();
    const { books, wrong } = rightBooks(opened);
    spoil(wrong);
    expect(booksAgree(opened.venue, books).some((line) => told.test(line))).toBe(true);
  });

  test('a child order is its parent’s, in trades and among what works', async () => {
    const opened = await openVenue({ traits: { triggeredStop: 'child-without-id', tempers: ['waits'] } });
    const { venue, session, hear, tick } = opened;
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL })));
    await tick();
    await hear(session.submit(orderOf('s', { ...protection, symbol: PERPETUAL, stopPrice: 59_000 })));
    venue.movePrice(PERPETUAL, 0.97);
    await tick();
    const { books, wrong } = rightBooks(opened);
    expect(booksAgree(venue, books)).toContain('order s works, and has ended in the ledger');
    wrong.orders.splice(0, 1, { ...newOrder(orderOf('s')), status: 'OPEN' });
    expect(booksAgree(venue, books)).toEqual([]);
    await tick();
    expect(venue.matcher.fills.at(-1)).toMatchObject({ purpose: 'protection' });
  });
});

describe('protected at rest', () => {
  const engine = (protectionShown: 'venue' | 'engine' | 'none', alarm = false) => ({
    protectionOf: () => protectionShown,
    alarmed: () => alarm,
  });

  test('a stop of the right size, and no other', async () => {
    const { venue, session, hear } = await openVenue();
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL })));
    expect(protectedAtRest(venue, engine('venue'))).toEqual([
      '0.01 of BTC/USDT:USDT are protected by 0 at the venue; shown is venue',
    ]);
    expect(protectedAtRest(venue, engine('none'))).toHaveLength(1);
    expect(protectedAtRest(venue, engine('engine'))).toEqual([]);
    expect(protectedAtRest(venue, engine('none', true))).toEqual([]);
    await hear(session.submit(orderOf('s', { ...protection, symbol: PERPETUAL })));
    expect(protectedAtRest(venue, engine('none'))).toEqual([]);
    await hear(session.submit(orderOf('t', { ...protection, symbol: PERPETUAL })));
    expect(protectedAtRest(venue, engine('venue'))).toEqual([
      'stops of 0.02 rest over 0.01 of BTC/USDT:USDT',
    ]);
  });

  test('nothing for coins that are worth too little where they are to be sold', async () => {
    const { venue, session, hear } = await openVenue();
    await hear(session.submit(orderOf('a')));
    expect(protectedAtRest(venue, engine('none'))).toHaveLength(1);
    await hear(session.submit(orderOf('s', { ...protection, stopPrice: 2_499 })).catch(() => undefined));
    expect(protectedAtRest(venue, engine('none'))).toEqual([]);
  });

  test('what was promised to be closed is closed when the price is there', async () => {
    const { venue, session, hear } = await openVenue();
    await hear(session.submit(orderOf('a')));
    expect(promised(venue, engine('none'))).toEqual([]);
    expect(promised(venue, engine('engine'))).toEqual([SPOT]);
    expect(closedByStops(venue, [SPOT])).toEqual(['0.01 of BTC/USDT are still open far beyond their stop']);
    await hear(session.submit(orderOf('x', closing)));
    expect(closedByStops(venue, [SPOT])).toEqual([]);
    expect(promised(venue, engine('engine'))).toEqual([]);
  });
});

describe('orphans', () => {
  test('a stop without a position, one of the wrong side, and an entry beyond its time', async () => {
    const { venue, session, hear, time } = await openVenue({ profile: { goodTillDate: false } });
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL })));
    await hear(session.submit(orderOf('s', { ...protection, symbol: PERPETUAL })));
    const entry = { limitPrice: 40_000, expiresAt: time.now() + 60_000 };
    await hear(session.submit(orderOf('l', entry)));
    expect(noOrphans(venue)).toEqual([]);
    await time.advanceBy(60_000);
    await hear(session.submit(orderOf('x', { ...closing, symbol: PERPETUAL })));
    expect(noOrphans(venue)).toEqual([
      'order s for protection works without a position',
      'entry l works beyond its time',
    ]);
    await hear(session.submit(orderOf('b', { symbol: PERPETUAL, side: 'sell' })));
    expect(noOrphans(venue)[0]).toBe('order s for protection works without a position');
  });
});

describe('flat after the latch', () => {
  test('a position or an order of ours that is left', async () => {
    const { venue, session, hear } = await openVenue();
    expect(staysFlat(venue)).toEqual([]);
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('s', protection)));
    expect(staysFlat(venue)).toEqual([
      'order s works though the emergency stop is engaged',
      '0.01 of BTC/USDT are open though the emergency stop is engaged',
    ]);
  });

  test('in a shared account what a human holds is left alone', async () => {
    const { venue, session, hear } = await openVenue({ profile: { account: 'shared' } });
    const human = { hand: 'human', purpose: null, decisionId: null, leftAt: 0, parent: null } as const;
    venue.accept(orderOf('web', { symbol: PERPETUAL }), human);
    expect(staysFlat(venue)).toEqual([]);
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL })));
    expect(netOfOurs(venue, PERPETUAL).toFixed()).toBe('0.01');
    expect(staysFlat(venue)).toHaveLength(1);
  });
});

test('doubt is left over, but for what a foreign order stands against', async () => {
  const { venue } = await openVenue();
  const engine = { troubles: () => ['BTC/USDT:USDT: the venue works an order that is not ours'] };
  expect(noTroubles(venue, engine)).toEqual([
    'still in doubt: BTC/USDT:USDT: the venue works an order that is not ours',
  ]);
  const human = { hand: 'human', purpose: null, decisionId: null, leftAt: 0, parent: null } as const;
  venue.accept(orderOf('web', { symbol: PERPETUAL, limitPrice: 50_000 }), human);
  expect(noTroubles(venue, engine)).toEqual([]);
});
