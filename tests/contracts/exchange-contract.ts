import { describe, expect, test } from 'vitest';
import {
  add,
  asAsset,
  asBase,
  type BaseAmount,
  type Exchange,
  type FillCursor,
  isFinal,
  negate,
  notional,
  type OrderIntent,
  type OrderLookup,
  type OrderRef,
  subtract,
  sum,
  type UtcMs,
  VenueError,
  type VenueEvent,
  type VenueFill,
  type VenueOrder,
  venueOrderId,
  ZERO_BASE,
} from '../../core/domain/index.ts';
import { intentOf, refTo } from './builders.ts';

/**
 * A venue that has not been opened, with enough money to trade one symbol whose price is 100 at the start and whose
 * lot is at most 0.01, and with little room on a page of fills: the less, the harder the test.
 */
export interface ExchangeUnderTest {
  readonly exchange: Exchange;
  readonly symbol: string;
  /**
   * Lets the market trade in a straight line from where it is to a price, with volume for everybody. Between a
   * second and an hour of market time go by.
   */
  moveTo(price: number): void | Promise<void>;
  /** Market time. */
  now(): UtcMs;
}

/** Every fill from a cursor on, and the cursor to go on from. */
async function readFills(
  exchange: Exchange,
  symbol: string,
  from: { readonly cursor?: FillCursor | null; readonly since?: UtcMs } = {},
  betweenPages: () => unknown = () => undefined,
): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: FillCursor | null }> {
  const { since = 0 } = from;
  const fills: VenueFill[] = [];
  let cursor = from.cursor ?? null;
  for (let more = true; more; ) {
    const page = await exchange.fills({ symbol, cursor, since });
    fills.push(...page.fills);
    cursor = page.cursor ?? cursor;
    more = page.more;
    if (more) await betweenPages();
  }
  return { fills, cursor };
}

const amountOf = (fills: readonly VenueFill[]): string =>
  sum(
    ZERO_BASE,
    fills.map((fill) => fill.amount),
  ).toFixed();

const idsOf = (fills: readonly VenueFill[]): readonly string[] => fills.map(({ tradeId }) => tradeId);

const orderIn = (lookup: OrderLookup): VenueOrder | undefined =>
  lookup.kind === 'found' ? lookup.order : undefined;

/** What every exchange must hold to, simulated or real. Cleaning up is the caller's (afterEach). */
export function exchangeContract(
  name: string,
  makeExchange: () => ExchangeUnderTest | Promise<ExchangeUnderTest>,
): void {
  async function start() {
    const { exchange, symbol, moveTo, now } = await makeExchange();
    await exchange.open({ symbols: [symbol] });
    const events: VenueEvent[] = [];
    const stopListening = exchange.onEvent((event) => events.push(event));
    const intent = (id: string, given: Parameters<typeof intentOf>[1] = {}): OrderIntent =>
      intentOf(id, { symbol, amount: '0.5', ...given });
    const ref = (id: string, given: Partial<OrderRef> = {}): OrderRef => refTo(id, { symbol, ...given });
    const found = async (id: string, given: Partial<OrderRef> = {}): Promise<VenueOrder | undefined> =>
      orderIn(await exchange.order(ref(id, given)));
    const fills = async (): Promise<readonly VenueFill[]> => (await readFills(exchange, symbol)).fills;
    const lastOrderEvent = (): VenueOrder | undefined =>
      events.findLast((event) => event.kind === 'order')?.order;
    const instrument = exchange.instrument(symbol);
    if (instrument === undefined) throw new TypeError(`${symbol} is not listed`);
    /** What the account holds of the symbol: coins, or the signed position. */
    const held = async (): Promise<BaseAmount> => {
      const { assets, positions } = await exchange.account();
      const coins = assets.get(instrument.base)?.total;
      if (instrument.kind === 'spot') return coins === undefined ? ZERO_BASE : asBase(coins);
      return positions.get(symbol) ?? ZERO_BASE;
    };
    return {
      exchange,
      symbol,
      instrument,
      moveTo,
      now,
      events,
      stopListening,
      intent,
      ref,
      found,
      fills,
      lastOrderEvent,
      held,
    };
  }

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
      const { exchange, intent, ref, symbol } = await start();
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
      for (const call of calls) await expect(call).rejects.toBeInstanceOf(VenueError);
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
      const { exchange, symbol } = await start();
      const { source, ...costs } = exchange.costs(symbol);
      expect(['venue', 'settings']).toContain(source);
      for (const bps of Object.values(costs)) expect(bps).toBeLessThan(100);
      expect(costs.takerFeeBps).toBeGreaterThanOrEqual(costs.makerFeeBps);
      expect(costs.spreadBps).toBeGreaterThanOrEqual(0);
      expect(costs.slippageBps).toBeGreaterThanOrEqual(0);
    });

    test('its clock is near ours, where that was measured', async () => {
      const { exchange } = await start();
      expect(Math.abs(exchange.clockOffsetMs() ?? 0)).toBeLessThan(60_000);
    });

    test('its profile leaves room for our ids and our stops', async () => {
      const { profile } = (await start()).exchange;
      expect(profile.clientOrderId.maxLength).toBeGreaterThanOrEqual(18);
      expect(profile.maxStops).toBeGreaterThanOrEqual(profile.nativeStops ? 1 : 0);
      expect(profile.absence.answers).toBeGreaterThanOrEqual(1);
      expect(profile.absence.windowMs).toBeGreaterThanOrEqual(0);
    });
  });

  describe(`${name}: exchange: an order`, () => {
    test('at the market fills, and events, fills, order and account agree on it', async () => {
      const { exchange, symbol, moveTo, events, intent, found, fills, lastOrderEvent, held } = await start();
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

    test('#1 is sent once a call: one submit is one order and one amount filled', async () => {
      const { exchange, intent, moveTo, fills } = await start();
      await exchange.submit(intent('a', { limitPrice: '99' }));
      expect(await exchange.openOrders()).toHaveLength(1);
      await moveTo(97);
      await moveTo(95);
      expect(amountOf(await fills())).toBe('0.5');
    });

    test('#1 whose id is in use is refused, and the one that has the id is left as it was', async () => {
      const { exchange, intent, moveTo, found, fills } = await start();
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
      const { exchange, ref, intent, symbol } = await start();
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
      const { exchange, intent, ref } = await start();
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
      const { exchange, moveTo, intent, found, fills } = await start();
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

    test('#26 that is a stop waiting for its trigger is among the open ones', async () => {
      const { exchange, moveTo, intent, found, held } = await start();
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
      const { exchange, moveTo, intent, ref, fills, lastOrderEvent } = await start();
      await exchange.submit(intent('a', { limitPrice: '95' }));
      expect((await exchange.cancel(ref('a', { type: 'limit' }))).status).toBe('CANCELED');
      expect(await exchange.openOrders()).toEqual([]);
      await moveTo(90);
      expect(await fills()).toEqual([]);
      expect(lastOrderEvent()?.status).toBe('CANCELED');
    });

    test('#5 that has filled says so when it is cancelled', async () => {
      const { exchange, moveTo, intent, ref } = await start();
      await exchange.submit(intent('a'));
      await moveTo(101);
      expect((await exchange.cancel(ref('a'))).status).toBe('FILLED');
    });

    test('that never was cannot be cancelled', async () => {
      const { exchange, ref } = await start();
      const byVenueId = ref('', { clientOrderId: null, venueOrderId: venueOrderId('no-such-order') });
      for (const each of [ref('nobody'), byVenueId]) {
        await expect(exchange.cancel(each)).rejects.toMatchObject({ fault: 'rejected' });
      }
    });

    test('below the minimum, beyond the balance or of no market is rejected and leaves nothing behind', async () => {
      const { exchange, instrument, intent, found } = await start();
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
      const { exchange, moveTo, now, intent, found, fills, lastOrderEvent } = await start();
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

  describe(`${name}: exchange: fills`, () => {
    /** Buys and waits for the fill. */
    async function trade({ exchange, intent, moveTo }: Awaited<ReturnType<typeof start>>, id: string) {
      await exchange.submit(intent(id));
      await moveTo(100 + (Number.parseInt(id.slice(1), 10) % 2));
    }

    test('#15 come oldest first, each once, page by page, also when there are new ones between the pages', async () => {
      const venue = await start();
      const { exchange, symbol, events } = venue;
      for (const id of ['t1', 't2', 't3', 't4', 't5']) await trade(venue, id);
      const later = ['t6', 't7'];
      const { fills, cursor } = await readFills(exchange, symbol, {}, async () => {
        const id = later.shift();
        if (id !== undefined) await trade(venue, id);
      });
      for (const id of later) await trade(venue, id);
      const rest = await readFills(exchange, symbol, { cursor });
      const read = [...fills, ...rest.fills];
      const told = events.flatMap((event) => (event.kind === 'fill' ? [event.fill.tradeId] : []));
      expect(idsOf(read)).toEqual(told);
      expect(new Set(told).size).toBe(told.length);
      expect(read.map(({ clientOrderId: id }) => id)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7']);
      const times = read.map(({ time }) => time);
      expect(times).toEqual([...times].sort((x, y) => x - y));
    });

    test('from the last cursor on are only those that are new', async () => {
      const venue = await start();
      const { exchange, symbol } = venue;
      await trade(venue, 't1');
      const { cursor } = await readFills(exchange, symbol);
      expect(await readFills(exchange, symbol, { cursor })).toEqual({ fills: [], cursor });
      await trade(venue, 't2');
      const { fills } = await readFills(exchange, symbol, { cursor });
      expect(fills.map(({ clientOrderId: id }) => id)).toEqual(['t2']);
    });

    test('since a moment leave out what is older', async () => {
      const venue = await start();
      const { exchange, symbol } = venue;
      for (const id of ['t1', 't2', 't3']) await trade(venue, id);
      const all = await venue.fills();
      const since = all.find(({ clientOrderId: id }) => id === 't2')?.time ?? 0;
      const recent = await readFills(exchange, symbol, { since });
      expect(recent.fills).toEqual(all.filter(({ time }) => time >= since));
    });

    test('there are none of a symbol in which nothing was traded, and none before the first', async () => {
      const venue = await start();
      const { exchange, symbol } = venue;
      const none = await readFills(exchange, symbol);
      expect(none.fills).toEqual([]);
      await trade(venue, 't1');
      expect((await readFills(exchange, 'NO/SUCH')).fills).toEqual([]);
      const { fills } = await readFills(exchange, symbol, { cursor: none.cursor });
      expect(fills.map(({ clientOrderId: id }) => id)).toEqual(['t1']);
    });
  });

  describe(`${name}: exchange: the account`, () => {
    test('holds what it held, and what fills have brought and taken', async () => {
      const { exchange, instrument, symbol, moveTo, intent, fills } = await start();
      const before = await exchange.account();
      await exchange.submit(intent('a'));
      await moveTo(101);
      await exchange.submit(intent('b', { side: 'sell', amount: '0.2', purpose: 'exit', reduceOnly: true }));
      await moveTo(102);
      const after = await exchange.account();
      expect(after.time).toBeGreaterThanOrEqual(before.time);

      const expected = new Map([...before.assets].map(([asset, { total }]) => [asset, total]));
      const credit = (asset: string, amount: ReturnType<typeof asAsset>): void => {
        const held = expected.get(asset);
        expected.set(asset, held === undefined ? amount : add(held, amount));
      };
      let position = ZERO_BASE;
      for (const { side, price, amount, fee } of await fills()) {
        const cash = asAsset(notional(price, amount));
        position = (side === 'buy' ? add : subtract)(position, amount);
        if (instrument.kind === 'spot') {
          credit(instrument.quote, side === 'buy' ? negate(cash) : cash);
          credit(instrument.base, side === 'buy' ? asAsset(amount) : negate(asAsset(amount)));
        }
        if (fee !== null) credit(fee.asset, negate(fee.amount));
      }
      if (instrument.kind === 'spot') {
        const totals = new Map([...after.assets].map(([asset, { total }]) => [asset, total.toFixed()]));
        expect(totals).toEqual(new Map([...expected].map(([asset, amount]) => [asset, amount.toFixed()])));
        expect(after.positions.size).toBe(0);
      } else {
        expect(after.positions.get(symbol)?.toFixed()).toBe(position.toFixed());
        expect(position.toFixed()).toBe('0.3');
      }
    });

    test('has no position in a market where nothing is left', async () => {
      const { exchange, moveTo, intent, held } = await start();
      await exchange.submit(intent('a'));
      await moveTo(101);
      const all = (await held()).toFixed();
      await exchange.submit(intent('b', { side: 'sell', amount: all, purpose: 'exit', reduceOnly: true }));
      await moveTo(102);
      expect((await held()).isZero()).toBe(true);
      const { positions } = await exchange.account();
      expect([...positions.values()].every((quantity) => quantity.isZero())).toBe(true);
    });

    test('has less free while an order works, and never less in all', async () => {
      const { exchange, instrument, intent, ref } = await start();
      const cash = async () => {
        const { total, free } = (await exchange.account()).assets.get(instrument.quote) ?? {};
        return { total: Number(total), free: Number(free) };
      };
      const before = await cash();
      await exchange.submit(intent('a', { limitPrice: '95' }));
      const working = await cash();
      expect(working.total).toBe(before.total);
      expect(working.free).toBeLessThan(before.free);
      await exchange.cancel(ref('a', { type: 'limit' }));
      expect(await cash()).toEqual(before);
    });

    test('has no less in all than free, of any asset', async () => {
      const { exchange, moveTo, intent } = await start();
      await exchange.submit(intent('a'));
      await moveTo(101);
      await exchange.submit(intent('x', { side: 'sell', limitPrice: '110', amount: '0.2', purpose: 'exit' }));
      const { assets } = await exchange.account();
      expect(assets.size).toBeGreaterThan(0);
      for (const { total, free } of assets.values()) {
        expect(free.gte(0) && free.lte(total)).toBe(true);
      }
    });

    test('tells of money that moved otherwise, oldest first, each with an id of its own', async () => {
      const { exchange } = await start();
      const moved = await exchange.accountEvents(0);
      const times = moved.map(({ time }) => time);
      expect(times).toEqual([...times].sort((x, y) => x - y));
      expect(new Set(moved.map(({ id }) => id)).size).toBe(moved.length);
    });
  });

  describe(`${name}: exchange: events`, () => {
    test('come before the answers that depend on them', async () => {
      const { exchange, intent, ref, events, moveTo } = await start();
      await exchange.submit(intent('a', { limitPrice: '95' }));
      expect(events.some((event) => event.kind === 'order' && event.order.clientOrderId === 'a')).toBe(true);
      await moveTo(99);
      const canceled = await exchange.cancel(ref('a', { type: 'limit' }));
      const last = events.findLast((event) => event.kind === 'order');
      expect(last?.order).toEqual(canceled);
      expect(isFinal(canceled.status)).toBe(true);
    });

    test('are heard no more after the disposer was called', async () => {
      const { exchange, moveTo, intent, events, stopListening } = await start();
      stopListening();
      stopListening();
      await exchange.submit(intent('a'));
      await moveTo(101);
      expect(events).toEqual([]);
    });
  });
}
