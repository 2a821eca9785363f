import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import {
  accountEventId,
  assetAmount,
  clientOrderId,
  type OrderRef,
  quoteAmount,
  type VenueOrder,
} from '../../domain/index.ts';

const id = clientOrderId;
type Desk = ReturnType<typeof executionDesk>;

async function atVenue(desk: Desk, order: string): Promise<VenueOrder> {
  const ref = { symbol: SPOT, clientOrderId: id(order), venueOrderId: null, type: 'limit' } as const;
  const lookup = await desk.venue.exchange.order(ref);
  if (lookup.kind !== 'found') throw new Error('the venue lost the order');
  return lookup.order;
}

/** An order that has filled while nothing was heard. */
async function filledUnheard(): Promise<{ readonly desk: Desk; readonly told: VenueOrder }> {
  const desk = executionDesk();
  await desk.place('a', { limitPrice: 95 });
  desk.exchange.mute = true;
  desk.venue.step(SPOT, [100, 100, 90, 92]);
  desk.exchange.mute = false;
  return { desk, told: await atVenue(desk, 'a') };
}

describe('what the venue announces', () => {
  test('C5 a fill is counted once however often it is told', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    const [fill] = desk.fills;
    if (fill === undefined) throw new Error('nothing filled');
    desk.exchange.announce({ kind: 'fill', fill });
    await desk.orders.inquiry.replayFills(SPOT);
    expect(desk.fills).toHaveLength(1);
    expect(desk.quantity()).toBe('1');
  });

  test('C9 an order told filled before its fills has them fetched', async () => {
    const { desk, told } = await filledUnheard();
    desk.exchange.announce({ kind: 'order', order: told });
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
  });

  test('fills that cannot be fetched freeze the symbol, until they are there', async () => {
    const { desk, told } = await filledUnheard();
    desk.exchange.fail('fills', 'before');
    desk.exchange.announce({ kind: 'order', order: told });
    await desk.orders.idle();
    expect([...desk.orders.frozenSymbols().values()][0]).toContain('could not be fetched');
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    await desk.timers.pass(300);
    expect(desk.quantity()).toBe('1');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('C5 what is older than what is known changes nothing', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const open = await atVenue(desk, 'a');
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    for (const status of ['OPEN', 'PARTIALLY_FILLED'] as const) {
      desk.exchange.announce({ kind: 'order', order: { ...open, status } });
    }
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('an open order that has filled in part is told as such', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    const open = await atVenue(desk, 'a');
    desk.venue.step(SPOT, [100, 100, 90, 92], 1);
    expect(desk.statusOf('a')).toBe('PARTIALLY_FILLED');
    desk.exchange.announce({ kind: 'order', order: open });
    expect(desk.statusOf('a')).toBe('PARTIALLY_FILLED');
  });

  test('a fill after the end is counted, and the venue is asked whether the order is over', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    await desk.orders.cancel(id('a'));
    const { purpose: _, ...late } = fillOf('late', 'a', { price: 95 });
    desk.exchange.announce({ kind: 'fill', fill: late });
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.quantity()).toBe('1');
    expect(await desk.place('b')).toMatchObject({ code: 'symbol-frozen' });
    await desk.timers.pass(300);
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('V1 what was cancelled and has filled after all is filled', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    await desk.orders.cancel(id('a'));
    const { purpose: _, ...late } = fillOf('late', 'a', { price: 95 });
    desk.exchange.announce({ kind: 'fill', fill: late });
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('an order that the venue ends itself carries its reason', async () => {
    const desk = executionDesk();
    await desk.enter('a', 110, { amount: 99 });
    expect(desk.orders.order(id('a'))).toMatchObject({
      status: 'EXPIRED',
      reason: 'insufficient balance of USDT',
    });
  });

  test('money that moved is counted once', () => {
    const desk = executionDesk();
    const event = {
      id: accountEventId('d'),
      kind: 'deposit',
      asset: 'USDT',
      amount: assetAmount(5),
      quoteValue: quoteAmount(5),
      symbol: null,
      tradeId: null,
      time: desk.venue.clock.now(),
      note: '',
    } as const;
    desk.exchange.announce({ kind: 'account', event });
    desk.exchange.announce({ kind: 'account', event });
    expect(desk.events).toEqual([event]);
    expect([...desk.ledger.accountEvents()]).toHaveLength(1);
  });

  test('a connection that comes and goes changes nothing here', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.connect('disconnected');
    desk.exchange.connect('connected');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('a listener that fails keeps neither the others nor the stop from happening', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a');
    desk.history.push = () => {
      throw new Error('no space on this screen');
    };
    desk.fills.push = () => {
      throw new Error('the curve cannot be written');
    };
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('FILLED');
    expect([...desk.ledger.fills()]).toHaveLength(1);
  });

  test('after close nothing is heard any more', async () => {
    const desk = executionDesk();
    await desk.place('a');
    desk.desk.close();
    desk.venue.step(SPOT, flat(100));
    expect(desk.statusOf('a')).toBe('OPEN');
  });
});

describe('what a real venue leaves out at first', () => {
  test('V14 a fill without a fee is counted, and its fee when it is told later', async () => {
    const desk = executionDesk({ symbols: [SPOT] });
    await desk.place('a');
    desk.exchange.mute = true;
    const { purpose: _, ...fill } = fillOf('t', 'a', { fee: null });
    desk.exchange.announce({ kind: 'fill', fill });
    expect(desk.quantity()).toBe('1');
    const fee = {
      id: accountEventId('fee-t'),
      kind: 'fee',
      asset: 'BNB',
      amount: assetAmount('-0.01'),
      quoteValue: quoteAmount(-6),
      symbol: SPOT,
      tradeId: fill.tradeId,
      time: desk.venue.clock.now(),
      note: '',
    } as const;
    desk.exchange.announce({ kind: 'account', event: fee });
    desk.exchange.announce({ kind: 'account', event: fee });
    expect(desk.events).toEqual([fee]);
    expect(desk.fills).toMatchObject([{ fee: null }]);
  });

  test('an order is looked for and cancelled by everything that is known of it', async () => {
    const desk = executionDesk();
    const refs: OrderRef[] = [];
    desk.exchange.instead.order = async (ref) => {
      refs.push(ref);
      return desk.venue.exchange.order(ref);
    };
    desk.exchange.instead.cancel = async (ref) => {
      refs.push(ref);
      return desk.venue.exchange.cancel(ref);
    };
    await desk.place('a', { limitPrice: 95 });
    desk.orders.inquiry.doubt(SPOT, 'a test wants to know');
    await desk.orders.resolve();
    await desk.orders.cancel(id('a'));
    const since = desk.orders.order(id('a'))?.createdAt;
    const known = { symbol: SPOT, clientOrderId: 'a', venueOrderId: 'sim-o1', type: 'limit', since };
    expect(refs).toEqual([known, known]);
  });

  test('an answer that comes after the end of the program is taken over, and what it filled is protected', async () => {
    const desk = executionDesk();
    desk.protect(95);
    let answer: () => void = () => undefined;
    desk.exchange.instead.submit = (intent) =>
      new Promise((resolve, reject) => {
        answer = () => {
          desk.venue.exchange.submit(intent).then(async (accepted) => {
            desk.venue.step(SPOT, flat(100));
            const lookup = await desk.venue.exchange.order({ ...accepted });
            resolve(lookup.kind === 'found' ? lookup.order : accepted);
          }, reject);
        };
      });
    const placing = desk.place('a');
    desk.desk.close();
    delete desk.exchange.instead.submit;
    answer();
    expect(await placing).toMatchObject({ outcome: 'placed', order: { status: 'FILLED' } });
    expect(desk.quantity()).toBe('1');
    expect((await desk.there()).length).toBe(1);
  });

  test('the last thousand orders are at hand, and the others in the ledger', async () => {
    const desk = executionDesk();
    for (let order = 0; order < 1_010; order += 1) {
      desk.exchange.fail('submit', 'before', 'rejected');
      await desk.place(`r${order}`);
    }
    const reads: string[] = [];
    const read = desk.ledger.order.bind(desk.ledger);
    desk.ledger.order = (orderId) => {
      reads.push(orderId);
      return read(orderId);
    };
    expect(desk.statusOf('r0')).toBe('REJECTED');
    expect(desk.statusOf('r1009')).toBe('REJECTED');
    expect(reads).toEqual(['r0']);
  });
});
