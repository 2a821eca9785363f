import { describe, expect, test } from 'vitest';
import { type DeskUnderTest, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT, testVenue } from '../../tests/contracts/simulated-venue.ts';
import { baseAmount, clientOrderId, type VenueOrder } from '../domain/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;
const id = clientOrderId;

/** An entry that the venue answers as filled, while its list of fills lags behind. */
function entryWithLateFills(desk: DeskUnderTest, symbol = SPOT): void {
  const { exchange, venue } = desk;
  exchange.freeze('fills');
  exchange.instead.submit = async (intent) => {
    if (intent.purpose !== 'entry') return venue.exchange.submit(intent);
    exchange.mute = true;
    const accepted = await venue.exchange.submit(intent);
    venue.step(symbol, flat(100));
    exchange.mute = false;
    const lookup = await venue.exchange.order({ ...accepted });
    return lookup.kind === 'found' ? lookup.order : accepted;
  };
}

describe('an entry that the venue says is filled, while its list of fills lags', () => {
  test('is protected at once and stays unfinished; nothing enters until its fills have come', async () => {
    const desk = executionDesk();
    desk.protect(95);
    entryWithLateFills(desk);
    expect(await desk.place('a')).toMatchObject({ outcome: 'unknown', order: { status: 'UNKNOWN' } });
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
    for (const seconds of [1, 5, 14]) {
      await desk.timers.pass(seconds * 1_000);
      expect(desk.orders.entriesAlive(SPOT)).toBe(true);
      expect(await desk.place(`b${seconds}`)).toMatchObject({ code: 'symbol-frozen' });
      expect(desk.quantity()).toBe('0');
      expect(desk.orders.heldUnits(SPOT).toFixed()).toBe('1');
    }
    desk.exchange.catchUp('fills');
    await desk.timers.pass(2_500);
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(await desk.place('c')).toMatchObject({ outcome: 'placed' });
  });

  test.each([
    ['coins, as the one before did, for what is left of it', 'received', '1.998', '3.996'],
    ['cash, as the one before did, for all of it', 'quote', '2', '4'],
  ] as const)('that pays its fee in %s', async (_, feeAsset, first, both) => {
    const venue = testVenue({ takerFeeBps: 10, feeAsset });
    venue.step(SPOT, flat(100));
    const desk = executionDesk({ venue });
    desk.protect(95);
    await desk.enter('a', 100, { amount: 2 });
    expect(desk.stops()).toEqual([`sell ${first}@95`]);
    entryWithLateFills(desk);
    await desk.place('b', { amount: 2 });
    expect(desk.orders.heldUnits(SPOT).toFixed()).toBe(both);
    desk.exchange.catchUp('fills');
    await desk.timers.pass(20_000);
    expect([desk.stops(), desk.quantity()]).toEqual([[`sell ${first}@95`, `sell ${first}@95`], both]);
  });

  test.each([
    ['shared', '1.998'],
    ['ours', '2'],
  ] as const)(
    'in an account that is %s is protected for %s of 2 before any fee was told',
    async (account, held) => {
      const venue = testVenue({ takerFeeBps: 10, feeAsset: 'received' });
      venue.step(SPOT, flat(100));
      const desk = executionDesk({ venue, profile: { account } });
      desk.protect(95);
      entryWithLateFills(desk);
      await desk.place('a', { amount: 2 });
      expect(desk.stops()).toEqual([`sell ${held}@95`]);
    },
  );

  test('is protected on a perpetual too, a short by a buy', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(105, PERPETUAL);
    entryWithLateFills(desk, PERPETUAL);
    await desk.place('a', { symbol: PERPETUAL, side: 'sell' });
    expect(desk.stops(PERPETUAL)).toEqual(['buy 1@105']);
    expect(desk.orders.heldUnits(PERPETUAL).toFixed()).toBe('-1');
  });

  test('is protected from the announcement on, before its fills have been asked for', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 2 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, flat(100), 1);
    desk.exchange.mute = false;
    const lookup = await desk.venue.exchange.order({ ...refTo('a') });
    if (lookup.kind !== 'found') throw new Error('the venue lost the order');
    desk.exchange.announce({ kind: 'order', order: lookup.order });
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('is closed by the engine where the venue has no stops, before any fill is told', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL], profile: { nativeStops: false } });
    desk.protect(95, PERPETUAL);
    entryWithLateFills(desk, PERPETUAL);
    await desk.place('a', { symbol: PERPETUAL });
    desk.desk.price(PERPETUAL, 94);
    await desk.orders.idle();
    desk.venue.step(PERPETUAL, flat(94));
    expect((await desk.venue.exchange.account()).positions.size).toBe(0);
  });

  test('is not believed to be nowhere because a look-up does not find it', async () => {
    const desk = executionDesk();
    desk.protect(95);
    entryWithLateFills(desk);
    await desk.place('a');
    desk.exchange.instead.order = async () => ({ kind: 'absent' });
    await desk.timers.pass(60_000);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('what was said to be filled by mistake is given up when the look-ups keep saying that it ended without', async () => {
    const desk = executionDesk({ profile: { absence: { answers: 3, windowMs: 10_000 } } });
    desk.protect(95);
    await desk.place('a', { limitPrice: 95 });
    const [open] = await desk.venue.exchange.openOrders();
    if (open === undefined) throw new Error('nothing works');
    desk.exchange.mute = true;
    await desk.venue.exchange.cancel({ ...open });
    desk.exchange.mute = false;
    const told: VenueOrder = { ...open, status: 'FILLED', filledAmount: baseAmount(1) };
    desk.exchange.announce({ kind: 'order', order: told });
    await desk.timers.pass(5_000);
    expect(desk.orders.heldUnits(SPOT).toFixed()).toBe('1');
    await desk.timers.pass(20_000);
    expect(desk.orders.heldUnits(SPOT).toFixed()).toBe('0');
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });
});

describe('an entry of which a part has filled', () => {
  /** 0.5 of 3 bought, and the stop has closed that. */
  async function stoppedOut() {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.place('a', { symbol: PERPETUAL, amount: 3 });
    desk.venue.step(PERPETUAL, flat(100), 0.5);
    await desk.orders.idle();
    expect(desk.stops(PERPETUAL)).toEqual(['sell 0.5@95']);
    return desk;
  }

  test('is taken back once its stop closes that part', async () => {
    const desk = await stoppedOut();
    desk.venue.step(PERPETUAL, [95, 95, 95, 95], 0.5);
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(desk.orders.unfinished()).toEqual([]);
  });

  test('is taken back though the venue does not answer at first', async () => {
    const desk = await stoppedOut();
    desk.exchange.fail('cancel', 'before');
    desk.exchange.fail('cancel', 'before', 'rate-limited');
    desk.venue.step(PERPETUAL, [95, 95, 95, 95], 0.5);
    await desk.orders.idle();
    expect(desk.orders.entriesAlive(PERPETUAL)).toBe(true);
    await desk.timers.pass(2_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(await desk.there()).toEqual([]);
  });

  test('is protected if it fills all the same', async () => {
    const desk = await stoppedOut();
    desk.exchange.fail('cancel', 'before');
    desk.venue.step(PERPETUAL, [95, 95, 95, 95], 0.5);
    await desk.orders.idle();
    desk.venue.step(PERPETUAL, flat(100), 2.5);
    await desk.orders.idle();
    expect(desk.quantity(PERPETUAL)).toBe('2.5');
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2.5@95']);
    expect(desk.desk.protectionOf(PERPETUAL).protection).toBe('venue');
  });

  test.each([SPOT, PERPETUAL])(
    'an exit of %s takes back the rest, then closes everything held',
    async (symbol) => {
      const desk = executionDesk({ symbols: [symbol] });
      desk.protect(90, symbol);
      await desk.place('a', { symbol, amount: 3 });
      desk.venue.step(symbol, flat(100), 1);
      await desk.orders.idle();
      // Another unit fills while the cancel is on its way.
      desk.exchange.during('cancel', () => desk.venue.step(symbol, flat(100), 1), 'before');
      expect(await desk.place('x', { ...exit, symbol, amount: 1 })).toMatchObject({ outcome: 'placed' });
      expect(desk.statusOf('a')).toBe('CANCELED');
      expect(desk.orders.order(id('x'))?.amount.toFixed()).toBe('2');
      expect(desk.exchange.calls.indexOf('cancel a')).toBeLessThan(desk.exchange.calls.indexOf('submit x'));
      desk.venue.step(symbol, flat(100));
      await desk.orders.idle();
      expect(desk.quantity(symbol)).toBe('0');
      expect(desk.orders.unfinished()).toEqual([]);
    },
  );

  test('an exit finds nothing to close when the stop was faster', async () => {
    const desk = await stoppedOut();
    desk.exchange.during('cancel', () => desk.venue.step(PERPETUAL, flat(95), 0.5), 'before');
    expect(await desk.place('x', { ...exit, symbol: PERPETUAL, amount: '0.5' })).toMatchObject({
      outcome: 'refused',
      code: 'nothing-to-reduce',
      order: null,
    });
  });

  test('an exit closes what is surely held though the rest of the entry does not let itself be taken back', async () => {
    const desk = await stoppedOut();
    desk.exchange.fail('cancel', 'before');
    expect(await desk.place('x', { ...exit, symbol: PERPETUAL, amount: '0.5' })).toMatchObject({
      outcome: 'placed',
      order: { amount: baseAmount('0.5') },
    });
    await desk.timers.pass(1_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('an exit where the venue no longer tells of the market closes what the books hold', async () => {
    const desk = await stoppedOut();
    desk.exchange.instrument = () => undefined;
    expect(await desk.place('x', { ...exit, symbol: PERPETUAL, amount: '0.5' })).toMatchObject({
      outcome: 'placed',
      order: { amount: baseAmount('0.5') },
    });
  });

  test.each([
    ['that part, though more is bought meanwhile', 100, '1', '0.4'],
    ['what its stop has left of it', 95, '0.3', '0.2'],
  ] as const)('the sale of a part sells %s', async (_, at, volume, sold) => {
    const desk = await stoppedOut();
    desk.exchange.during('cancel', () => desk.venue.step(PERPETUAL, flat(at), Number(volume)), 'before');
    expect(await desk.place('x', { ...exit, symbol: PERPETUAL, amount: '0.4' })).toMatchObject({
      outcome: 'placed',
      order: { amount: baseAmount(sold) },
    });
    expect(desk.statusOf('a')).toBe('CANCELED');
  });
});

function refTo(name: string) {
  return { symbol: SPOT, clientOrderId: id(name), venueOrderId: null, type: 'market' } as const;
}
