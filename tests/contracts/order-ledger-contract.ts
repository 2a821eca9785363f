import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderStatus } from '../../core/contract/index.ts';
import {
  assetAmount,
  clientOrderId,
  type Fill,
  IllegalTransitionError,
  LedgerError,
  type OrderLedger,
  quoteAmount,
  text,
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

  describe(`${name}: order ledger`, () => {
    test('an intent can be read back, exactly, before anything is sent', () => {
      const ledger = makeLedger();
      const intent = intentOf('a', {
        amount: '0.123456789012345678',
        limitPrice: '65000.01',
        stopPrice: '64000.99',
        purpose: 'protection',
        reduceOnly: true,
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
      });
      expect(order && text(order.amount)).toBe('0.123456789012345678');
      expect(order?.limitPrice && text(order.limitPrice)).toBe('65000.01');
      expect(order?.stopPrice && text(order.stopPrice)).toBe('64000.99');
      expect(order && text(order.filledAmount)).toBe('0');
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
    ])('after %j the status %s is refused and changes nothing', (before, refused) => {
      const ledger = withOrder(...before);
      const event = { clientOrderId: id, status: refused, at: 9_000 };
      expect(() => ledger.appendEvent(event)).toThrow(IllegalTransitionError);
      expect(reopen(ledger).order(id)?.status).toBe(before.at(-1) ?? 'INTENT');
    });

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
      ];
      for (const fill of written) ledger.appendFill(fill);
      const read = [...reopen(ledger).fills()];
      expect(read.map(plain)).toEqual(written.map(plain));
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

/** A fill with its money as text, so that equality is exact and readable. */
function plain(fill: Fill): unknown {
  const { asset, amount, quoteValue } = fill.fee;
  return {
    ...fill,
    price: text(fill.price),
    amount: text(fill.amount),
    fee: { asset, amount: text(amount), quoteValue: text(quoteValue) },
  };
}
