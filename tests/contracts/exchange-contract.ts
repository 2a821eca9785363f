import { describe, expect, test } from 'vitest';
import {
  clientOrderId,
  type Exchange,
  type OrderIntent,
  sum,
  VenueError,
  type VenueEvent,
  ZERO_BASE,
} from '../../core/domain/index.ts';
import { intentOf } from './builders.ts';

/** A venue with enough money to trade one symbol whose price is 100 at the start and whose lot is at most 0.01. */
export interface ExchangeUnderTest {
  readonly exchange: Exchange;
  readonly symbol: string;
  /** Lets the market trade in a straight line from where it is to a price, with volume for everybody. */
  moveTo(price: number): void | Promise<void>;
}

/** What every exchange must hold to, simulated or real. Cleaning up is the caller's (afterEach). */
export function exchangeContract(
  name: string,
  makeExchange: () => ExchangeUnderTest | Promise<ExchangeUnderTest>,
): void {
  async function start() {
    const { exchange, symbol, moveTo } = await makeExchange();
    const events: VenueEvent[] = [];
    const stopListening = exchange.onEvent((event) => events.push(event));
    const intent = (id: string, given: Parameters<typeof intentOf>[1] = {}): OrderIntent =>
      intentOf(id, { symbol, ...given });
    return { exchange, symbol, moveTo, events, stopListening, intent };
  }

  describe(`${name}: exchange`, () => {
    test('a listed symbol has an instrument, another one is rejected', async () => {
      const { exchange, symbol } = await start();
      expect(exchange.instrument(symbol).symbol).toBe(symbol);
      expect(() => exchange.instrument('NO/SUCH')).toThrow(VenueError);
    });

    test('a market order fills, and events, fills, order and position agree on it', async () => {
      const { exchange, symbol, moveTo, events, intent } = await start();
      const accepted = await exchange.submit(intent('a', { amount: '0.5' }));
      expect(accepted.clientOrderId).toBe('a');
      await moveTo(101);
      const order = await exchange.order(symbol, clientOrderId('a'));
      expect(order?.status).toBe('FILLED');
      expect(order?.filledAmount.toFixed()).toBe('0.5');
      const fills = await exchange.fillsSince(0);
      expect(fills.every((fill) => fill.clientOrderId === 'a' && fill.side === 'buy')).toBe(true);
      expect(
        sum(
          ZERO_BASE,
          fills.map((fill) => fill.amount),
        ).toFixed(),
      ).toBe('0.5');
      const told = events.filter((event) => event.kind === 'fill').map((event) => event.fill.tradeId);
      expect(told).toEqual(fills.map((fill) => fill.tradeId));
      expect(events.findLast((event) => event.kind === 'order')?.order.status).toBe('FILLED');
      expect((await exchange.positions()).get(symbol)?.toNumber()).toBeCloseTo(0.5, 2);
    });

    test('#1 sending the same client order id again returns the order already there', async () => {
      const { exchange, moveTo, intent } = await start();
      const first = await exchange.submit(intent('a', { amount: '0.5' }));
      const again = await exchange.submit(intent('a', { amount: '0.5' }));
      expect(again.venueOrderId).toBe(first.venueOrderId);
      await moveTo(101);
      await exchange.submit(intent('a', { amount: '0.5' }));
      await moveTo(102);
      expect(
        sum(
          ZERO_BASE,
          (await exchange.fillsSince(0)).map((fill) => fill.amount),
        ).toFixed(),
      ).toBe('0.5');
    });

    test('an order the venue never saw is null', async () => {
      const { exchange, symbol } = await start();
      expect(await exchange.order(symbol, clientOrderId('nobody'))).toBeNull();
    });

    test('a limit rests until the market trades through it', async () => {
      const { exchange, symbol, moveTo, intent } = await start();
      const order = await exchange.submit(intent('a', { amount: '0.5', limitPrice: '95' }));
      expect(order).toMatchObject({ status: 'OPEN', type: 'limit' });
      await moveTo(97);
      expect((await exchange.openOrders()).map((open) => open.clientOrderId)).toEqual(['a']);
      await moveTo(93);
      const [fill] = await exchange.fillsSince(0);
      expect(fill?.price.toFixed()).toBe('95');
      expect((await exchange.order(symbol, clientOrderId('a')))?.status).toBe('FILLED');
      expect(await exchange.openOrders()).toEqual([]);
    });

    test('#26 open orders include stops that wait for their trigger', async () => {
      const { exchange, symbol, moveTo, intent } = await start();
      await exchange.submit(intent('a', { amount: '0.5' }));
      await moveTo(101);
      await exchange.submit(
        intent('s', {
          side: 'sell',
          amount: '0.5',
          stopPrice: '90',
          reduceOnly: true,
          purpose: 'protection',
        }),
      );
      const [stop] = await exchange.openOrders();
      expect(stop).toMatchObject({ clientOrderId: 's', type: 'stop', status: 'OPEN', reduceOnly: true });
      expect(stop?.stopPrice?.toFixed()).toBe('90');
      await moveTo(85);
      expect((await exchange.order(symbol, clientOrderId('s')))?.status).toBe('FILLED');
      expect((await exchange.positions()).get(symbol)?.toNumber() ?? 0).toBeCloseTo(0, 6);
    });

    test('a cancelled order does not fill any more', async () => {
      const { exchange, symbol, moveTo, intent, events } = await start();
      await exchange.submit(intent('a', { amount: '0.5', limitPrice: '95' }));
      expect((await exchange.cancel(symbol, clientOrderId('a'))).status).toBe('CANCELED');
      expect(await exchange.openOrders()).toEqual([]);
      await moveTo(90);
      expect(await exchange.fillsSince(0)).toEqual([]);
      expect(events.findLast((event) => event.kind === 'order')?.order.status).toBe('CANCELED');
    });

    test('#5 cancelling an order that has filled says so', async () => {
      const { exchange, symbol, moveTo, intent } = await start();
      await exchange.submit(intent('a', { amount: '0.5' }));
      await moveTo(101);
      expect((await exchange.cancel(symbol, clientOrderId('a'))).status).toBe('FILLED');
    });

    test('cancelling an order that never was is rejected', async () => {
      const { exchange, symbol } = await start();
      await expect(exchange.cancel(symbol, clientOrderId('nobody'))).rejects.toMatchObject({
        fault: 'rejected',
      });
    });

    test('an order below the minimum or beyond the balance is rejected and leaves nothing behind', async () => {
      const { exchange, symbol, intent } = await start();
      const tiny = exchange.instrument(symbol).minAmount.div(2).toFixed();
      await expect(exchange.submit(intent('a', { amount: tiny }))).rejects.toMatchObject({
        fault: 'rejected',
      });
      await expect(exchange.submit(intent('b', { amount: '1000000' }))).rejects.toMatchObject({
        fault: 'rejected',
      });
      expect(await exchange.order(symbol, clientOrderId('b'))).toBeNull();
      expect(await exchange.openOrders()).toEqual([]);
    });

    test('#15 fills since a moment come oldest first and leave out what is older', async () => {
      const { exchange, moveTo, intent } = await start();
      for (const [id, next] of [
        ['a', 101],
        ['b', 102],
        ['c', 103],
      ] as const) {
        await exchange.submit(intent(id, { amount: '0.5' }));
        await moveTo(next);
      }
      const all = await exchange.fillsSince(0);
      const times = all.map((fill) => fill.time);
      expect(times).toEqual([...times].sort((x, y) => x - y));
      expect(new Set(all.map((fill) => fill.tradeId)).size).toBe(all.length);
      const since = all.find((fill) => fill.clientOrderId === 'b')?.time ?? 0;
      const recent = await exchange.fillsSince(since);
      expect(recent).toEqual(all.filter((fill) => fill.time >= since));
    });

    test('cash leaves the account for what is bought', async () => {
      const { exchange, symbol, moveTo, intent } = await start();
      const { quote, kind } = exchange.instrument(symbol);
      const before = Number((await exchange.balances()).get(quote));
      await exchange.submit(intent('a', { amount: '0.5' }));
      await moveTo(101);
      const spent = before - Number((await exchange.balances()).get(quote));
      expect(spent).toBeGreaterThan(kind === 'spot' ? 49 : 0);
      expect(spent).toBeLessThan(kind === 'spot' ? 52 : 1);
    });

    test('after its disposer is called a listener hears nothing', async () => {
      const { exchange, moveTo, intent, events, stopListening } = await start();
      stopListening();
      stopListening();
      await exchange.submit(intent('a', { amount: '0.5' }));
      await moveTo(101);
      expect(events).toEqual([]);
    });
  });
}
