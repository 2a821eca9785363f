import { describe, expect, test } from 'vitest';
import { type OrderRef, venueOrderId } from '../../core/domain/index.ts';
import { amountOf, idsOf, type MakeExchange, orderIn, started } from './exchange-harness.ts';

/** What becomes of an order at any exchange. */
export function ordersContract(name: string, makeExchange: MakeExchange): void {
  describe(`${name}: exchange: an order`, () => {
    test('at the market fills, and events, fills, order and account agree on it', async () => {
      const { exchange, symbol, moveTo, events, intent, found, fills, lastOrderEvent, held } =
        await started(makeExchange);
      const accepted = await exchange.submit(intent('a'));
      expect(accepted).toMatchObject({ clientOrderId: 'a', parentVenueOrderId: null });
      await moveTo(101);
      const order = await found('a');
      expect(order).toMatchObject({ status: 'FILLED', venueOrderId: accepted.venueOrderId });
      expect(order?.filledAmount.toFixed()).toBe('0.5');
      const own = await fills();
      for (const fill of own) {
        const ids = { clientOrderId: 'a', venueOrderId: accepted.venueOrderId };
        expect(fill).toMatchObject({ ...ids, symbol, side: 'buy' });
      }
      expect(amountOf(own)).toBe('0.5');
      const told = events.flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
      expect(idsOf(told)).toEqual(idsOf(own));
      expect(lastOrderEvent()?.status).toBe('FILLED');
      expect((await held()).toNumber()).toBeCloseTo(0.5, 2);
    });

    test('#1 V2 is sent once a call: one submit is one order and one amount filled', async () => {
      const { exchange, intent, moveTo, fills } = await started(makeExchange);
      await exchange.submit(intent('a', { limitPrice: '99' }));
      expect(await exchange.openOrders()).toHaveLength(1);
      await moveTo(97);
      await moveTo(95);
      expect(amountOf(await fills())).toBe('0.5');
    });

    test('#1 whose id is in use is refused, and the one that has the id is left as it was', async () => {
      const { exchange, intent, moveTo, found, fills } = await started(makeExchange);
      const { maxLength, uniqueAmong } = exchange.profile.clientOrderId;
      const id = 'a'.repeat(Math.min(maxLength, 18));
      const first = await exchange.submit(intent(id, { limitPrice: '95' }));
      const again = () => exchange.submit(intent(id, { limitPrice: '96' }));
      await expect(again()).rejects.toMatchObject({ fault: 'rejected' });
      expect(await exchange.openOrders()).toEqual([first]);
      await moveTo(93);
      expect((await found(id))?.status).toBe('FILLED');
      // Where ids are unique among open orders only, sending it again is a second order: the caller's to avoid.
      if (uniqueAmong === 'open-orders') return;
      await expect(again()).rejects.toMatchObject({ fault: 'rejected' });
      await moveTo(92);
      expect(amountOf(await fills())).toBe('0.5');
    });

    test('that the venue never saw is absent, or cannot be told of: the look-up never fails', async () => {
      const { exchange, ref, intent, symbol } = await started(makeExchange);
      await exchange.submit(intent('a', { limitPrice: '95' }));
      const unknown: readonly OrderRef[] = [
        ref('nobody'),
        ref('nobody', { type: 'stop' }),
        ref('a', { symbol: 'NO/SUCH' }),
        { symbol, clientOrderId: null, venueOrderId: null, type: 'limit' },
      ];
      for (const each of unknown) {
        expect(['absent', 'cannot-tell']).toContain((await exchange.order(each)).kind);
      }
    });

    test("is found by our id, with or without the venue's, and by the venue's alone", async () => {
      const { exchange, intent, ref } = await started(makeExchange);
      const order = await exchange.submit(intent('a', { limitPrice: '95' }));
      const byVenueId = { clientOrderId: null, venueOrderId: order.venueOrderId };
      for (const each of [{}, { venueOrderId: order.venueOrderId }, byVenueId]) {
        const lookup = await exchange.order(ref('a', { type: 'limit', ...each }));
        expect(orderIn(lookup)?.clientOrderId).toBe('a');
      }
      const canceled = await exchange.cancel(ref('a', { type: 'limit', ...byVenueId }));
      expect(canceled).toMatchObject({ clientOrderId: 'a', status: 'CANCELED' });
    });

    test('with a limit rests until the market trades through it', async () => {
      const { exchange, moveTo, intent, found, fills } = await started(makeExchange);
      const order = await exchange.submit(intent('a', { limitPrice: '95' }));
      expect(order).toMatchObject({ status: 'OPEN', type: 'limit' });
      await moveTo(97);
      expect((await exchange.openOrders()).map((open) => open.clientOrderId)).toEqual(['a']);
      await moveTo(93);
      const [fill] = await fills();
      expect(fill?.price.toFixed()).toBe('95');
      expect((await found('a', { type: 'limit' }))?.status).toBe('FILLED');
      expect(await exchange.openOrders()).toEqual([]);
    });

    test('that is post-only makes, and is not there where it would take', async () => {
      const { exchange, moveTo, intent, found, fills } = await started(makeExchange);
      const making = await exchange.submit(intent('a', { limitPrice: '95', postOnly: true }));
      expect(making).toMatchObject({ status: 'OPEN', type: 'limit' });
      // Real venues refuse it when it arrives; to ours an order is on its way after it was taken.
      const taking = exchange.submit(intent('b', { limitPrice: '110', postOnly: true }));
      const refusal: unknown = await taking.catch((error: unknown) => error);
      await moveTo(93);
      if (refusal instanceof Error) expect(refusal).toMatchObject({ fault: 'rejected' });
      else expect(await found('b', { type: 'limit' })).toMatchObject({ status: 'REJECTED' });
      const [fill, ...others] = await fills();
      expect(fill).toMatchObject({ liquidity: 'maker', clientOrderId: 'a' });
      expect(fill?.price.toFixed()).toBe('95');
      expect(others.filter(({ clientOrderId }) => clientOrderId !== 'a')).toEqual([]);
      expect(await exchange.openOrders()).toEqual([]);
    });

    test('#26 C31 that is a stop waiting for its trigger is among the open ones', async () => {
      const { exchange, moveTo, intent, found, held } = await started(makeExchange);
      if (!exchange.profile.nativeStops) return;
      await exchange.submit(intent('a'));
      await moveTo(101);
      const protection = { side: 'sell', stopPrice: '90', reduceOnly: true, purpose: 'protection' } as const;
      await exchange.submit(intent('s', protection));
      const [stop] = await exchange.openOrders();
      expect(stop).toMatchObject({ clientOrderId: 's', type: 'stop', status: 'OPEN', reduceOnly: true });
      expect(stop?.stopPrice?.toFixed()).toBe('90');
      await moveTo(85);
      expect((await found('s', { type: 'stop' }))?.status).toBe('FILLED');
      expect((await held()).toNumber()).toBeCloseTo(0, 6);
    });

    test('that was cancelled does not fill any more', async () => {
      const { exchange, moveTo, intent, ref, fills, lastOrderEvent } = await started(makeExchange);
      await exchange.submit(intent('a', { limitPrice: '95' }));
      expect((await exchange.cancel(ref('a', { type: 'limit' }))).status).toBe('CANCELED');
      expect(await exchange.openOrders()).toEqual([]);
      await moveTo(90);
      expect(await fills()).toEqual([]);
      expect(lastOrderEvent()?.status).toBe('CANCELED');
    });

    test('#5 C16 that has filled says so when it is cancelled', async () => {
      const { exchange, moveTo, intent, ref } = await started(makeExchange);
      await exchange.submit(intent('a'));
      await moveTo(101);
      expect((await exchange.cancel(ref('a'))).status).toBe('FILLED');
    });

    test('that never was cannot be cancelled', async () => {
      const { exchange, ref } = await started(makeExchange);
      const byVenueId = ref('', { clientOrderId: null, venueOrderId: venueOrderId('no-such-order') });
      await expect(exchange.cancel(byVenueId)).rejects.toMatchObject({ fault: 'rejected' });
      // Where it may be there under another id, nobody can say that it never was.
      const fault = exchange.profile.clientOrderId.isUnproven ? 'uncertain' : 'rejected';
      await expect(exchange.cancel(ref('nobody'))).rejects.toMatchObject({ fault });
    });

    test('below the minimum, beyond the balance or of no market is rejected and leaves nothing behind', async () => {
      const { exchange, instrument, intent, found } = await started(makeExchange);
      const refused = [
        intent('a', { amount: instrument.minAmount.div(2).toFixed() }),
        intent('b', { amount: '1000000' }),
        intent('c', { symbol: 'NO/SUCH' }),
      ];
      for (const each of refused) {
        await expect(exchange.submit(each)).rejects.toMatchObject({ fault: 'rejected' });
      }
      expect(await found('b')).toBeUndefined();
      expect(await exchange.openOrders()).toEqual([]);
    });

    test('does not fill at or after the moment set for its end, where the venue keeps it', async () => {
      const { exchange, moveTo, now, intent, found, fills, lastOrderEvent } = await started(makeExchange);
      if (!exchange.profile.goodTillDate) return;
      await exchange.submit(intent('a', { limitPrice: '95', expiresAt: now() + 500 }));
      await moveTo(97);
      const order = await found('a', { type: 'limit' });
      expect(order).toMatchObject({ status: 'EXPIRED', clientOrderId: 'a' });
      expect(order?.reason).not.toBeNull();
      expect(lastOrderEvent()).toEqual(order);
      expect(await exchange.openOrders()).toEqual([]);
      await moveTo(90);
      expect(await fills()).toEqual([]);
    });
  });
}
