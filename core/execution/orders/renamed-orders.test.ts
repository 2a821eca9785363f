import { describe, expect, test } from 'vitest';
import { type DeskUnderTest, DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { clientOrderId, VenueError } from '../../domain/index.ts';

const BLIND = { kind: 'cannot-tell', isBlind: true, reason: 'look for it there' } as const;
const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;
const LONG_MS = 10 * 60_000;

/** A venue of which nobody knows whether it keeps our ids, in an account that the trader uses as well. */
function unprovenDesk(): DeskUnderTest {
  const desk = executionDesk({
    profile: {
      ...DOUBTFUL,
      account: 'shared',
      clientOrderId: { maxLength: 32, uniqueAmong: 'open-orders', isUnproven: true },
    },
  });
  const { exchange, venue } = desk;
  exchange.instead.order = async (ref) => (ref.venueOrderId === null ? BLIND : venue.exchange.order(ref));
  // What it tells of trades are its own ids alone.
  exchange.instead.fills = async (query) => {
    const page = await venue.exchange.fills(query);
    return { ...page, fills: page.fills.map((fill) => ({ ...fill, clientOrderId: null })) };
  };
  return desk;
}

/** The next order arrives under an id of the venue's own, or not at all, and its answer is lost. */
function loseAnswers(desk: DeskUnderTest, arrives: boolean): void {
  desk.exchange.mute = true;
  desk.exchange.instead.submit = async (intent) => {
    if (arrives) await desk.venue.exchange.submit({ ...intent, clientOrderId: clientOrderId('theirs') });
    throw new VenueError('uncertain', 'timed out');
  };
}

describe('at a venue that may put ids of its own in the place of ours', () => {
  test('an entry that it does not find stays in doubt for as long as that is so, and in words', async () => {
    const desk = unprovenDesk();
    desk.protect(90);
    await desk.enter('held', 100);
    loseAnswers(desk, true);
    await desk.place('a');
    desk.venue.step(SPOT, flat(100));
    await desk.timers.pass(LONG_MS);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    expect(await desk.place('b')).toMatchObject({ code: 'symbol-frozen' });
    expect(desk.orders.frozenSymbols().get(SPOT)).toBe('look for it there');
    // What is bought there is ours, and is not booked as somebody else’s; what was held keeps its stop.
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['entry']);
    expect(desk.stops()).toEqual(['sell 1@90']);
  });

  test('an entry is over once an answer says more, and what somebody else bought meanwhile is his', async () => {
    const desk = unprovenDesk();
    loseAnswers(desk, true);
    await desk.place('a');
    desk.venue.step(SPOT, flat(100));
    await desk.timers.pass(LONG_MS);
    expect(desk.fills).toEqual([]);
    desk.exchange.instead.order = async (ref) =>
      ref.venueOrderId === null ? { kind: 'absent' } : desk.venue.exchange.order(ref);
    await desk.timers.pass(LONG_MS);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['external']);
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('a close that did nothing holds up the next one only for a while', async () => {
    const desk = unprovenDesk();
    await desk.enter('held', 100);
    loseAnswers(desk, false);
    await desk.place('x', exit);
    await desk.timers.pass(25_000);
    expect(desk.statusOf('x')).toBe('UNKNOWN');
    await desk.timers.pass(20_000);
    expect(desk.statusOf('x')).toBe('CANCELED');
  });

  test('a close after which coins were sold stays in doubt, and they are not sold once more', async () => {
    const desk = unprovenDesk();
    await desk.enter('held', 100);
    loseAnswers(desk, true);
    await desk.place('x', exit);
    desk.venue.step(SPOT, flat(100));
    await desk.timers.pass(LONG_MS);
    expect(desk.statusOf('x')).toBe('UNKNOWN');
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['entry']);
    expect((await desk.place('y', exit)).outcome).not.toBe('placed');
  });
});
