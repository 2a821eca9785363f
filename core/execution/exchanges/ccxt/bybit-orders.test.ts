import { describe, expect, onTestFinished, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { startVenue, type VenueOptions } from '../../../../tests/venue/start-venue.ts';
import { SILENT_LOGGER, VenueError } from '../../../domain/index.ts';
import { SYSTEM_TIMERS } from '../../../engine/installation/system-timers.ts';
import { CcxtExchange } from './ccxt-exchange.ts';
import type { Dialect } from './dialect.ts';
import { openCcxt } from './open-ccxt.ts';
import { knownDialect } from './testing/fake-ccxt.ts';

const SYMBOL = 'SOL/USDT';
const COSTS = { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 2, slippageBps: 2 };

/** ccxt's own class of Bybit, trading at a local venue that answers as Bybit does. */
async function trading(changes: Partial<Dialect> = {}, given: VenueOptions = {}, symbol = SYMBOL) {
  const venue = await startVenue({
    dialect: 'bybit-spot',
    symbols: [SYMBOL, 'BNB/USDT'],
    historyBars: 10,
    accounts: [{ balances: { USDT: '10000', BNB: '10' }, feeAsset: 'BNB' }],
    ...given,
  });
  const dialect = { ...knownDialect('bybit'), ...changes };
  const connection = { dialect, clock: venue.clock, timers: SYSTEM_TIMERS, log: SILENT_LOGGER };
  const credentials = { apiKey: venue.apiKey, secret: venue.secret };
  const ccxt = await openCcxt({ ...connection, credentials, endpoint: { rest: venue.restUrl } });
  const exchange = new CcxtExchange({ ...connection, ccxt, quote: 'USDT', leverage: 3, costs: COSTS });
  onTestFinished(async () => {
    await exchange.close();
    await venue.close();
  });
  await exchange.open({ symbols: [symbol] });
  const intent = (id: string, given: Parameters<typeof intentOf>[1] = {}) =>
    intentOf(id, { symbol, amount: '0.5', ...given });
  const limitPrice = `${Math.round(venue.market(symbol).lastPrice.toNumber() * 0.9)}`;
  const ref = (id: string) => refTo(id, { symbol });
  const asked = (route: string): number =>
    venue.requests.filter((request) => request.route.includes(route)).length;
  return { venue, exchange, ccxt, intent, limitPrice, ref, asked };
}

describe('an order at Bybit', () => {
  test('B6 is only acknowledged, and what has become of it is asked for', async () => {
    const { exchange, intent, ref, venue } = await trading();
    const order = await exchange.submit(intent('a'));
    expect(order).toMatchObject({ status: 'OPEN', clientOrderId: 'a' });
    await venue.advance(1_000);
    const lookup = await exchange.order(ref('a'));
    expect(lookup).toMatchObject({
      kind: 'found',
      order: { status: 'FILLED', venueOrderId: order.venueOrderId },
    });
  });

  test('B6 that the matching refused after it was taken has been refused, with its reason', async () => {
    const { exchange, intent, ref, venue } = await trading();
    const dear = `${Math.round(venue.market(SYMBOL).lastPrice.toNumber() * 1.02)}`;
    await exchange.submit(intent('a', { limitPrice: dear, postOnly: true }));
    expect(await exchange.order(ref('a'))).toMatchObject({
      kind: 'found',
      order: { status: 'REJECTED', reason: 'EC_PostOnlyWillTakeLiquidity' },
    });
  });

  test('B7 is found by our id and by no other, also when it has ended and when there was none', async () => {
    const { exchange, intent, ref, limitPrice } = await trading();
    await exchange.submit(intent('a'));
    for (const id of ['b', 'c']) await exchange.submit(intent(id, { limitPrice }));
    expect(await exchange.order(ref('a'))).toMatchObject({ kind: 'found', order: { clientOrderId: 'a' } });
    expect(await exchange.order(ref('nobody'))).toEqual({ kind: 'absent' });
  });

  test('B7 asked for as ccxt would have it is some other one', async () => {
    const { exchange, ccxt, intent, limitPrice } = await trading();
    await exchange.submit(intent('a'));
    await exchange.submit(intent('b', { limitPrice }));
    const params = { clientOrderId: 'a', acknowledged: true };
    expect(await ccxt.api.fetchOrder(undefined, SYMBOL, params)).toMatchObject({ clientOrderId: 'b' });
  });

  test('B8 is not lost behind the first twenty that work', async () => {
    const { exchange, intent, limitPrice } = await trading();
    const ids = Array.from({ length: 25 }, (_, index) => `o${index}`);
    for (const id of ids) await exchange.submit(intent(id, { limitPrice, amount: '0.1' }));
    expect((await exchange.openOrders()).map(({ clientOrderId }) => `${clientOrderId}`).sort()).toEqual(
      ids.sort(),
    );
  });

  test('B9 has its fills read to the first, though the newest come first and a week at a time', async () => {
    const fills = knownDialect('bybit').fills;
    const { exchange, intent, venue } = await trading({ fills: { ...fills, limit: 2 } });
    const opened = venue.now();
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await exchange.submit(intent(id, { amount: '0.1' }));
      await venue.advance(60_000);
    }
    const ids: unknown[] = [];
    for (let cursor: string | null = null, more = true; more; ) {
      const page = await exchange.fills({ symbol: SYMBOL, cursor, since: opened });
      ids.push(...page.fills.map(({ clientOrderId }) => clientOrderId));
      ({ cursor, more } = page);
    }
    expect([...new Set(ids)]).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ids).toHaveLength(venue.fills().length);
  });

  test('B10 has its id for ever: the same again is refused, and the first stays what it was', async () => {
    const { exchange, intent, ref, venue } = await trading();
    await exchange.submit(intent('a'));
    await venue.advance(1_000);
    await expect(exchange.submit(intent('a'))).rejects.toMatchObject({ fault: 'rejected', code: '170141' });
    expect(await exchange.order(ref('a'))).toMatchObject({ kind: 'found', order: { status: 'FILLED' } });
    expect(venue.orders()).toHaveLength(1);
  });

  test('B11 is of its amount when it buys at the market', async () => {
    const { exchange, intent, venue } = await trading();
    await exchange.submit(intent('a'));
    expect(venue.orders().map(({ amount, quoteAmount }) => [amount.toFixed(), quoteAmount])).toEqual([
      ['0.5', undefined],
    ]);
  });

  test('B12 that is told late is absent at first, and nothing is made of one such answer', async () => {
    const { exchange, intent, ref, venue } = await trading();
    await exchange.submit(intent('a'));
    venue.faults.raise({ name: 'list-lag', on: 'GET /v5/order', ms: 60_000, times: 2 });
    expect(await exchange.order(ref('a'))).toEqual({ kind: 'absent' });
    expect(exchange.profile.absence.answers).toBeGreaterThan(1);
    expect(await exchange.order(ref('a'))).toMatchObject({ kind: 'found', order: { status: 'FILLED' } });
  });

  test('B13 leaves its stop to the engine: those of the venue have no direction and calls of their own', async () => {
    const { exchange } = await trading();
    expect(exchange.profile.nativeStops).toBe(false);
  });

  test('B14 and what fills is asked for: nothing is listened to that could go deaf', async () => {
    const { venue, exchange, asked } = await trading();
    expect(exchange.connection.state).toBe('connected');
    const before = asked('execution');
    for (let turn = 0; turn < 100 && asked('execution') < before + 2; turn += 1) await SYSTEM_TIMERS.wait(50);
    expect(asked('execution')).toBeGreaterThan(before + 1);
    expect(venue.sockets).toBe(0);
  });

  test('B15 asks nothing of the account besides itself, whose failure would look like its own', async () => {
    const { exchange, intent, asked } = await trading();
    await exchange.submit(intent('a'));
    expect([asked('user/query-api'), asked('account/info')]).toEqual([0, 0]);
  });
});

describe('a trade at Bybit', () => {
  const fillsOf = async ({ exchange, intent, venue }: Awaited<ReturnType<typeof trading>>) => {
    const since = venue.now();
    await exchange.submit(intent('a'));
    await venue.advance(1_000);
    const { fills } = await exchange.fills({ symbol: SYMBOL, cursor: null, since });
    expect(fills).not.toEqual([]);
    return fills;
  };

  test('B17 has its fee in the asset that the venue names, and ccxt takes it for the coins that were bought', async () => {
    const there = await trading();
    const [trade] = (await there.ccxt.api.fetchMyTrades(SYMBOL)) as readonly unknown[];
    expect(trade).toBeUndefined();
    const fills = await fillsOf(there);
    expect(await there.ccxt.api.fetchMyTrades(SYMBOL)).toMatchObject(
      fills.map(() => ({ fee: { currency: 'SOL' } })),
    );
    const fees = there.venue.fills().map(({ fee }) => fee.toFixed());
    expect(fills.map(({ fee }) => [fee?.asset, fee?.amount.toFixed()])).toEqual(
      fees.map((fee) => ['BNB', fee]),
    );
    // A ten-thousandth of a BNB is not a ten-thousandth of a SOL.
    const bnb = there.venue.market('BNB/USDT').lastPrice.toNumber();
    for (const { fee } of fills) expect(fee?.quoteValue.toNumber()).toBeCloseTo(Number(fee?.amount) * bnb, 1);
  });

  test('B17 has it in the coins that were bought where the trader has it so', async () => {
    const fills = await fillsOf(await trading({}, { accounts: [{ balances: { USDT: '10000' } }] }));
    expect(new Set(fills.map(({ fee }) => fee?.asset))).toEqual(new Set(['SOL']));
  });
});

test.each([
  ['BTC/USDT', '0.00012', '50000.01'],
  ['XRP/USDT', '1234567.8', '0.0001'],
  ['XRP/USDT', '100000', '0.1000'],
])(
  'B18 an order of Bybit’s %s of %s at %s goes as it was fitted, whatever ccxt makes of such numbers',
  async (symbol, amount, limitPrice) => {
    const { exchange, intent, venue } = await trading(
      {},
      { symbols: [symbol], accounts: [{ balances: { USDT: '100000' } }] },
      symbol,
    );
    const sent = exchange.submit(intent('a', { amount, limitPrice }));
    await (amount === '1234567.8' ? expect(sent).rejects.toMatchObject({ fault: 'rejected' }) : sent);
    const there = venue.openOrders().map((order) => [order.amount.toFixed(), order.price?.toFixed()]);
    expect(there).toEqual(amount === '1234567.8' ? [] : [[amount, `${Number(limitPrice)}`]]);
  },
);

test('B19 Bybit is opened and traded at though our clock is half a minute off, and follows when that jumps', async () => {
  const faults = [{ name: 'clock-skew', ms: 30_000, forMs: 60_000 }] as const;
  const { exchange, intent, venue } = await trading({}, { faults });
  await exchange.submit(intent('a', { amount: '0.1' }));
  await venue.advance(61_000);
  // Whichever question is refused first has the clock measured anew.
  await exchange.account().catch(() => undefined);
  for (let turn = 0; turn < 1_000 && exchange.clockOffsetMs() !== 0; turn += 1) await venue.settle(1);
  await exchange.submit(intent('b', { amount: '0.1' }));
  expect(venue.orders()).toHaveLength(2);
});

describe('an answer of Bybit about the account', () => {
  test.each(['cut-json', 'empty-answer'] as const)('B4 is none that was %s', async (name) => {
    const { exchange, ref, venue } = await trading();
    const asks = [
      () => exchange.openOrders(),
      () => exchange.account(),
      () => exchange.fills({ symbol: SYMBOL, cursor: null, since: venue.now() - 1_000 }),
      () => exchange.order(ref('a')),
    ];
    const routes = ['order/realtime', 'wallet-balance', 'execution/list', 'order/realtime'];
    for (const [index, ask] of asks.entries()) {
      venue.faults.raise({ name, on: routes[index] ?? '', times: 1 });
      const error: unknown = await ask().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(VenueError);
      expect(error).toMatchObject({ fault: 'uncertain' });
    }
  });

  test('B4 is none about an order whose acknowledgement was cut: that order is there', async () => {
    const { exchange, intent, ref, venue } = await trading();
    venue.faults.raise({ name: 'cut-json', on: 'POST /v5/order/create', times: 1 });
    await expect(exchange.submit(intent('a'))).rejects.toMatchObject({ fault: 'uncertain' });
    expect(await exchange.order(ref('a'))).toMatchObject({ kind: 'found' });
  });
});
