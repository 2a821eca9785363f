import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { clientOrderId, LedgerError } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;
const id = clientOrderId;

type Failing = 'nothing' | 'intents' | 'events' | 'writes' | 'everything';

/** A ledger whose disk fails: in part, for every write, or altogether. */
class FailingLedger extends MemoryOrderLedger {
  failing: Failing = 'nothing';
  /** How often it has failed. */
  tries = 0;

  override order(...args: Parameters<MemoryOrderLedger['order']>): ReturnType<MemoryOrderLedger['order']> {
    this.#try('everything');
    return super.order(...args);
  }
  override appendIntent(...args: Parameters<MemoryOrderLedger['appendIntent']>): void {
    this.#try('intents', 'writes', 'everything');
    super.appendIntent(...args);
  }
  override appendEvent(...args: Parameters<MemoryOrderLedger['appendEvent']>): void {
    this.#try('events', 'writes', 'everything');
    super.appendEvent(...args);
  }
  override appendFill(...args: Parameters<MemoryOrderLedger['appendFill']>): boolean {
    this.#try('writes', 'everything');
    return super.appendFill(...args);
  }

  #try(...kinds: readonly Failing[]): void {
    if (!kinds.includes(this.failing)) return;
    this.tries += 1;
    throw new LedgerError('database is locked');
  }
}

function build() {
  const ledger = new FailingLedger();
  return { ledger, desk: executionDesk({ ledger, symbols: [SPOT, PERPETUAL] }) };
}

describe('while the ledger cannot be written', () => {
  test('#7 an entry is not sent; once it can be written, the next one is', async () => {
    const { ledger, desk } = build();
    ledger.failing = 'intents';
    expect(await desk.place('a')).toMatchObject({
      outcome: 'refused',
      code: 'ledger-failed',
      message: expect.stringContaining('database is locked'),
      order: { status: 'CANCELED' },
    });
    expect(desk.exchange.calls).toEqual([]);
    expect(desk.orders.fault).toContain('database is locked');
    ledger.failing = 'nothing';
    await desk.timers.pass(300);
    expect(await desk.place('b')).toMatchObject({ outcome: 'placed' });
    expect(desk.orders.fault).toBeNull();
    expect(desk.faults).toEqual([expect.stringContaining('no position is opened or enlarged'), null]);
  });

  test('the fault is over as soon as it can be written, also where nothing else is to be', async () => {
    const { ledger, desk } = build();
    ledger.failing = 'everything';
    await desk.place('a');
    ledger.failing = 'nothing';
    await desk.timers.pass(300);
    expect(desk.orders.fault).toBeNull();
    expect(ledger.order(id('a'))).toMatchObject({ status: 'CANCELED' });
    expect(desk.faults.at(-1)).toBeNull();
  });

  test('an order and that it is sent are one write: none of it waits for the other', async () => {
    const { ledger, desk } = build();
    ledger.failing = 'events';
    await desk.place('a');
    expect(desk.exchange.calls).toEqual(['submit a']);
    expect(ledger.order(id('a'))?.status).toBe('SENT');
  });

  test.each(['nothing', 'writes'] as const)(
    'an order that has not left and is told to have filled is written down with its fill (%s fail)',
    async (failing) => {
      const { ledger, desk } = build();
      desk.protect(90);
      await desk.enter('a', 100);
      const tell = (): void => {
        ledger.failing = failing;
        desk.orders.inquiry.count(fillOf('t9', 'x', exit));
        ledger.failing = 'nothing';
      };
      desk.exchange.during('cancel', tell, 'before');
      await desk.place('x', exit);
      await desk.timers.pass(300);
      expect(ledger.order(id('x'))?.filledAmount.toNumber()).toBe(1);
      expect([...ledger.fills()].map(({ clientOrderId: of }) => of)).toEqual(['a', 'x']);
      expect([desk.orders.fault, desk.quantity()]).toEqual([null, '0']);
    },
  );

  test('fills are counted and announced once, protected, and written in order when it can be written again', async () => {
    const { ledger, desk } = build();
    desk.protect(90);
    await desk.place('a');
    ledger.failing = 'everything';
    desk.venue.step(SPOT, flat(100));
    await desk.orders.inquiry.replayFills(SPOT);
    expect(desk.fills).toHaveLength(1);
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@90']);
    expect([...ledger.fills()]).toEqual([]);

    ledger.failing = 'nothing';
    await desk.timers.pass(300);
    expect([...ledger.fills()]).toHaveLength(1);
    expect(ledger.order(id('a'))?.status).toBe('FILLED');
    expect(ledger.unfinishedOrders()).toMatchObject([{ purpose: 'protection', status: 'OPEN' }]);
    expect(desk.faults).toHaveLength(2);
    expect(desk.faults.at(-1)).toBeNull();
  });

  test('it is tried again for as long as it takes', async () => {
    const { ledger, desk } = build();
    await desk.place('a');
    ledger.failing = 'writes';
    desk.venue.step(SPOT, flat(100));
    await desk.timers.pass(60_000);
    expect(desk.faults).toHaveLength(1);
    ledger.failing = 'nothing';
    await desk.timers.pass(1_100);
    expect([...ledger.fills()]).toHaveLength(1);
    expect(desk.faults.at(-1)).toBeNull();
  });

  test('it is tried by the clock alone, however much there is to be written', async () => {
    const { ledger, desk } = build();
    ledger.failing = 'writes';
    for (const name of ['a', 'b', 'c', 'd']) await desk.place(name);
    expect(ledger.tries).toBe(1);
    await desk.timers.pass(3_300);
    expect(ledger.tries).toBe(5);
    ledger.failing = 'nothing';
    await desk.timers.pass(1_000);
    expect(['a', 'b', 'c', 'd'].map((name) => ledger.order(id(name))?.status)).toEqual(
      Array(4).fill('CANCELED'),
    );
  });

  test('exits leave all the same', async () => {
    const { ledger, desk } = build();
    await desk.enter('a', 100, { symbol: PERPETUAL });
    ledger.failing = 'everything';
    expect(await desk.place('x', { ...exit, symbol: PERPETUAL })).toMatchObject({ outcome: 'placed' });
    desk.venue.step(PERPETUAL, flat(100));
    expect(desk.quantity(PERPETUAL)).toBe('0');
    ledger.failing = 'nothing';
    await desk.timers.pass(300);
    expect(ledger.order(id('x'))?.status).toBe('FILLED');
  });

  test('the engine’s own stop closes all the same', async () => {
    const { ledger, desk } = build();
    desk.protect(90, PERPETUAL);
    await desk.place('a', { symbol: PERPETUAL });
    desk.exchange.fail('submit', 'before', 'rejected');
    desk.venue.step(PERPETUAL, flat(100));
    ledger.failing = 'everything';
    desk.desk.price(PERPETUAL, 89);
    desk.venue.step(PERPETUAL, flat(89));
    await desk.orders.idle();
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('an order whose record cannot be read is told from memory', async () => {
    const { ledger, desk } = build();
    desk.gate.ask = () => {
      ledger.failing = 'everything';
      return { allowed: false, code: 'kill-switch', message: 'engaged' };
    };
    expect(await desk.place('a')).toMatchObject({ code: 'kill-switch', order: { status: 'CANCELED' } });
    expect(desk.orders.order(id('b'))).toBeUndefined();
  });

  test('an intent that the venue knows is taken over, and written down later', async () => {
    const ledger = new FailingLedger();
    const first = executionDesk({ ledger });
    ledger.appendIntent(intentOf('a'));
    first.desk.close();
    await first.venue.exchange.submit(intentOf('a'));
    const desk = executionDesk({ ledger, venue: first.venue });
    ledger.failing = 'events';
    await desk.orders.resolve();
    expect(desk.statusOf('a')).toBe('OPEN');
    expect(ledger.order(id('a'))?.status).toBe('INTENT');
    ledger.failing = 'nothing';
    await desk.timers.pass(300);
    expect(ledger.order(id('a'))?.status).toBe('OPEN');
  });
});
