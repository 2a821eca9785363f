import { describe, expect, test } from 'vitest';
import { fillOf } from '../../tests/contracts/builders.ts';
import { DOUBTFUL, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { VenueError } from '../domain/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

describe('while a symbol is frozen', () => {
  test('what is surely held gets its stop at once', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.protect(95);
    await desk.place('a');
    // The answer for another entry is lost, and its absence takes ten seconds to be believed.
    desk.exchange.fail('submit', 'before');
    await desk.place('b');
    expect(desk.orders.frozenSymbols().size).toBe(1);
    desk.venue.step(SPOT, flat(100));
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@95']);
    await desk.orders.idle();
    expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
    expect(desk.orders.frozenSymbols().size).toBe(1);
  });

  test('doubt is asked about at once, and again until the venue has answered', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    desk.exchange.fail('fills', 'before', 'unavailable');
    await desk.place('a');
    await desk.timers.pass(240);
    expect(desk.calls('order a')).toBe(0);
    await desk.timers.pass(20);
    expect(desk.calls('fills')).toBe(1);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    await desk.timers.pass(500);
    expect(desk.statusOf('a')).toBe('OPEN');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('no second stop is sent for the units of one that is in doubt', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.protect(95);
    await desk.place('a');
    desk.exchange.fail('submit', 'before');
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95 UNKNOWN']);
    expect(desk.desk.protectionOf(SPOT).protection).toBe('engine');
    await desk.timers.pass(9_000);
    expect(desk.calls('submit')).toBe(2);
    await desk.timers.pass(5_000);
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
  });

  test('an order that would sell more than is surely held waits', async () => {
    const desk = executionDesk({ profile: DOUBTFUL, symbols: [PERPETUAL] });
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 2 });
    desk.exchange.fail('submit', 'before');
    await desk.place('s', { ...exit, purpose: 'protection', symbol: PERPETUAL, stopPrice: 95, amount: 2 });
    expect(await desk.place('x', { ...exit, symbol: PERPETUAL, amount: 2 })).toMatchObject({
      outcome: 'refused',
      code: 'symbol-frozen',
    });
    await desk.timers.pass(15_000);
    expect(await desk.place('y', { ...exit, symbol: PERPETUAL, amount: 2 })).toMatchObject({
      outcome: 'placed',
    });
  });
});

describe('a stop that the venue does not take', () => {
  test('V18 is tried again with growing pauses, and the engine watches meanwhile', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.exchange.instead.submit = async () => {
      throw new VenueError('rejected', 'too many stops');
    };
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.desk.protectionOf(SPOT).protection).toBe('engine');
    const tries: number[] = [];
    for (let second = 0; second < 10; second += 1) {
      tries.push(desk.calls('submit') - 1);
      await desk.timers.pass(1_000);
    }
    expect(tries).toEqual([1, 3, 4, 4, 5, 5, 5, 5, 5, 6]);
    delete desk.exchange.instead.submit;
    await desk.timers.pass(15_000);
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
  });

  test('leaves the position shown as not protected by the venue, also where it covers a part', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 2 });
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    desk.exchange.fail('submit', 'before', 'rejected');
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(SPOT)).toMatchObject({ protection: 'engine' });
    await desk.timers.pass(300);
    expect(desk.stops()).toEqual(['sell 1@95', 'sell 1@95']);
  });

  test('is not tried again while the emergency stop lets nothing leave', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.desk.protectionOf(SPOT).protection).toBe('engine');
    await desk.timers.pass(120_000);
    expect(desk.history.filter((line) => line.endsWith('INTENT'))).toEqual(['a INTENT']);
  });

  test('V18 that the venue takes away is placed anew', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    const [stop] = desk.working('protection');
    if (stop === undefined) throw new Error('no stop');
    await desk.venue.exchange.cancel({ ...stop });
    expect(desk.stops()).toEqual([]);
    await desk.timers.pass(300);
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('whose plan cannot be read is tried again, and nothing else fails', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    const get = desk.stopPrices.get.bind(desk.stopPrices);
    desk.stopPrices.get = () => {
      throw new Error('the plan cannot be read');
    };
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.quantity()).toBe('1');
    desk.stopPrices.get = get;
    await desk.timers.pass(300);
    expect(desk.stops()).toEqual(['sell 1@95']);
  });
});

describe('a position that other hands have turned round', () => {
  test('is not protected by a stop that would enlarge it: that one is taken away', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    desk.stopPrices.delete(PERPETUAL);
    desk.exchange.fail('cancel', 'before', 'rate-limited');
    const sold = fillOf('liquidation', null, { symbol: PERPETUAL, side: 'sell', amount: 3 });
    desk.exchange.announce({ kind: 'fill', fill: { ...sold, time: desk.venue.clock.now() } });
    await desk.orders.idle();
    expect(desk.quantity(PERPETUAL)).toBe('-2');
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(PERPETUAL)).toEqual({ protection: 'none', stopPrice: null });
    await desk.timers.pass(3_000);
    expect(desk.stops(PERPETUAL)).toEqual([]);
    expect(desk.troubles).toEqual(['none']);
  });

  test('is not taken to be closed by an order that enlarges it', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    const sold = fillOf('liquidation', null, { symbol: PERPETUAL, side: 'sell', amount: 2 });
    desk.exchange.announce({ kind: 'fill', fill: { ...sold, time: desk.venue.clock.now() } });
    await desk.timers.pass(3_000);
    expect(desk.troubles.at(-1)).toBe('none');
  });
});

describe('a stop of a perpetual that is flat', () => {
  async function closedWithStop() {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    return desk;
  }

  test('is cancelled until it is gone, though the first cancels are not answered', async () => {
    const desk = await closedWithStop();
    for (const fault of ['uncertain', 'unavailable', 'rate-limited'] as const) {
      desk.exchange.fail('cancel', 'before', fault);
    }
    desk.venue.step(PERPETUAL, flat(100));
    await desk.orders.idle();
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    await desk.timers.pass(5_000);
    expect(desk.stops(PERPETUAL)).toEqual([]);
    expect(await desk.there()).toEqual([]);
  });

  test('that only the venue knows of is taken over by reconciliation, and cancelled', async () => {
    const desk = await closedWithStop();
    desk.venue.step(PERPETUAL, flat(100));
    await desk.orders.idle();
    const ours = desk.ids.make({ symbol: PERPETUAL, time: 1, purpose: 'protection', ordinal: 9 });
    const foreign = executionDesk({ venue: desk.venue, symbols: [PERPETUAL] });
    await foreign.enter('f', 100, { symbol: PERPETUAL });
    await foreign.place(ours, { ...exit, purpose: 'protection', symbol: PERPETUAL, stopPrice: 90 });
    await foreign.place('g', { ...exit, symbol: PERPETUAL });
    desk.venue.step(PERPETUAL, flat(100));
    foreign.desk.close();
    await desk.desk.reconcile();
    await desk.orders.idle();
    expect(await desk.there()).toEqual([]);
  });
});
