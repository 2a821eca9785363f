import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, instrumentOf, PERPETUAL, SPOT, testVenue } from '../../tests/contracts/simulated-venue.ts';
import { baseAmount, price } from '../domain/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

describe('the protective stop', () => {
  test('#20 is at the venue before the announcement of the entry ends, and takes part in the rest of the step', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.venue.step(SPOT, [100, 101, 90, 92]);
    await desk.orders.idle();
    expect(desk.venue.fills()).toEqual(['buy 1@100 taker', 'sell 1@95 taker']);
    expect(desk.quantity()).toBe('0');
  });

  test('protects a short with a buy', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(105, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, side: 'sell' });
    expect(desk.stops(PERPETUAL)).toEqual(['buy 1@105']);
    expect(desk.desk.protectionOf(PERPETUAL)).toEqual({ protection: 'venue', stopPrice: price(105) });
  });

  test('#8 follows the position when it grows by a partial fill', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 4 });
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95']);
    desk.venue.step(SPOT, flat(100), 3);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95', 'sell 3@95']);
    expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
  });

  test('#8 covers what a fill adds within the step that added it', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 4 });
    desk.venue.step(SPOT, flat(100), 2);
    await desk.orders.idle();
    desk.venue.step(SPOT, [100, 100, 90, 99]);
    await desk.orders.idle();
    expect(desk.quantity()).toBe('0');
  });

  test.each([
    [5, ['sell 5@95']],
    [2, ['sell 5@95']],
    [1, ['sell 5@95']],
  ])(
    '#8 becomes one again when there would be too many, at a venue that takes %i',
    async (maxStops, expected) => {
      const desk = executionDesk({ profile: { maxStops } });
      desk.protect(95);
      await desk.place('a', { amount: 5 });
      for (const _ of [1, 2, 3, 4, 5]) {
        desk.venue.step(SPOT, flat(100), 1);
        await desk.orders.idle();
        expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
      }
      expect(desk.stops()).toEqual(expected);
    },
  );

  test('#9 covers with one order what is too little for an order of its own', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.95);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 0.95@95']);
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('#9 a remainder worth less than the venue’s minimum sends nothing', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.idle();
    expect(desk.exchange.calls).toEqual(['submit a']);
    expect(desk.desk.protectionOf(SPOT).protection).toBe('none');
    await desk.timers.pass(60_000);
    expect(desk.troubles).toEqual([]);
  });

  test('C17 is put on the venue’s tick, and stays there', async () => {
    const desk = executionDesk();
    desk.protect('95.001');
    await desk.enter('a', 100);
    expect(desk.stops()).toEqual(['sell 1@95.01']);
    desk.desk.protect(SPOT);
    await desk.orders.idle();
    expect(desk.calls('cancel')).toBe(0);
  });

  test('#8 follows the position when it shrinks', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 3 });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    desk.venue.step(PERPETUAL, flat(100));
    await desk.orders.idle();
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2@95']);
  });

  test('that fills in part is right as it is', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100, { amount: 3 });
    desk.venue.step(SPOT, [100, 100, 94, 94], 1);
    await desk.orders.idle();
    expect(desk.calls('cancel')).toBe(0);
    expect(desk.quantity()).toBe('2');
  });

  test('moves when its price does', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    desk.protect(97);
    desk.desk.protect(SPOT);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@97']);
  });

  test('#27 goes when the position is closed otherwise', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    desk.venue.step(PERPETUAL, flat(101));
    await desk.orders.idle();
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(desk.orders.unfinished()).toEqual([]);
    expect(desk.desk.protectionOf(PERPETUAL).protection).toBe('none');
  });

  test('is not placed while a spot exit needs the coins', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100, { amount: 3 });
    await desk.place('x', { ...exit, amount: 3 });
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    expect(desk.stops()).toEqual([]);
  });

  test('comes back when a spot exit ends without having closed everything', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100, { amount: 3 });
    const placed = await desk.place('x', { ...exit, amount: 3 });
    desk.venue.step(SPOT, flat(100), 1);
    if (placed.order === null) throw new Error('not placed');
    await desk.orders.cancel(placed.order.clientOrderId);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 2@95']);
  });

  test('is not placed without a plan, and not taken away where the plan is lost', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    expect(desk.stops()).toEqual([]);
    expect(desk.desk.protectionOf(SPOT)).toEqual({ protection: 'none', stopPrice: null });
    desk.protect(95);
    desk.desk.protect(SPOT);
    await desk.orders.idle();
    desk.stopPrices.clear();
    desk.desk.protect(SPOT);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(SPOT)).toEqual({ protection: 'venue', stopPrice: price(95) });
  });

  test('#9 a remainder below the venue’s minimum has none', async () => {
    const venue = testVenue({ instruments: [instrumentOf(SPOT, { minAmount: baseAmount('0.5') })] });
    venue.step(SPOT, flat(100));
    const desk = executionDesk({ venue });
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.2);
    await desk.orders.idle();
    expect(desk.stops()).toEqual([]);
  });

  test('#6 C7 is not replaced while the cancel of the old one is in doubt, and then it is', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    desk.exchange.fail('cancel', 'before');
    desk.protect(97);
    desk.desk.protect(SPOT);
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(desk.orders.frozenSymbols().size).toBe(1);
    await desk.timers.pass(1_000);
    expect(desk.stops()).toEqual(['sell 1@97']);
  });

  test('that changes again while it is being replaced ends up right', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    for (const level of [96, 97]) {
      desk.protect(level);
      desk.desk.protect(SPOT);
    }
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@97']);
    expect(desk.calls('cancel')).toBe(1);
  });

  test('that arrives after the step was over takes part in the next', async () => {
    const venue = testVenue({ latencyMs: 90_000 });
    venue.step(SPOT, flat(100));
    const desk = executionDesk({ venue });
    desk.protect(95);
    await desk.place('a');
    for (const low of [100, 90, 90, 90]) desk.venue.step(SPOT, [100, 100, low, 100]);
    await desk.orders.idle();
    expect(desk.venue.fills()[0]).toContain('buy 1@');
    expect(desk.venue.fills()[1]).toBe('sell 1@95 taker');
  });

  test('is placed where the venue does not tell of the market, or fails to', async () => {
    for (const instrument of [
      () => undefined,
      () => {
        throw new Error('a bug in an adapter');
      },
    ]) {
      const desk = executionDesk();
      desk.protect(95);
      await desk.place('a');
      desk.exchange.instrument = instrument;
      desk.venue.step(SPOT, flat(100));
      await desk.orders.idle();
      expect(desk.stops()).toEqual(['sell 1@95']);
      expect(desk.desk.protectionOf(SPOT).protection).toBe('venue');
    }
  });

  test('follows a position that shrinks where the venue does not tell of the market', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 3 });
    desk.exchange.instrument = () => undefined;
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    desk.venue.step(PERPETUAL, flat(100));
    await desk.orders.idle();
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2@95']);
  });
});

describe('the stop of a derivative that moves', () => {
  async function held(amount = 1, profile = {}) {
    const desk = executionDesk({ symbols: [PERPETUAL], profile });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount });
    const sent = desk.exchange.calls.length;
    const move = async (level: number) => {
      desk.protect(level, PERPETUAL);
      desk.desk.protect(PERPETUAL);
      await desk.orders.idle();
      return desk.exchange.calls
        .slice(sent)
        .map((call) => call.split(' ')[0])
        .filter((call) => call === 'submit' || call === 'cancel');
    };
    return { ...desk, move };
  }

  test('is there anew before the old one goes, so that the position is never without', async () => {
    const desk = await held();
    expect(await desk.move(97)).toEqual(['submit', 'cancel']);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97']);
  });

  test('goes first and comes anew at a venue that has room for one', async () => {
    const desk = await held(1, { maxStops: 1 });
    expect(await desk.move(97)).toEqual(['cancel', 'submit']);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97']);
  });

  test('stays where it was while the venue refuses the new one, and moves when it takes it', async () => {
    const desk = await held();
    desk.exchange.fail('submit', 'before', 'rejected');
    expect(await desk.move(97)).toEqual(['submit']);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    expect(desk.desk.protectionOf(PERPETUAL)).toEqual({ protection: 'venue', stopPrice: price(95) });
    await desk.timers.pass(250);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97']);
  });

  test('stays until it is known that the new one has arrived', async () => {
    const desk = await held();
    desk.exchange.mute = true;
    desk.exchange.fail('submit', 'after');
    desk.exchange.fail('order', 'before');
    for (const _ of [1, 2]) {
      await desk.move(97);
      expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95', 'sell 1@97 UNKNOWN']);
    }
    desk.exchange.mute = false;
    await desk.timers.pass(1_000);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97']);
  });

  test('stays where it is while the emergency stop lets nothing leave', async () => {
    const desk = await held();
    desk.gate.onlyEmergencies = true;
    expect(await desk.move(97)).toEqual([]);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
  });

  test('that grew and moves at once is one of all of it; the old ones go', async () => {
    const desk = await held(2);
    await desk.enter('b', 100, { symbol: PERPETUAL, amount: 2 });
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2@95', 'sell 2@95']);
    expect(await desk.move(97)).toEqual(['submit', 'submit', 'submit', 'cancel', 'cancel']);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 4@97']);
  });

  test('stays where the venue takes the new one and ends it at once', async () => {
    const desk = await held();
    desk.exchange.instead.submit = async (intent) => {
      delete desk.exchange.instead.submit;
      const taken = await desk.venue.exchange.submit(intent);
      return desk.venue.exchange.cancel(taken);
    };
    expect(await desk.move(97)).toEqual(['submit']);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    await desk.timers.pass(250);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97']);
  });

  test('stays until what the position grew by meanwhile has one too', async () => {
    const desk = await held();
    await desk.place('b', { symbol: PERPETUAL, amount: 2 });
    desk.exchange.during('submit', () => desk.venue.step(PERPETUAL, flat(100)));
    expect(await desk.move(97)).toEqual(['submit', 'submit', 'submit', 'cancel']);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97', 'sell 2@97']);
  });

  test('moves at the next try where asking whether it may leave fails', async () => {
    const desk = await held();
    const { ask } = desk.gate;
    desk.gate.ask = () => {
      desk.gate.ask = ask;
      throw new Error('the gate is broken');
    };
    expect(await desk.move(97)).toEqual([]);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    await desk.timers.pass(250);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@97']);
  });
});

describe('of two stops over one position the older goes', () => {
  const loseCancel = ({ exchange }: ReturnType<typeof executionDesk>) => {
    exchange.mute = true;
    exchange.fail('cancel', 'before');
    exchange.fail('order', 'before');
  };

  /** A position of 3 under one stop, and the way to have 1 of it sold, or the stop moved. */
  async function held() {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 3 });
    const shrink = async (before: () => void) => {
      await desk.place('x', { ...exit, symbol: PERPETUAL });
      before();
      desk.venue.step(PERPETUAL, flat(100));
      await desk.orders.idle();
    };
    const move = async () => {
      desk.protect(97, PERPETUAL);
      desk.desk.protect(PERPETUAL);
      await desk.orders.idle();
    };
    return { ...desk, shrink, move };
  }

  test('when it turns out that the newer one, which was in doubt, has arrived', async () => {
    const desk = await held();
    await desk.shrink(() => {
      desk.exchange.fail('submit', 'after');
      const deafen = () => {
        desk.exchange.mute = true;
      };
      desk.exchange.during('submit', deafen, 'before');
      for (const _ of [1, 2, 3]) desk.exchange.fail('order', 'before');
    });
    desk.desk.protect(PERPETUAL);
    await desk.orders.idle();
    expect(desk.stops(PERPETUAL)).toEqual(['sell 3@95', 'sell 2@95 UNKNOWN']);
    desk.exchange.mute = false;
    await desk.timers.pass(20_000);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2@95']);
    expect(await desk.there()).toHaveLength(1);
    // The entry, its stop, the exit, and one stop in the place of the first.
    expect(desk.calls('submit')).toBe(4);
  });

  test('when the venue takes its cancel after all, and no third one is placed', async () => {
    const desk = await held();
    await desk.shrink(() => {
      desk.exchange.fail('cancel', 'before', 'rate-limited');
    });
    expect(desk.stops(PERPETUAL)).toEqual(['sell 3@95', 'sell 2@95']);
    await desk.timers.pass(20_000);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2@95']);
    expect(await desk.there()).toHaveLength(1);
    expect(desk.calls('submit')).toBe(4);
  });

  test('when its cancel was lost as the stop moved', async () => {
    const desk = await held();
    loseCancel(desk);
    await desk.move();
    expect(desk.stops(PERPETUAL)).toEqual(['sell 3@95', 'sell 3@97']);
    desk.exchange.mute = false;
    await desk.timers.pass(20_000);
    expect(desk.stops(PERPETUAL)).toEqual(['sell 3@97']);
    expect(await desk.there()).toHaveLength(1);
  });

  test.each([
    ['moved', 'sell 3@97', 97],
    ['shrank', 'sell 2@95', 95],
  ] as const)(
    'after a restart, where the program died between the two as it %s',
    async (how, stop, level) => {
      const desk = await held();
      if (how === 'moved') {
        loseCancel(desk);
        await desk.move();
      } else await desk.shrink(() => desk.exchange.fail('cancel', 'before', 'rate-limited'));
      expect(desk.stops(PERPETUAL)).toHaveLength(2);
      desk.desk.close();
      const { venue, ledger } = desk;
      const sent = desk.calls('submit');
      const next = executionDesk({ symbols: [PERPETUAL], venue, ledger });
      next.protect(level, PERPETUAL);
      await next.desk.reconcile();
      await next.orders.idle();
      await next.timers.pass(20_000);
      expect(next.stops(PERPETUAL)).toEqual([stop]);
      expect(await next.there()).toHaveLength(1);
      expect([sent, next.calls('submit')]).toEqual([how === 'moved' ? 3 : 4, 0]);
    },
  );
});
