import { describe, expect, test } from 'vitest';
import { DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { clientOrderId, VenueError, type VenueOrder } from '../../domain/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;
const id = clientOrderId;

describe('placing an order', () => {
  test('writes the intent before anything is sent, then what the venue says', async () => {
    const desk = executionDesk();
    const result = await desk.enter('a', 100);
    expect(result).toMatchObject({ outcome: 'placed', order: { status: 'OPEN' } });
    expect(desk.history).toEqual(['a INTENT', 'a SENT', 'a OPEN', 'a FILLED']);
    expect(desk.quantity()).toBe('1');
  });

  test('gives the venue the gate to ask once more, where the order has to wait there', async () => {
    const desk = executionDesk();
    desk.exchange.instead.submit = async (intent, gate) => {
      desk.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged meanwhile' };
      const answer = gate?.mayLeave(intent);
      throw new VenueError('rejected', answer?.allowed === false ? answer.message : 'not asked');
    };
    expect(await desk.place('a')).toMatchObject({
      outcome: 'rejected',
      order: { status: 'REJECTED', reason: 'engaged meanwhile' },
    });
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('V2 the same id again sends nothing and answers the order that is there', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    expect(await desk.place('a')).toMatchObject({ outcome: 'known', order: { status: 'FILLED' } });
    expect(desk.calls('submit')).toBe(1);
  });

  test('#1 a timed-out order is unknown, not failed, and freezes its symbol', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    expect(await desk.place('a')).toMatchObject({ outcome: 'unknown', order: { status: 'UNKNOWN' } });
    expect([...desk.orders.frozenSymbols().keys()]).toEqual([SPOT]);
    expect(await desk.place('b')).toMatchObject({ outcome: 'refused', code: 'symbol-frozen', order: null });
    expect(desk.exchange.calls).not.toContain('submit b');
  });

  test('an order whose end is told before the answer to its sending has ended, and nothing is in doubt', async () => {
    const desk = executionDesk();
    desk.exchange.instead.submit = async (intent) => {
      const accepted = await desk.venue.exchange.submit(intent);
      await desk.venue.exchange.cancel(accepted);
      return accepted;
    };
    expect(await desk.place('a')).toMatchObject({ outcome: 'placed', order: { status: 'CANCELED' } });
    expect([...desk.orders.frozenSymbols()]).toEqual([]);
  });

  test('an order that is answered for as filled after its end was told has its fills counted', async () => {
    const desk = executionDesk();
    desk.exchange.instead.submit = async (intent) => {
      const accepted = await desk.venue.exchange.submit(intent);
      desk.venue.step(SPOT, flat(100), 0.4);
      await desk.venue.exchange.cancel(accepted);
      const lookup = await desk.venue.exchange.order(accepted);
      return lookup.kind === 'found' ? lookup.order : accepted;
    };
    await desk.place('a');
    expect(desk.orders.order(id('a'))).toMatchObject({ status: 'CANCELED' });
    expect(desk.quantity()).toBe('0.4');
  });

  test('an order that the venue announced is placed, even when the answer to the call is lost', async () => {
    const desk = executionDesk();
    desk.exchange.fail('submit');
    expect(await desk.place('a')).toMatchObject({ outcome: 'placed', order: { status: 'OPEN' } });
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test.each(['uncertain', 'unavailable'] as const)(
    'an order that was lost (%s) is never sent again: it is unknown until its absence is proven',
    async (fault) => {
      const desk = executionDesk({ profile: DOUBTFUL });
      desk.exchange.fail('submit', 'before', fault);
      expect(await desk.place('a')).toMatchObject({ outcome: 'unknown', order: { status: 'UNKNOWN' } });
      await desk.timers.pass(10_000);
      expect(desk.statusOf('a')).toBe('UNKNOWN');
      await desk.timers.pass(5_000);
      expect(desk.orders.order(id('a'))).toMatchObject({
        status: 'CANCELED',
        reason: 'the venue knows of no such order',
      });
      expect(desk.orders.frozenSymbols().size).toBe(0);
      expect(desk.calls('submit')).toBe(1);
    },
  );

  test('an exchange that throws where it should reject is doubt as well', async () => {
    const desk = executionDesk();
    desk.exchange.instead.submit = () => {
      throw new Error('a bug in an adapter');
    };
    expect(await desk.place('a')).toMatchObject({ outcome: 'unknown' });
    expect(desk.statusOf('a')).toBe('UNKNOWN');
  });

  test('an answer that is none is doubt as well, and what filled is found', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.instead.submit = async (intent) => {
      await desk.venue.exchange.submit(intent);
      // A broken adapter, which the types keep from being written.
      return null as unknown as VenueOrder;
    };
    expect(await desk.place('a')).toMatchObject({ outcome: 'unknown', order: { status: 'UNKNOWN' } });
    desk.venue.step(SPOT, flat(100));
    await desk.timers.pass(1_000);
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
  });

  test('an error that is no venue error is doubt as well', async () => {
    const desk = executionDesk();
    desk.exchange.fail('submit', 'before', new SyntaxError('unexpected end of JSON'));
    expect(await desk.place('a')).toMatchObject({
      outcome: 'unknown',
      order: { reason: 'unexpected end of JSON' },
    });
    await desk.orders.resolve();
    desk.exchange.instead.submit = () => Promise.reject('no error at all');
    expect(await desk.place('b')).toMatchObject({ outcome: 'unknown', order: { reason: 'no error at all' } });
  });

  test.each(['rejected', 'rate-limited', 'unauthorised'] as const)(
    'an answer of %s is a rejection',
    async (fault) => {
      const desk = executionDesk();
      desk.exchange.fail('submit', 'before', fault);
      expect(await desk.place('a')).toMatchObject({ outcome: 'rejected', order: { status: 'REJECTED' } });
      expect(desk.orders.frozenSymbols().size).toBe(0);
    },
  );

  test('the gate is asked before the order leaves', async () => {
    const desk = executionDesk();
    desk.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    expect(await desk.place('a')).toMatchObject({
      outcome: 'refused',
      code: 'kill-switch',
      order: { status: 'CANCELED', reason: 'engaged' },
    });
    expect(desk.exchange.calls).toEqual([]);
  });

  test('an order whose time is up is not sent', async () => {
    const desk = executionDesk();
    const expiresAt = desk.venue.clock.now();
    expect(await desk.place('a', { expiresAt })).toMatchObject({ outcome: 'refused', code: 'expired' });
    expect(await desk.place('b', { expiresAt: expiresAt + 1 })).toMatchObject({ outcome: 'placed' });
  });

  test('#3 whatever is no entry must be reduce-only', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    expect(await desk.place('b', { ...exit, reduceOnly: false })).toMatchObject({ code: 'not-reduce-only' });
  });

  test.each([
    ['nothing-to-reduce', 'a flat symbol', undefined, {}],
    ['nothing-to-reduce', 'the wrong side', 1, { side: 'buy' }],
    ['position-changed', 'more than is held', 1, { amount: 2 }],
  ] as const)('#4 %s: a reducing order on %s is refused', async (code, _, held, given) => {
    const desk = executionDesk();
    if (held !== undefined) await desk.enter('a', 100);
    expect(await desk.place('b', { ...exit, ...given })).toMatchObject({ outcome: 'refused', code });
  });

  test('#3 one close is in flight at a time', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    const [first, second] = await Promise.all([desk.place('b', exit), desk.place('c', exit)]);
    expect(first).toMatchObject({ outcome: 'placed' });
    expect(second).toMatchObject({ outcome: 'refused', code: 'close-in-flight' });
  });

  test('where the venue is not as our books have it, only reducing orders leave', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    desk.orders.differ(new Map([[SPOT, 'the venue says 2']]));
    expect(await desk.place('b')).toMatchObject({ outcome: 'refused', code: 'position-differs' });
    expect(await desk.place('c', exit)).toMatchObject({ outcome: 'placed' });
    expect([...desk.orders.differingSymbols().values()]).toEqual(['the venue says 2']);
  });

  test('a refusal whose order later fills counts, and what is left of it is taken back', async () => {
    const desk = executionDesk();
    desk.protect(90);
    desk.exchange.instead.submit = async (intent) => {
      desk.exchange.mute = true;
      await desk.venue.exchange.submit(intent);
      throw new VenueError('rejected', 'post only');
    };
    expect(await desk.place('a', { amount: 3 })).toMatchObject({ outcome: 'rejected' });
    delete desk.exchange.instead.submit;
    desk.exchange.mute = false;
    desk.venue.step(SPOT, flat(100), 1);
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@90']);
    expect(desk.statusOf('a')).toBe('REJECTED');
    expect(await desk.place('b')).toMatchObject({ code: 'symbol-frozen' });
    await desk.timers.pass(1_000);
    expect(await desk.there()).not.toContain('a');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });
});

describe('a spot close', () => {
  test('first takes the stop away that holds the coins', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    expect(desk.stops()).toEqual(['sell 1@90']);
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'placed' });
    desk.venue.step(SPOT, flat(101));
    await desk.orders.idle();
    expect(desk.quantity()).toBe('0');
    expect(desk.orders.unfinished()).toEqual([]);
  });

  test('is withdrawn when its stop had just filled (#4)', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 80, 85]);
    desk.exchange.mute = false;
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'refused', code: 'nothing-to-reduce' });
    expect(desk.statusOf('x')).toBe('CANCELED');
    expect(desk.quantity()).toBe('0');
  });

  test.each(['uncertain', 'rate-limited'] as const)(
    'waits when the venue does not surely let go of the stop (%s)',
    async (fault) => {
      const desk = executionDesk();
      desk.protect(90);
      await desk.enter('a', 100);
      desk.exchange.fail('cancel', 'before', fault);
      expect(await desk.place('x', exit)).toMatchObject({ outcome: 'refused', code: 'stop-holds-coins' });
      expect(desk.exchange.calls).not.toContain('submit x');
      expect(desk.statusOf('x')).toBe('CANCELED');
      expect(desk.stops()).toEqual(['sell 1@90']);
    },
  );

  test('whose order is asked about meanwhile is not taken for one that was never sent', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    desk.orders.inquiry.doubt(SPOT, 'a test wants to know');
    desk.exchange.during('cancel', () => desk.orders.resolve(), 'before');
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'placed' });
  });

  test('leaves the stop of a perpetual where it is', async () => {
    const desk = executionDesk();
    desk.protect(90, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@90']);
  });
});
