import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { baseAmount, clientOrderId, LedgerError, tradeId } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/memory/memory-order-ledger.ts';

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

  test('the same id again sends nothing and answers the order that is there', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    expect(await desk.place('a')).toMatchObject({ outcome: 'known', order: { status: 'FILLED' } });
    expect(desk.exchange.calls.filter((call) => call === 'submit a')).toHaveLength(1);
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

  test('an order that the venue announced is placed, even when the answer to the call is lost', async () => {
    const desk = executionDesk();
    desk.exchange.fail('submit');
    expect(await desk.place('a')).toMatchObject({ outcome: 'placed', order: { status: 'OPEN' } });
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test.each(['uncertain', 'unavailable'] as const)(
    'an order that was lost (%s) is unknown until the venue says so',
    async (fault) => {
      const desk = executionDesk();
      desk.exchange.fail('submit', 'before', fault);
      expect(await desk.place('a')).toMatchObject({ outcome: 'unknown', order: { status: 'UNKNOWN' } });
      await desk.orders.resolve();
      expect(desk.statusOf('a')).toBe('UNKNOWN');
      desk.venue.clock.advanceTo(desk.venue.clock.now() + 60_000);
      await desk.orders.resolve();
      expect(desk.orders.order(id('a'))).toMatchObject({
        status: 'CANCELED',
        reason: 'it never arrived at the venue',
      });
      expect(desk.orders.frozenSymbols().size).toBe(0);
    },
  );

  test.each(['rate-limited', 'rejected', 'uncertain'] as const)(
    '#2 an order the venue took is not rejected because its fills could not be fetched (%s)',
    async (fault) => {
      const desk = executionDesk();
      desk.exchange.instead.submit = async (intent) => {
        desk.exchange.mute = true;
        const accepted = await desk.venue.exchange.submit(intent);
        desk.venue.step(SPOT, flat(100));
        return (await desk.venue.exchange.order(SPOT, intent.clientOrderId)) ?? accepted;
      };
      desk.exchange.fail('fills', 'before', fault);
      expect(await desk.place('a')).toMatchObject({ outcome: 'unknown' });
      await desk.orders.resolve();
      expect(desk.statusOf('a')).toBe('FILLED');
      expect(desk.quantity()).toBe('1');
      expect(desk.orders.frozenSymbols().size).toBe(0);
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

  test('an error that is no venue error is doubt as well', async () => {
    const desk = executionDesk();
    desk.exchange.fail('submit', 'before', new SyntaxError('unexpected end of JSON'));
    expect(await desk.place('a')).toMatchObject({
      outcome: 'unknown',
      order: { reason: 'unexpected end of JSON' },
    });
    desk.exchange.instead.submit = () => Promise.reject('no error at all');
    desk.venue.clock.advanceTo(desk.venue.clock.now() + 60_000);
    await desk.orders.resolve();
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

  test('where the position differs from the venue, only reducing orders leave', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    desk.orders.positionDiffers(SPOT, 'the venue says 2');
    expect(await desk.place('b')).toMatchObject({ outcome: 'refused', code: 'position-differs' });
    expect(await desk.place('c', exit)).toMatchObject({ outcome: 'placed' });
    expect([...desk.orders.differingSymbols().values()]).toEqual(['the venue says 2']);
  });

  test('a spot exit first takes the stop away that holds the coins', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    expect(desk.working('protection')).toHaveLength(1);
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'placed' });
    desk.venue.step(SPOT, flat(101));
    await desk.orders.idle();
    expect(desk.quantity()).toBe('0');
    expect(desk.orders.unfinished()).toEqual([]);
  });

  test('a spot exit is withdrawn when its stop had just filled (#4)', async () => {
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

  test('a spot exit waits when the cancel of its stop is in doubt', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    desk.exchange.fail('cancel', 'before');
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'refused', code: 'symbol-frozen' });
    expect(desk.exchange.calls).not.toContain('submit x');
    expect(desk.statusOf('x')).toBe('CANCELED');
  });

  test('a spot exit waits when the venue does not let go of the stop', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    desk.exchange.fail('cancel', 'before', 'rate-limited');
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'refused', code: 'stop-holds-coins' });
    expect(desk.working('protection')).toHaveLength(1);
  });

  test('a perpetual exit leaves the stop where it is', async () => {
    const desk = executionDesk();
    desk.protect(90, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    expect(desk.working('protection', PERPETUAL)).toHaveLength(1);
  });
});

describe('cancelling an order', () => {
  test('an order nobody placed is not found', async () => {
    expect(await executionDesk().orders.cancel(id('nobody'))).toBe('not-found');
  });

  test('a finished order is ended already, and nothing is sent', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.exchange.calls).not.toContain('cancel a');
  });

  test('#5 what was cancelled may have filled: its fills are fetched', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.mute = false;
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
  });

  test('two cancels at the same time are one', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const outcomes = await Promise.all([desk.orders.cancel(id('a')), desk.orders.cancel(id('a'))]);
    expect(outcomes).toEqual(['ended', 'ended']);
    expect(desk.exchange.calls.filter((call) => call === 'cancel a')).toHaveLength(1);
  });

  test.each([new Error('socket closed'), 'uncertain'] as const)(
    'an unanswered cancel (%s) is doubt',
    async (fault) => {
      const desk = executionDesk();
      await desk.place('a', { limitPrice: 95 });
      desk.exchange.fail('cancel', 'before', fault);
      expect(await desk.orders.cancel(id('a'))).toBe('unknown');
      expect(desk.orders.frozenSymbols().size).toBe(1);
    },
  );

  test('a rejected cancel is asked about before anything is believed', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail('cancel', 'before', 'rejected');
    expect(await desk.orders.cancel(id('a'))).toBe('working');
    desk.exchange.fail('cancel', 'before', 'rejected');
    desk.exchange.fail('order', 'before');
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('#5 fills are fetched after every cancel, whatever its answer says of them', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 100], 1);
    desk.exchange.instead.cancel = async (symbol, order) => ({
      ...(await desk.venue.exchange.cancel(symbol, order)),
      filledAmount: baseAmount(0),
    });
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.quantity()).toBe('1');
  });

  test('#5 a cancel whose fills cannot be fetched is doubt, and never an exception', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 100]);
    desk.exchange.fail('cancel', 'before', 'rejected');
    desk.exchange.fail('fills', 'before');
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    expect(desk.orders.frozenSymbols().size).toBe(1);
  });

  test.each(['rate-limited', 'unauthorised'] as const)(
    '#10 a cancel that was surely not done (%s) leaves the order working and freezes nothing',
    async (fault) => {
      const desk = executionDesk();
      await desk.place('a', { limitPrice: 95 });
      desk.exchange.fail('cancel', 'before', fault);
      expect(await desk.orders.cancel(id('a'))).toBe('working');
      expect(desk.orders.frozenSymbols().size).toBe(0);
    },
  );

  test('a cancel does not overtake the order it is for', async () => {
    const desk = executionDesk();
    let arrive: () => void = () => undefined;
    desk.exchange.instead.submit = async (intent) => {
      await new Promise<void>((resolve) => {
        arrive = resolve;
      });
      return desk.venue.exchange.submit(intent);
    };
    const placing = desk.place('a', { limitPrice: 95 });
    const cancelling = desk.orders.cancel(id('a'));
    expect(desk.exchange.calls).toEqual(['submit a']);
    arrive();
    await placing;
    expect(await cancelling).toBe('ended');
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('a cancel that fails without an Error is doubt', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.cancel = () => Promise.reject('gone');
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
  });
});

describe('what the venue announces', () => {
  test('a fill is counted once however often it is told', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    await desk.orders.inquiry.fetchFills(0);
    await desk.orders.inquiry.replayFills();
    expect(desk.fills).toHaveLength(1);
  });

  test('#12 a fill of an order that is not ours is nobody’s position', async () => {
    const desk = executionDesk();
    const foreign = executionDesk({ venue: desk.venue });
    await foreign.enter('foreign', 100);
    expect(desk.fills).toEqual([]);
    expect(desk.quantity()).toBe('0');
  });

  test('an order told filled before its fills has them fetched', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.mute = false;
    const told = await desk.venue.exchange.order(SPOT, id('a'));
    if (told === null) throw new Error('the venue lost the order');
    desk.exchange.announce({ kind: 'order', order: told });
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
  });

  test('fills that cannot be fetched freeze the symbol', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.mute = false;
    const told = await desk.venue.exchange.order(SPOT, id('a'));
    if (told === null) throw new Error('the venue lost the order');
    desk.exchange.fail('fills', 'before');
    desk.exchange.announce({ kind: 'order', order: told });
    await desk.orders.idle();
    expect([...desk.orders.frozenSymbols().values()][0]).toContain('could not be fetched');
    await desk.orders.resolve();
    expect(desk.quantity()).toBe('1');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('fills the venue withholds freeze the symbol', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.instead.fillsSince = async () => [];
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    expect([...desk.orders.frozenSymbols().values()][0]).toContain('filled more');
    // The venue answers for order and position, which differs by what it withholds: only reducing is left.
    await desk.orders.resolve();
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.orders.differingSymbols().size).toBe(1);
  });

  test('a late fill after the end is counted and does not reopen the order', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    await desk.orders.cancel(id('a'));
    desk.exchange.announce({
      kind: 'fill',
      fill: { ...(await sampleFill()), clientOrderId: id('a'), tradeId: tradeId('late') },
    });
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.quantity()).toBe('1');
  });

  test('an order that the venue ends itself carries its reason', async () => {
    const desk = executionDesk();
    await desk.enter('a', 110, { amount: 99 });
    expect(desk.orders.order(id('a'))).toMatchObject({
      status: 'EXPIRED',
      reason: 'insufficient balance of USDT',
    });
  });

  test('after close nothing is heard any more', async () => {
    const desk = executionDesk();
    await desk.place('a');
    desk.orders.close();
    desk.venue.step(SPOT, flat(100));
    expect(desk.statusOf('a')).toBe('OPEN');
  });
});

async function sampleFill() {
  const desk = executionDesk();
  await desk.enter('s', 100);
  const [fill] = desk.fills;
  if (fill === undefined) throw new Error('nothing filled');
  const { purpose: _, ...venueFill } = fill;
  return venueFill;
}

/** A ledger whose disk fails from some write on. */
class FailingLedger extends MemoryOrderLedger {
  failing: 'none' | 'intents' | 'events' | 'fills' | 'reads' = 'none';

  override order(...args: Parameters<MemoryOrderLedger['order']>): ReturnType<MemoryOrderLedger['order']> {
    if (this.failing === 'reads') throw new LedgerError('disk gone');
    return super.order(...args);
  }

  override appendIntent(...args: Parameters<MemoryOrderLedger['appendIntent']>): void {
    if (this.failing === 'intents') throw new LedgerError('disk full');
    super.appendIntent(...args);
  }
  override appendEvent(...args: Parameters<MemoryOrderLedger['appendEvent']>): void {
    if (this.failing === 'events') throw new LedgerError('disk full');
    super.appendEvent(...args);
  }
  override appendFill(...args: Parameters<MemoryOrderLedger['appendFill']>): boolean {
    if (this.failing === 'fills') throw new LedgerError('disk full');
    return super.appendFill(...args);
  }
}

describe('when the ledger fails', () => {
  test('#7 an intent that cannot be written is not sent, and nothing is ever after', async () => {
    const ledger = new FailingLedger();
    const desk = executionDesk({ ledger });
    ledger.failing = 'intents';
    expect(await desk.place('a')).toMatchObject({ outcome: 'refused', code: 'ledger-failed', order: null });
    ledger.failing = 'none';
    expect(await desk.place('b')).toMatchObject({ outcome: 'refused', code: 'ledger-failed' });
    expect(desk.exchange.calls).toEqual([]);
    expect(desk.faults).toHaveLength(1);
    expect(desk.orders.fault).toContain('disk full');
  });

  test('an order that cannot be marked as sent is not sent', async () => {
    const ledger = new FailingLedger();
    const desk = executionDesk({ ledger });
    ledger.failing = 'events';
    expect(await desk.place('a')).toMatchObject({ outcome: 'refused', code: 'ledger-failed' });
    expect(desk.exchange.calls).toEqual([]);
  });

  test('a fill that cannot be written is not counted, and the venue tells it again', async () => {
    const ledger = new FailingLedger();
    const desk = executionDesk({ ledger });
    await desk.place('a');
    ledger.failing = 'fills';
    desk.venue.step(SPOT, flat(100));
    expect(desk.quantity()).toBe('0');
    ledger.failing = 'none';
    await desk.orders.inquiry.replayFills();
    expect(desk.quantity()).toBe('1');
    expect(desk.orders.fault).not.toBeNull();
  });

  test('a fill whose order cannot be moved along is counted all the same', async () => {
    const ledger = new FailingLedger();
    const desk = executionDesk({ ledger });
    await desk.place('a');
    ledger.failing = 'events';
    desk.venue.step(SPOT, flat(100));
    expect(desk.quantity()).toBe('1');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('an order whose record cannot be read when the venue has answered is told as such', async () => {
    const ledger = new FailingLedger();
    const desk = executionDesk({ ledger });
    desk.exchange.instead.submit = async (intent) => {
      const order = await desk.venue.exchange.submit(intent);
      desk.venue.step(SPOT, flat(100));
      ledger.failing = 'reads';
      return order;
    };
    expect(await desk.place('a')).toMatchObject({ outcome: 'refused', code: 'ledger-failed', order: null });
  });

  test('a withdrawn order whose record cannot be read is told without it', async () => {
    const ledger = new FailingLedger();
    const desk = executionDesk({ ledger });
    desk.gate.ask = () => {
      ledger.failing = 'reads';
      return { allowed: false, code: 'kill-switch', message: 'engaged' };
    };
    expect(await desk.place('a')).toMatchObject({ outcome: 'refused', code: 'kill-switch', order: null });
  });

  test('an intent that the venue knows stays one when that cannot be written', async () => {
    const ledger = new FailingLedger();
    const first = executionDesk({ ledger });
    ledger.appendIntent(orderless('a'));
    await first.venue.exchange.submit(orderless('a'));
    first.orders.close();
    const desk = executionDesk({ ledger, venue: first.venue });
    ledger.failing = 'events';
    await desk.orders.resolve();
    expect(desk.statusOf('a')).toBe('INTENT');
    expect(desk.orders.fault).not.toBeNull();
  });
});

describe('after a restart', () => {
  test.each(['INTENT', 'SENT', 'UNKNOWN'] as const)(
    'an order left at %s freezes its symbol until the venue answers',
    async (status) => {
      const ledger = new MemoryOrderLedger();
      const before = executionDesk({ ledger });
      before.exchange.fail('submit', 'before');
      await before.place('other', { symbol: 'ETH/USDT' });
      ledger.appendIntent({ ...orderless('a') });
      if (status !== 'INTENT') ledger.appendEvent({ clientOrderId: id('a'), status: 'SENT', at: 1 });
      if (status === 'UNKNOWN') ledger.appendEvent({ clientOrderId: id('a'), status: 'UNKNOWN', at: 2 });
      before.orders.close();

      const desk = executionDesk({ ledger, venue: before.venue });
      expect(desk.orders.frozenSymbols().has(SPOT)).toBe(true);
      await desk.orders.resolve();
      expect(desk.statusOf('a')).toBe('CANCELED');
      expect(desk.orders.frozenSymbols().has(SPOT)).toBe(false);
    },
  );

  test('an intent that did reach the venue is taken over from its answer', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    const intent = orderless('a');
    ledger.appendIntent(intent);
    await first.venue.exchange.submit(intent);
    first.orders.close();
    const desk = executionDesk({ ledger, venue: first.venue });
    await desk.orders.resolve();
    expect(desk.statusOf('a')).toBe('OPEN');
    desk.venue.step(SPOT, flat(100));
    expect(desk.quantity()).toBe('1');
  });

  test('#14 working orders go on and freeze nothing', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.place('a', { limitPrice: 95 });
    await first.place('b');
    first.venue.step(SPOT, flat(100), 0.5);
    first.orders.close();
    const desk = executionDesk({ ledger, venue: first.venue });
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.orders.unfinished().map(({ status }) => status)).toEqual(['OPEN', 'PARTIALLY_FILLED']);
  });

  test('a venue that stays silent leaves the symbol frozen', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a');
    desk.exchange.fail('account', 'before');
    expect((await desk.orders.resolve()).size).toBe(1);
    expect((await desk.orders.resolve()).size).toBe(0);
  });
});

function orderless(name: string) {
  return {
    clientOrderId: id(name),
    symbol: SPOT,
    side: 'buy',
    type: 'market',
    purpose: 'entry',
    amount: executionDesk().exchange.instrument(SPOT).contractSize,
    limitPrice: null,
    stopPrice: null,
    reduceOnly: false,
    decisionId: null,
    createdAt: 1,
  } as const;
}
