import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderStatus } from '../../core/contract/index.ts';
import {
  type AccountEvent,
  accountEventId,
  assetAmount,
  clientOrderId,
  executionKey,
  type Fill,
  IllegalTransitionError,
  LedgerError,
  type OrderLedger,
  price,
  quoteAmount,
  text,
  tradeId,
  venueOrderId,
} from '../../core/domain/index.ts';
import { fillOf, intentOf } from './builders.ts';

/**
 * What every order ledger must hold to, in memory or in SQLite.
 *
 * @param makeLedger an empty ledger; called once or more a test. Cleaning up is the caller's (afterEach).
 * @param reopen the same ledger as a new process would find it, where it outlives the process.
 */
export function orderLedgerContract(
  name: string,
  makeLedger: () => OrderLedger,
  reopen: (ledger: OrderLedger) => OrderLedger = (ledger) => ledger,
): void {
  const id = clientOrderId('a');

  function withOrder(...statuses: readonly OrderStatus[]): OrderLedger {
    const ledger = makeLedger();
    ledger.appendIntent(intentOf('a'));
    for (const status of statuses) ledger.appendEvent({ clientOrderId: id, status, at: 1_100 });
    return ledger;
  }

  /** A fill of the market's that no order of ours brought about. */
  const external = (trade: string, given: Parameters<typeof fillOf>[2] = {}): Fill =>
    fillOf(trade, null, { purpose: 'external', ...given });

  describe(`${name}: order ledger`, () => {
    test('an intent can be read back, exactly, before anything is sent', () => {
      const ledger = makeLedger();
      const intent = intentOf('a', {
        amount: '0.123456789012345678',
        limitPrice: '65000.01',
        stopPrice: '64000.99',
        purpose: 'protection',
        reduceOnly: true,
        expiresAt: 3_601_000,
      });
      ledger.appendIntent(intent);
      const order = reopen(ledger).order(id);
      expect(order).toMatchObject({ status: 'INTENT', venueOrderId: null, reason: null, updatedAt: 1_000 });
      expect(order).toMatchObject({
        symbol: 'BTC/USDT',
        purpose: 'protection',
        reduceOnly: true,
        decisionId: null,
        createdAt: 1_000,
        expiresAt: 3_601_000,
      });
      expect(order && text(order.amount)).toBe('0.123456789012345678');
      expect(order?.limitPrice && text(order.limitPrice)).toBe('65000.01');
      expect(order?.stopPrice && text(order.stopPrice)).toBe('64000.99');
      expect(order && text(order.filledAmount)).toBe('0');
    });

    test('a post-only order is read back as one, and any other as none', () => {
      const ledger = makeLedger();
      ledger.appendIntent(intentOf('a', { limitPrice: 95, postOnly: true }));
      ledger.appendIntent(intentOf('b', { limitPrice: 95 }));
      expect(reopen(ledger).order(id)?.postOnly).toBe(true);
      expect(reopen(ledger).order(clientOrderId('b'))?.postOnly).toBeUndefined();
    });

    test('what an entry was expected to cost is read back with it and with each of its fills', () => {
      const ledger = makeLedger();
      const expected = { price: price('99.125'), cost: 0.0014 };
      ledger.appendIntent(intentOf('a', { expected }));
      ledger.appendIntent(intentOf('b'));
      ledger.appendFill(fillOf('1', 'a', { expected }));
      ledger.appendFill(fillOf('2', 'b'));
      ledger.appendFill(fillOf('3', null, { purpose: 'external' }));
      const again = reopen(ledger);
      expect(again.order(id)?.expected).toEqual(expected);
      expect(again.order(clientOrderId('b'))).not.toHaveProperty('expected');
      const told = [...again.fills()].map((fill) => fill.expected ?? null);
      expect(told).toEqual([expected, null, null]);
      expect(again.recentFills(3).map((fill) => fill.expected ?? null)).toEqual(told);
    });

    test('an order nobody wrote is undefined', () => {
      expect(makeLedger().order(clientOrderId('nobody'))).toBeUndefined();
    });

    test('the same client order id cannot be written twice', () => {
      const ledger = withOrder();
      expect(() => ledger.appendIntent(intentOf('a', { amount: 2 }))).toThrow(LedgerError);
      const order = ledger.order(id);
      expect(order && text(order.amount)).toBe('1');
    });

    test('events move an order along and keep what earlier ones said', () => {
      const ledger = withOrder('SENT');
      ledger.appendEvent({ clientOrderId: id, status: 'OPEN', at: 1_200, venueOrderId: venueOrderId('v1') });
      ledger.appendEvent({ clientOrderId: id, status: 'CANCELED', at: 1_300, reason: 'by the trader' });
      expect(reopen(ledger).order(id)).toMatchObject({
        status: 'CANCELED',
        venueOrderId: 'v1',
        reason: 'by the trader',
        updatedAt: 1_300,
      });
    });

    test.each<[OrderStatus[], OrderStatus]>([
      [['SENT', 'OPEN', 'FILLED'], 'OPEN'],
      [['CANCELED'], 'SENT'],
      [['SENT', 'OPEN'], 'SENT'],
      [[], 'FILLED'],
      [['SENT', 'UNKNOWN'], 'INTENT'],
      [['SENT', 'CANCELED'], 'PARTIALLY_FILLED'],
      [['SENT', 'CANCELED', 'FILLED'], 'CANCELED'],
    ])('after %j the status %s is refused and changes nothing', (before, refused) => {
      const ledger = withOrder(...before);
      const event = { clientOrderId: id, status: refused, at: 9_000 };
      expect(() => ledger.appendEvent(event)).toThrow(IllegalTransitionError);
      expect(reopen(ledger).order(id)?.status).toBe(before.at(-1) ?? 'INTENT');
    });

    test.each<OrderStatus>(['CANCELED', 'EXPIRED', 'REJECTED'])(
      'an order that was taken for %s can still turn out to have filled',
      (ended) => {
        const ledger = withOrder('SENT', ended);
        expect(ledger.unfinishedOrders()).toEqual([]);
        ledger.appendEvent({ clientOrderId: id, status: 'FILLED', at: 1_200 });
        const again = reopen(ledger);
        expect(again.order(id)).toMatchObject({ status: 'FILLED', updatedAt: 1_200 });
        expect(again.unfinishedOrders()).toEqual([]);
      },
    );

    test('an event or a fill of an order nobody wrote is refused', () => {
      const ledger = makeLedger();
      expect(() => ledger.appendEvent({ clientOrderId: id, status: 'SENT', at: 1 })).toThrow(LedgerError);
      expect(() => ledger.appendFill(fillOf('t1', 'a'))).toThrow(LedgerError);
      expect([...ledger.fills()]).toEqual([]);
    });

    test('a fill is counted once however often it is reported', () => {
      const ledger = withOrder('SENT', 'OPEN');
      expect(ledger.appendFill(fillOf('t1', 'a', { amount: '0.4' }))).toBe(true);
      expect(ledger.appendFill(fillOf('t1', 'a', { amount: '0.4' }))).toBe(false);
      const again = reopen(ledger);
      expect(again.appendFill(fillOf('t1', 'a', { amount: '0.4' }))).toBe(false);
      expect([...again.fills()]).toHaveLength(1);
      const order = again.order(id);
      expect(order && text(order.filledAmount)).toBe('0.4');
      expect(order && text(order.filledNotional)).toBe('40');
      expect(order).toMatchObject({ status: 'OPEN', updatedAt: 2_000 });
    });

    test('an order is at least as large as what has filled of it', () => {
      const ledger = withOrder('SENT', 'FILLED');
      const amounts = (of: OrderLedger) => {
        const order = of.order(id);
        return order && [text(order.amount), text(order.filledAmount)];
      };
      ledger.appendFill(fillOf('t1', 'a', { amount: '0.75' }));
      expect(amounts(ledger)).toEqual(['1', '0.75']);
      ledger.appendFill(fillOf('t2', 'a', { amount: '0.5' }));
      expect(amounts(ledger)).toEqual(['1.25', '1.25']);
      expect(amounts(reopen(ledger))).toEqual(['1.25', '1.25']);
    });

    test('two symbols may use the same venue trade id', () => {
      const ledger = withOrder();
      ledger.appendIntent(intentOf('b', { symbol: 'ETH/USDT' }));
      expect(ledger.appendFill(fillOf('t1', 'a'))).toBe(true);
      expect(ledger.appendFill(fillOf('t1', 'b', { symbol: 'ETH/USDT' }))).toBe(true);
      expect([...ledger.fills()].map((fill) => fill.symbol)).toEqual(['BTC/USDT', 'ETH/USDT']);
    });

    test('a fill that arrives after the order ended is counted and does not reopen it', () => {
      const ledger = withOrder('SENT', 'CANCELED');
      expect(ledger.appendFill(fillOf('t1', 'a', { amount: '0.4' }))).toBe(true);
      const order = reopen(ledger).order(id);
      expect(order?.status).toBe('CANCELED');
      expect(order && text(order.filledAmount)).toBe('0.4');
    });

    test('a fill is read back exactly, in the order of appending', () => {
      const ledger = withOrder('SENT', 'OPEN');
      const written: Fill[] = [
        fillOf('t2', 'a', {
          price: '64999.123456789',
          amount: '0.00000001',
          liquidity: 'maker',
          side: 'sell',
          purpose: 'exit',
          time: 5,
        }),
        fillOf('t1', 'a', {
          fee: { asset: 'BNB', amount: assetAmount('-0.000123'), quoteValue: quoteAmount('-0.07') },
          time: 4,
        }),
        fillOf('t0', 'a', { fee: null, venueOrderId: venueOrderId('v7') }),
        external('t9', { venueOrderId: venueOrderId('by-hand') }),
        external('t8', { symbol: 'ETH/USDT', fee: null }),
      ];
      for (const fill of written) expect(ledger.appendFill(fill)).toBe(true);
      const again = reopen(ledger);
      expect([...again.fills()].map(plainFill)).toEqual(written.map(plainFill));
      expect(again.recentFills(2).map(plainFill)).toEqual(written.slice(-2).map(plainFill));
      expect(again.recentFills(9).map(plainFill)).toEqual(written.map(plainFill));
      expect(again.recentFills(0)).toEqual([]);
    });

    test('both sides of a trade are counted, each once: they carry one id', () => {
      const ledger = withOrder('SENT', 'OPEN');
      const sides = [fillOf('t1', 'a', { amount: '0.1' }), { ...external('t1'), side: 'sell' as const }];
      for (const counted of [true, false]) {
        for (const side of sides) expect(ledger.appendFill(side)).toBe(counted);
      }
      expect([...reopen(ledger).fills()].map(({ tradeId, side }) => `${tradeId} ${side}`)).toEqual([
        't1 buy',
        't1 sell',
      ]);
    });

    test('an external fill is counted once and belongs to no order', () => {
      const ledger = withOrder('SENT', 'OPEN');
      expect(ledger.appendFill(external('t1'))).toBe(true);
      expect(ledger.appendFill(external('t1'))).toBe(false);
      const order = reopen(ledger).order(id);
      expect(order && text(order.filledAmount)).toBe('0');
    });

    test('a fill of ours without its order, or an external one with an order, is refused', () => {
      const ledger = withOrder('SENT', 'OPEN');
      const nobodys = fillOf('t1', null, { purpose: 'exit' });
      expect(() => ledger.appendFill(nobodys)).toThrow(LedgerError);
      expect(() => ledger.appendFill(fillOf('t1', 'a', { purpose: 'external' }))).toThrow(LedgerError);
      expect([...ledger.fills()]).toEqual([]);
    });

    test('more can be written while the fills are gone through', () => {
      const ledger = withOrder('SENT', 'OPEN');
      for (const trade of ['t1', 't2']) ledger.appendFill(fillOf(trade, 'a', { amount: '0.1' }));
      const seen: string[] = [];
      for (const fill of ledger.fills()) {
        seen.push(fill.tradeId);
        ledger.appendAccountEvent(eventOf(`fee of ${fill.tradeId}`, { kind: 'fee', tradeId: fill.tradeId }));
      }
      expect(seen).toEqual(['t1', 't2']);
      expect([...ledger.accountEvents()]).toHaveLength(2);
    });

    test('unfinished orders are those without a final status, oldest first', () => {
      const ledger = makeLedger();
      for (const [order, createdAt] of [
        ['a', 1],
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ] as const) {
        ledger.appendIntent(intentOf(order, { createdAt }));
      }
      const b = clientOrderId('b');
      const c = clientOrderId('c');
      ledger.appendEvent({ clientOrderId: b, status: 'SENT', at: 5 });
      ledger.appendEvent({ clientOrderId: b, status: 'FILLED', at: 6 });
      ledger.appendEvent({ clientOrderId: c, status: 'UNKNOWN', at: 6 });
      const unfinished = reopen(ledger).unfinishedOrders();
      expect(unfinished.map((order) => [order.clientOrderId, order.status])).toEqual([
        ['a', 'INTENT'],
        ['c', 'UNKNOWN'],
        ['d', 'INTENT'],
      ]);
    });

    test('recent orders come newest first, by page and by symbol', () => {
      const ledger = makeLedger();
      for (let index = 0; index < 6; index += 1) {
        const symbol = index % 2 === 0 ? 'BTC/USDT' : 'ETH/USDT';
        ledger.appendIntent(intentOf(`o${index}`, { createdAt: index * 10, symbol }));
      }
      const again = reopen(ledger);
      const ids = (query: Parameters<OrderLedger['recentOrders']>[0]): string[] =>
        again.recentOrders(query).map((order) => order.clientOrderId);
      expect(ids({ limit: 3 })).toEqual(['o5', 'o4', 'o3']);
      expect(ids({ limit: 3, before: 30 })).toEqual(['o2', 'o1', 'o0']);
      expect(ids({ limit: 2, symbol: 'ETH/USDT' })).toEqual(['o5', 'o3']);
      expect(ids({ limit: 9, symbol: 'ETH/USDT', before: 30 })).toEqual(['o1']);
    });

    test('an account event is counted once and read back exactly, in its place among the fills', () => {
      const ledger = withOrder('SENT', 'OPEN');
      const opening = eventOf('o1', { kind: 'opening', amount: assetAmount('0.000000000000000001') });
      const funding = eventOf('f1', {
        kind: 'funding',
        asset: 'USDC',
        amount: assetAmount('-1.5'),
        quoteValue: quoteAmount('-1.4999'),
        symbol: 'BTC/USDC:USDC',
        time: 7,
        note: '',
      });
      const fee = eventOf('x1', { kind: 'fee', tradeId: tradeId('t2'), symbol: 'BTC/USDT' });
      expect(ledger.appendAccountEvent(opening)).toBe(true);
      ledger.appendFill(fillOf('t1', 'a'));
      ledger.appendFill(fillOf('t2', 'a'));
      expect(ledger.appendAccountEvent(funding)).toBe(true);
      expect(ledger.appendAccountEvent({ ...funding, note: 'told again' })).toBe(false);
      ledger.appendFill(external('t3'));
      expect(ledger.appendAccountEvent(fee)).toBe(true);
      const again = reopen(ledger);
      expect(again.appendAccountEvent(fee)).toBe(false);
      expect([...again.accountEvents()].map(plainEvent)).toEqual([
        { ...plainEvent(opening), afterFills: 0 },
        { ...plainEvent(funding), afterFills: 2 },
        { ...plainEvent(fee), afterFills: 3 },
      ]);
    });

    test('is gone on from after so many fills and events', () => {
      const ledger = withOrder('SENT', 'OPEN');
      for (const number of [1, 2, 3]) {
        ledger.appendFill(fillOf(`t${number}`, 'a'));
        ledger.appendAccountEvent(eventOf(`e${number}`));
      }
      const again = reopen(ledger);
      expect(Array.from(again.fills(1), (fill) => fill.tradeId)).toEqual(['t2', 't3']);
      expect(Array.from(again.accountEvents(2), (event) => event.id)).toEqual(['e3']);
      expect([...again.fills(3), ...again.accountEvents(9)]).toEqual([]);
    });

    test('says by what its fills are known, and what the newest of a trade was for among the first', () => {
      const ledger = withOrder('SENT', 'OPEN');
      ledger.appendFill(fillOf('t1', 'a'));
      ledger.appendFill(external('t1', { side: 'sell' }));
      ledger.appendFill(external('t1', { symbol: 'ETH/USDT' }));
      const again = reopen(ledger);
      expect([...again.executions()].sort()).toEqual([...again.fills()].map(executionKey).sort());
      const purposes = [0, 1, 2, 3].map((among) => again.purposeOf('BTC/USDT', tradeId('t1'), among));
      expect(purposes).toEqual([undefined, 'entry', 'external', 'external']);
      expect(again.purposeOf('BTC/USDT', tradeId('t2'), 3)).toBeUndefined();
    });

    test('an account opens once', () => {
      const ledger = makeLedger();
      expect(ledger.appendAccountEvent(eventOf('o1', { kind: 'opening' }))).toBe(true);
      expect(ledger.appendAccountEvent(eventOf('o1', { kind: 'opening' }))).toBe(false);
      expect(() => ledger.appendAccountEvent(eventOf('o2', { kind: 'opening' }))).toThrow(LedgerError);
      expect([...reopen(ledger).accountEvents()]).toHaveLength(1);
    });

    test('any sequence of reports leaves each fill counted once, and the order with their sum', () => {
      const reports = fc.array(
        fc.record({ trade: fc.integer({ min: 0, max: 8 }), order: fc.constantFrom('a', 'b') }),
        { maxLength: 40 },
      );
      fc.assert(
        fc.property(reports, (sequence) => {
          const ledger = makeLedger();
          for (const order of ['a', 'b']) ledger.appendIntent(intentOf(order, { amount: 100 }));
          const counted = new Map<number, { order: string; amount: number }>();
          for (const { trade, order } of sequence) {
            const isNew = ledger.appendFill(fillOf(`t${trade}`, order, { amount: trade + 1 }));
            expect(isNew).toBe(!counted.has(trade));
            if (isNew) counted.set(trade, { order, amount: trade + 1 });
          }
          for (const order of ['a', 'b']) {
            const expected = [...counted.values()]
              .filter((fill) => fill.order === order)
              .reduce((total, fill) => total + fill.amount, 0);
            expect(Number(ledger.order(clientOrderId(order))?.filledAmount)).toBe(expected);
          }
          expect([...ledger.fills()]).toHaveLength(counted.size);
        }),
        { numRuns: 30 },
      );
    });
  });
}

/** An account event, complete, with only what matters to the test spelled out. */
function eventOf(id: string, given: Partial<Omit<AccountEvent, 'id'>> = {}): AccountEvent {
  return {
    id: accountEventId(id),
    kind: 'deposit',
    asset: 'USDT',
    amount: assetAmount(1),
    quoteValue: quoteAmount(1),
    symbol: null,
    tradeId: null,
    time: 1_000,
    note: 'told by the venue',
    ...given,
  };
}

/** With its money as text, so that equality is exact and readable. */
function plainFill({ fee, ...fill }: Fill): unknown {
  return {
    ...fill,
    price: text(fill.price),
    amount: text(fill.amount),
    fee: fee && { asset: fee.asset, amount: text(fee.amount), quoteValue: text(fee.quoteValue) },
  };
}

/** With its money as text, so that equality is exact and readable. */
function plainEvent(event: AccountEvent): object {
  return { ...event, amount: text(event.amount), quoteValue: text(event.quoteValue) };
}
