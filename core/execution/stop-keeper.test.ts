import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, instrumentOf, PERPETUAL, SPOT, testVenue } from '../../tests/contracts/simulated-venue.ts';
import { baseAmount, price, text } from '../domain/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

function stopsOf(desk: ReturnType<typeof executionDesk>, symbol = SPOT): string[] {
  return desk
    .working('protection', symbol)
    .map(
      (stop) => `${stop.side} ${text(stop.amount)}@${stop.stopPrice === null ? '' : text(stop.stopPrice)}`,
    );
}

describe('the protective stop', () => {
  test('is at the venue before the announcement of the entry ends, and takes part in the rest of the step', async () => {
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
    expect(stopsOf(desk, PERPETUAL)).toEqual(['buy 1@105']);
    expect(desk.stops.stateOf(PERPETUAL)).toMatchObject({ protection: 'venue' });
  });

  test('#8 follows the position when it grows by a partial fill', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 4 });
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@95']);
    desk.venue.step(SPOT, flat(100), 3);
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@95', 'sell 3@95']);
    expect(desk.stops.stateOf(SPOT).protection).toBe('venue');
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

  test('#8 becomes one again when there would be too many', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 5 });
    for (const _ of [1, 2, 3, 4, 5]) {
      desk.venue.step(SPOT, flat(100), 1);
      await desk.orders.idle();
    }
    expect(stopsOf(desk)).toEqual(['sell 5@95']);
  });

  test('#9 covers with one order what is too little for an order of its own', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.95);
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 0.95@95']);
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@95']);
  });

  test('#9 a remainder worth less than the venue’s minimum sends nothing', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.idle();
    expect(desk.exchange.calls).toEqual(['submit a']);
    expect(desk.stops.stateOf(SPOT)).toMatchObject({ protection: 'none' });
  });

  test('is put on the venue’s tick, and stays there', async () => {
    const desk = executionDesk();
    desk.protect('95.001');
    await desk.enter('a', 100);
    expect(stopsOf(desk)).toEqual(['sell 1@95.01']);
    desk.stops.follow(desk.reader.position(SPOT), price('95.001'));
    await desk.orders.idle();
    expect(desk.exchange.calls.filter((call) => call.startsWith('cancel'))).toEqual([]);
  });

  test('#8 follows the position when it shrinks', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 3 });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    desk.venue.step(PERPETUAL, flat(100));
    await desk.orders.idle();
    expect(stopsOf(desk, PERPETUAL)).toEqual(['sell 2@95']);
  });

  test('that fills in part is right as it is', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100, { amount: 3 });
    desk.venue.step(SPOT, [100, 100, 94, 94], 1);
    await desk.orders.idle();
    expect(desk.exchange.calls.filter((call) => call.startsWith('cancel'))).toEqual([]);
    expect(desk.quantity()).toBe('2');
  });

  test('moves when its price does', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    desk.stops.follow(desk.reader.position(SPOT), price(97));
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@97']);
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
    expect(desk.stops.stateOf(PERPETUAL).protection).toBe('none');
  });

  test('is not placed while a spot exit needs the coins, nor without a plan', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100, { amount: 3 });
    expect(stopsOf(desk)).toEqual([]);
    expect(desk.stops.stateOf(SPOT)).toEqual({ protection: 'none', stopPrice: null });
    desk.protect(95);
    await desk.place('x', { ...exit, amount: 3 });
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual([]);
  });

  test('#9 a remainder below the venue’s minimum is unprotected, and shown so', async () => {
    const venue = testVenue({ instruments: [instrumentOf(SPOT, { minAmount: baseAmount('0.5') })] });
    venue.step(SPOT, flat(100));
    const desk = executionDesk({ venue });
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.2);
    await desk.orders.idle();
    expect(desk.stops.stateOf(SPOT).protection).toBe('none');
  });

  test('that the venue does not want leaves the position shown as unprotected', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.exchange.fail('submit', 'before', 'rejected');
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.stops.stateOf(SPOT).protection).toBe('none');
  });

  test('that the gate does not let go leaves the position shown as unprotected', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.stops.stateOf(SPOT).protection).toBe('none');
  });

  test('without an answer is in doubt', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.exchange.instead.submit = () => Promise.reject(new Error(''));
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.orders.frozenSymbols().size).toBe(1);
    expect(desk.stops.stateOf(SPOT).protection).toBe('none');
  });

  test('that covers a part of the position only is shown as no protection', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 2 });
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    desk.exchange.fail('submit', 'before', 'rejected');
    desk.venue.step(SPOT, flat(100), 1);
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@95']);
    expect(desk.stops.stateOf(SPOT)).toMatchObject({ protection: 'none', stopPrice: price(95) });
  });

  test('#6 is not replaced while the cancel of the old one is in doubt', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    desk.exchange.fail('cancel', 'before');
    desk.stops.follow(desk.reader.position(SPOT), price(97));
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@95']);
    expect(desk.orders.frozenSymbols().size).toBe(1);
  });

  test('that changes again while it is being replaced ends up right', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    const position = desk.reader.position(SPOT);
    desk.stops.follow(position, price(96));
    desk.stops.follow(position, price(97));
    await desk.orders.idle();
    expect(stopsOf(desk)).toEqual(['sell 1@97']);
    expect(desk.exchange.calls.filter((call) => call.startsWith('cancel'))).toHaveLength(1);
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
});
