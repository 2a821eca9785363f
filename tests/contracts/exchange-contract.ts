import { describe, expect, test } from 'vitest';
import { isFinal, VenueError } from '../../core/domain/index.ts';
import { accountContract } from './exchange-account-contract.ts';
import { fillsContract } from './exchange-fills-contract.ts';
import { type MakeExchange, started } from './exchange-harness.ts';
import { ordersContract } from './exchange-orders-contract.ts';

export type { ExchangeUnderTest } from './exchange-harness.ts';

/** What every exchange must hold to, simulated or real. Cleaning up is the caller's (afterEach). */
export function exchangeContract(name: string, makeExchange: MakeExchange): void {
  describe(`${name}: exchange: the connection`, () => {
    test('is told of when it opens and when it closes', async () => {
      const { exchange, symbol } = await makeExchange();
      const states: string[] = [];
      exchange.onEvent((event) => {
        if (event.kind === 'connection') states.push(event.connection.state);
      });
      expect(exchange.connection.state).not.toBe('connected');
      await exchange.open({ symbols: [symbol] });
      expect(exchange.connection).toEqual({ state: 'connected', message: '' });
      await exchange.close();
      await exchange.close();
      expect(exchange.connection.state).toBe('closed');
      expect(exchange.connection.message).not.toBe('');
      expect(states.filter((state) => state !== 'connecting')).toEqual(['connected', 'closed']);
    });

    test('is needed for everything that is asked or sent', async () => {
      const { exchange, intent, ref, symbol } = await started(makeExchange);
      await exchange.close();
      const calls = [
        exchange.submit(intent('a')),
        exchange.cancel(ref('a')),
        exchange.order(ref('a')),
        exchange.openOrders(),
        exchange.fills({ symbol, cursor: null, since: 0 }),
        exchange.account(),
        exchange.accountEvents(0),
      ];
      await Promise.all(calls.map((call) => expect(call).rejects.toBeInstanceOf(VenueError)));
    });

    test('is not made when opening is called off', async () => {
      const { exchange, symbol } = await makeExchange();
      await expect(exchange.open({ symbols: [symbol], signal: AbortSignal.abort() })).rejects.toThrow();
      expect(exchange.connection.state).not.toBe('connected');
    });

    test('may be opened for a symbol that is not listed, which then has no instrument', async () => {
      const { exchange, symbol } = await makeExchange();
      await exchange.open({ symbols: [symbol, 'NO/SUCH'] });
      expect(exchange.instrument(symbol)?.symbol).toBe(symbol);
      expect(exchange.instrument('NO/SUCH')).toBeUndefined();
    });
  });

  describe(`${name}: exchange: what it says of itself`, () => {
    test('costs are known, and where from', async () => {
      const { exchange, symbol } = await started(makeExchange);
      const { source, spreadSeen, ...costs } = exchange.costs(symbol);
      expect([true, undefined]).toContain(spreadSeen);
      expect(['venue', 'settings']).toContain(source);
      for (const bps of Object.values(costs)) expect(bps).toBeLessThan(100);
      expect(costs.takerFeeBps).toBeGreaterThanOrEqual(costs.makerFeeBps);
      expect(costs.spreadBps).toBeGreaterThanOrEqual(0);
      expect(costs.slippageBps).toBeGreaterThanOrEqual(0);
    });

    test('its clock is near ours, where that was measured', async () => {
      const { exchange } = await started(makeExchange);
      expect(Math.abs(exchange.clockOffsetMs() ?? 0)).toBeLessThan(60_000);
    });

    test('its profile leaves room for our ids and our stops', async () => {
      const { profile } = (await started(makeExchange)).exchange;
      expect(profile.clientOrderId.maxLength).toBeGreaterThanOrEqual(18);
      expect(profile.maxStops).toBeGreaterThanOrEqual(profile.nativeStops ? 1 : 0);
      expect(profile.absence.answers).toBeGreaterThanOrEqual(1);
      expect(profile.absence.windowMs).toBeGreaterThanOrEqual(0);
    });
  });

  ordersContract(name, makeExchange);
  fillsContract(name, makeExchange);
  accountContract(name, makeExchange);

  describe(`${name}: exchange: events`, () => {
    test('come before the answers that depend on them', async () => {
      const { exchange, intent, ref, events, moveTo } = await started(makeExchange);
      await exchange.submit(intent('a', { limitPrice: '95' }));
      expect(events.some((event) => event.kind === 'order' && event.order.clientOrderId === 'a')).toBe(true);
      await moveTo(99);
      const canceled = await exchange.cancel(ref('a', { type: 'limit' }));
      const last = events.findLast((event) => event.kind === 'order');
      expect(last?.order).toEqual(canceled);
      expect(isFinal(canceled.status)).toBe(true);
    });

    test('are heard no more after the disposer was called', async () => {
      const { exchange, moveTo, intent, events, stopListening } = await started(makeExchange);
      stopListening();
      stopListening();
      await exchange.submit(intent('a'));
      await moveTo(101);
      expect(events).toEqual([]);
    });
  });
}
