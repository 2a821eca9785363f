import { describe, expect, test } from 'vitest';
import { intentOf } from '../../tests/contracts/builders.ts';
import { type DeskUnderTest, DOUBTFUL, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { assetAmount, LedgerError, type OrderIntent, VenueError } from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/index.ts';
import { flattenIn, marketMoves } from './testing/flattening.ts';

const FLAT = { flat: true, failures: [], left: [] };

const closes = (desk: DeskUnderTest): number => desk.calls('submit test');

describe('flattening', () => {
  test('a flat account is flat at once', async () => {
    const desk = executionDesk();
    const nothing = { symbols: [], cancelsSentMs: null, closesSentMs: null };
    expect(await flattenIn(desk)).toEqual({ ...FLAT, ...nothing, tookMs: 0 });
    expect(desk.exchange.calls).toEqual(['openOrders', 'account']);
  });

  test('#26 cancels every order, stops included, closes every position, long and short, and verifies', async () => {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL] });
    desk.protect(90);
    await desk.enter('long', 100, { amount: 2 });
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    await desk.place('resting', { limitPrice: 80 });
    // As in an emergency: nothing but emergency orders may leave.
    desk.gate.onlyEmergencies = true;
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(await desk.there()).toEqual([]);
    expect(desk.orders.unfinished()).toEqual([]);
  });

  test('works in a symbol that is frozen', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await desk.enter('long', 100, { symbol: PERPETUAL });
    desk.orders.inquiry.doubt(PERPETUAL, 'a test wants to know');
    expect(await flattenIn(desk)).toMatchObject(FLAT);
  });

  test('does not close twice while a close is working', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    const result = await flattenIn(desk, (turn) => {
      if (turn === 20) desk.venue.step(SPOT, flat(100));
    });
    expect(result).toMatchObject(FLAT);
    expect(closes(desk)).toBe(1);
  });

  test('#1 a close whose answer is lost is asked about, and another may follow that cannot sell more than there is', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL], profile: DOUBTFUL });
    await desk.enter('long', 100, { symbol: PERPETUAL });
    const late: OrderIntent[] = [];
    desk.exchange.instead.submit = async (intent) => {
      late.push(intent);
      throw new VenueError('uncertain', 'timed out');
    };
    const result = await flattenIn(desk, async (turn) => {
      if (turn === 5) {
        delete desk.exchange.instead.submit;
        for (const intent of late) await desk.venue.exchange.submit(intent).catch(() => undefined);
      }
      marketMoves(desk);
    });
    expect(result).toMatchObject(FLAT);
    expect(new Set(late.map(({ clientOrderId }) => clientOrderId)).size).toBe(late.length);
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect((await desk.venue.exchange.account()).positions.size).toBe(0);
  });

  test('#4 a close that the venue refuses is another order the next time', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.exchange.fail('submit', 'before', 'rejected');
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(closes(desk)).toBe(2);
    expect(new Set(desk.exchange.calls.filter((call) => call.startsWith('submit test'))).size).toBe(2);
  });

  test('a close that ended without closing everything is followed by another', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100, { amount: 2 });
    const result = await flattenIn(desk, async (turn) => {
      desk.venue.step(SPOT, flat(100), 1);
      const [close] = desk.working('emergency');
      if (turn === 1 && close !== undefined) await desk.venue.exchange.cancel({ ...close });
    });
    expect(result).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect(closes(desk)).toBe(2);
  });

  test('sends the cancels of all our orders before the venue has answered anything', async () => {
    const desk = executionDesk();
    for (const price of [80, 81, 82]) await desk.place(`at${price}`, { limitPrice: price });
    const before = desk.exchange.calls.length;
    void desk.flattener.flatten();
    expect(desk.exchange.calls.slice(before).slice(0, 3)).toEqual([
      'cancel at80',
      'cancel at81',
      'cancel at82',
    ]);
    await desk.timers.pass(1_000);
    expect(await desk.there()).toEqual([]);
  });

  test('cancels what the venue works and our books do not know', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    await desk.venue.exchange.submit(intentOf('by-hand', { limitPrice: 95 }));
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(await desk.there()).toEqual([]);
  });

  test('cancels an order that has no id of ours by the venue’s, and names it while that does not work', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    const byHand = await desk.venue.exchange.submit(intentOf('by-hand', { limitPrice: 95 }));
    desk.exchange.instead.openOrders = async () =>
      (await desk.venue.exchange.openOrders()).map((order) => ({ ...order, clientOrderId: null }));
    desk.exchange.fail('cancel', 'before', 'unavailable');
    const result = await flattenIn(desk);
    expect(result).toMatchObject(FLAT);
    expect(await desk.there()).toEqual([]);
    expect(desk.calls(`cancel ${byHand.venueOrderId}`)).toBe(2);
    desk.exchange.instead.cancel = async () => {
      throw new VenueError('rejected', 'not now');
    };
    await desk.venue.exchange.submit(intentOf('another', { limitPrice: 95 }));
    const { failures } = await flattenIn(desk, () => undefined);
    expect(failures.at(-1)).toMatch(/BTC\/USDT: order sim-o\d still works/);
  });

  test('says so when not even an emergency order may leave', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.gate.answer = { allowed: false, code: 'closed', message: 'nothing leaves' };
    const { failures } = await flattenIn(desk);
    expect(failures[0]).toBe(`simulated ${SPOT}: Error: nothing leaves`);
  });

  test('#17 goes on after errors, step by step', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    await desk.place('resting', { limitPrice: 80 });
    for (const call of ['openOrders', 'cancel', 'submit', 'account', 'fills'] as const) {
      desk.exchange.fail(call, 'before');
    }
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
  });

  test('a market that the venue does not list, or fails to tell of, stops no other', async () => {
    const desk = executionDesk({ symbols: ['ETH/USDT', SPOT, PERPETUAL] });
    await desk.enter('long', 100);
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    desk.exchange.instrument = (symbol) => {
      if (symbol === PERPETUAL) return undefined;
      throw new Error('unknown market');
    };
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('one symbol that cannot be closed keeps no other open', async () => {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL] });
    await desk.enter('long', 100);
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    desk.exchange.instead.submit = async (intent) => {
      if (intent.symbol === SPOT) throw new VenueError('rejected', 'trading halted');
      return desk.venue.exchange.submit(intent);
    };
    const { flat: done, failures } = await flattenIn(desk);
    expect(done).toBe(false);
    expect(failures[0]).toBe(`simulated ${SPOT}: Error: the close is REJECTED: trading halted`);
    expect(failures.every((line) => line.includes(SPOT))).toBe(true);
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('says what is left when everything was accepted and nothing happened', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    const result = await flattenIn(desk, () => undefined);
    expect(result.flat).toBe(false);
    const [close] = desk.working('emergency');
    expect(result.failures).toEqual([
      `simulated ${SPOT}: the venue still shows 1`,
      `simulated ${SPOT}: order ${close?.clientOrderId} still works`,
    ]);
    // A minute of trying.
    expect(result.tookMs).toBeGreaterThan(55_000);
    expect(result.tookMs).toBeLessThan(80_000);
    expect(closes(desk)).toBe(1);
  });

  test('a remainder that is too small for the venue is left, and named', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    const account = await desk.venue.exchange.account();
    desk.exchange.instead.account = async () => ({
      ...account,
      assets: new Map([['BTC', { total: assetAmount('0.0004'), free: assetAmount('0.0004') }]]),
    });
    expect(await flattenIn(desk)).toMatchObject({
      flat: true,
      left: [`${SPOT}: 0.0004 is too little for the venue to take`],
    });
  });

  test('a remainder that is worth too little for the venue is left, and named, once the venue has refused it', async () => {
    const desk = executionDesk();
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.withdrawEntries(SPOT);
    const result = await flattenIn(desk);
    expect(result).toMatchObject({ flat: true, left: [`${SPOT}: 0.05 is too little for the venue to take`] });
    expect(closes(desk)).toBe(1);
  });

  test('it is sold when it is worth enough, and not before some time has passed since it was refused', async () => {
    const desk = executionDesk();
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.withdrawEntries(SPOT);
    await flattenIn(desk);
    desk.flattener.price(SPOT, 300);
    expect(await desk.flattener.isFlat()).toBe(true);
    await desk.timers.pass(60_000);
    desk.flattener.price(SPOT, 100);
    expect(await desk.flattener.isFlat()).toBe(true);
    desk.flattener.price(SPOT, 300);
    expect(await desk.flattener.isFlat()).toBe(false);
    desk.venue.step(SPOT, flat(300));
    expect(await flattenIn(desk, () => desk.venue.step(SPOT, flat(300)))).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect(closes(desk)).toBe(2);
  });

  test('works when the ledger does not', async () => {
    const ledger = new MemoryOrderLedger();
    const desk = executionDesk({ ledger, symbols: [SPOT, PERPETUAL] });
    desk.protect(90);
    await desk.enter('long', 100);
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    for (const write of ['appendIntent', 'appendEvent', 'appendFill', 'order'] as const) {
      ledger[write] = () => {
        throw new LedgerError('disk full');
      };
    }
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect((await desk.venue.exchange.account()).positions.size).toBe(0);
  });

  test('an account that is not told is closed as our books have it', async () => {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL] });
    await desk.enter('long', 100);
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    desk.exchange.instead.account = async () => {
      throw new VenueError('unavailable', 'in maintenance');
    };
    const result = await flattenIn(desk, (turn) => {
      marketMoves(desk);
      if (turn > 20) delete desk.exchange.instead.account;
    });
    expect(result).toMatchObject(FLAT);
    expect(closes(desk)).toBe(2);
    expect(desk.quantity()).toBe('0');
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('doing it again does nothing', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    await flattenIn(desk);
    const calls = desk.exchange.calls.length;
    await flattenIn(desk);
    expect(desk.exchange.calls.slice(calls)).toEqual(['openOrders', 'account']);
  });
});
