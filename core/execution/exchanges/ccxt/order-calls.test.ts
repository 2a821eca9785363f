import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { VenueError, venueOrderId } from '../../../domain/index.ts';
import { ClientOrderIds } from '../../orders/client-order-id.ts';
import type { Dialect, LookUp } from './dialect.ts';
import { OrderCalls } from './order-calls.ts';
import { contextOf, fakeCcxt, knownDialect, orderRow, refusal } from './testing/fake-ccxt.ts';

const PERPETUAL = 'BTC/USDT:USDT';

function at(id: string | Dialect) {
  const ccxt = fakeCcxt();
  const dialect = typeof id === 'string' ? knownDialect(id) : id;
  const orders = new OrderCalls(ccxt, contextOf(dialect));
  const asked = (name: string) => ccxt.asked.filter(([call]) => call === name).map(([, ...given]) => given);
  return { ...ccxt, ccxtAsked: ccxt.asked, orders, asked };
}

describe('an order is sent', () => {
  test('C3 as a market order by its amount alone: a price beside it would change its size', async () => {
    const { orders, answers, asked } = at('binance');
    answers('createOrder', orderRow({ type: 'market', filled: '0.5', status: 'closed' }));
    const order = await orders.submit(intentOf('a', { amount: '0.5' }));
    expect(asked('createOrder')).toEqual([
      ['BTC/USDT', 'market', 'buy', '0.5', undefined, { clientOrderId: 'a' }],
    ]);
    expect(order).toMatchObject({ clientOrderId: 'a', venueOrderId: '17', status: 'FILLED', type: 'market' });
  });

  test('and whether it may still leave is asked when its turn has come, of that very order', async () => {
    const { orders, calls, answers } = at('binance');
    const told: unknown[] = [];
    answers('createOrder', () => {
      told.push(calls.current.mayLeave());
      return orderRow();
    });
    const intent = intentOf('a', { amount: '0.5' });
    await orders.submit(intent);
    const answer = { allowed: false, code: 'halted', message: intent.clientOrderId } as const;
    await orders.submit(intent, { mayLeave: ({ clientOrderId: message }) => ({ ...answer, message }) });
    expect(told).toEqual([{ allowed: true }, answer]);
  });

  test('as a limit at its price, exactly', async () => {
    const { orders, answers, asked } = at('binance');
    answers('createOrder', orderRow());
    await orders.submit(intentOf('a', { amount: '0.5', limitPrice: '100.10' }));
    expect(asked('createOrder')[0]?.slice(1, 5)).toEqual(['limit', 'buy', '0.5', '100.1']);
  });

  test('as a limit that never takes in the words of the dialect, and not at all where there are none', async () => {
    const making = intentOf('a', { amount: '0.5', limitPrice: '100', postOnly: true });
    const { orders, answers, asked } = at('binance');
    answers('createOrder', orderRow());
    await orders.submit(making);
    expect(asked('createOrder')[0]?.at(-1)).toEqual({ clientOrderId: 'a', postOnly: true });
    const without = fakeCcxt();
    const dialect = { ...knownDialect('binance'), postOnlyParams: null };
    const refused = new OrderCalls(without, contextOf(dialect)).submit(making);
    await expect(refused).rejects.toMatchObject({ fault: 'rejected' });
    expect(without.asked).toEqual([]);
  });

  test('as a stop, with reduce-only where the venue has that flag, and in contracts where it counts in them', async () => {
    const { orders, answers, asked } = at('binanceusdm');
    const stop = intentOf('a', {
      symbol: PERPETUAL,
      side: 'sell',
      amount: '0.5',
      stopPrice: 90,
      reduceOnly: true,
    });
    answers('createOrder', orderRow({ symbol: PERPETUAL, side: 'sell', type: 'market', triggerPrice: '90' }));
    const order = await orders.submit(stop);
    expect(asked('createOrder')).toEqual([
      [
        PERPETUAL,
        'market',
        'sell',
        '50',
        undefined,
        { clientOrderId: 'a', stopLossPrice: '90', reduceOnly: true },
      ],
    ]);
    expect(order).toMatchObject({ type: 'stop', amount: stop.amount, stopPrice: stop.stopPrice });
    const spot = at('binance');
    spot.answers('createOrder', orderRow());
    await spot.orders.submit({ ...stop, symbol: 'BTC/USDT' });
    expect(spot.asked('createOrder')[0]?.at(-1)).toEqual({ clientOrderId: 'a', stopLossPrice: '90' });
  });

  test('of a symbol that is not listed any more, as it was asked for', async () => {
    const { orders, answers, asked } = at('binance');
    answers('createOrder', orderRow({ symbol: 'NEW/USDT' }));
    await orders.submit(intentOf('a', { symbol: 'NEW/USDT', amount: '0.5' }));
    expect(asked('createOrder')[0]?.[3]).toBe('0.5');
  });

  test.each<[string, unknown]>([
    ['an answer without an id', orderRow({ id: undefined })],
    ['no answer', undefined],
    ['text', 'accepted'],
  ])('and %s leaves it in doubt', async (_name, answer) => {
    const { orders, answers } = at('binance');
    answers('createOrder', answer);
    await expect(orders.submit(intentOf('a'))).rejects.toMatchObject({ fault: 'uncertain' });
  });

  test('and an answer that leaves its amount out has accepted it', async () => {
    const { orders, answers } = at('binance');
    answers('createOrder', orderRow({ amount: undefined }));
    expect((await orders.submit(intentOf('a', { amount: '0.5' }))).status).toBe('OPEN');
  });
});

describe('an order is looked for', () => {
  test('V6 by the venue’s id once that is known, before that by ours', async () => {
    const { orders, answers, asked } = at('binance');
    answers('fetchOrder', orderRow());
    const found = await orders.find(refTo('sAbC', { venueOrderId: venueOrderId('17') }));
    await orders.find(refTo('sAbC'));
    expect(found).toMatchObject({ kind: 'found', order: { venueOrderId: '17' } });
    expect(asked('fetchOrder')).toEqual([
      ['17', 'BTC/USDT', {}],
      [undefined, 'BTC/USDT', { origClientOrderId: 'sAbC' }],
    ]);
  });

  test('and is absent only when the venue says so', async () => {
    const { orders, answers } = at('binance');
    answers('fetchOrder', refusal('-2013'));
    expect(await orders.find(refTo('a'))).toEqual({ kind: 'absent' });
    answers('fetchOrder', refusal('-1100'));
    await expect(orders.find(refTo('a'))).rejects.toBeInstanceOf(VenueError);
    answers('fetchOrder', { filled: '0' });
    await expect(orders.find(refTo('a'))).rejects.toMatchObject({ fault: 'uncertain' });
  });

  test('and one without an id, or of a market that is not listed, is not asked for', async () => {
    const { orders, ccxtAsked } = at('binance');
    expect(await orders.find(refTo('', { clientOrderId: null }))).toMatchObject({ kind: 'cannot-tell' });
    expect(await orders.find(refTo('a', { symbol: 'NO/SUCH' }))).toMatchObject({ kind: 'cannot-tell' });
    expect(ccxtAsked).toEqual([]);
  });

  const stopRef = refTo('sAbC', { symbol: PERPETUAL, type: 'stop' });
  const stopRow = orderRow({ symbol: PERPETUAL, triggerPrice: '90', side: 'sell', reduceOnly: true });

  test('V6 C6 in a list of its own where stops have one', async () => {
    const { orders, answers, asked } = at('binanceusdm');
    answers('fetchOrder', stopRow);
    expect(await orders.find(stopRef)).toMatchObject({
      kind: 'found',
      order: { type: 'stop', status: 'OPEN' },
    });
    expect(asked('fetchOrder')).toEqual([[undefined, PERPETUAL, { clientOrderId: 'sAbC', trigger: true }]]);
  });

  test('C2 and a stop that has triggered is what it became', async () => {
    const { orders, answers, asked } = at('binanceusdm');
    const triggered = { ...stopRow, status: 'closed', info: { actualOrderId: '88' } };
    const child = orderRow({ id: '88', symbol: PERPETUAL, side: 'sell', type: 'market', filled: '0.2' });
    answers('fetchOrder', (id: string | undefined) => (id === '88' ? child : triggered));
    expect(await orders.find(stopRef)).toMatchObject({
      kind: 'found',
      order: {
        venueOrderId: '88',
        parentVenueOrderId: '17',
        status: 'PARTIALLY_FILLED',
        reduceOnly: true,
        stopPrice: expect.anything(),
      },
    });
    expect(asked('fetchOrder')[1]).toEqual(['88', PERPETUAL, {}]);
  });

  test('and what became of it cannot be told where the venue does not find that', async () => {
    const { orders, answers } = at('binanceusdm');
    const triggered = { ...stopRow, status: 'closed', info: { actualOrderId: '88' } };
    answers('fetchOrder', (id: string | undefined) => (id === '88' ? refusal('-2013') : triggered));
    expect(await orders.find(stopRef)).toMatchObject({ kind: 'cannot-tell' });
  });
});

describe('an order is cancelled', () => {
  test('and then asked about: not every answer to a cancel says what had filled', async () => {
    const { orders, answers, asked } = at('binance');
    answers('cancelOrder', { status: 'canceled' });
    answers('fetchOrder', orderRow({ status: 'canceled', filled: '0.2' }));
    expect(await orders.cancel(refTo('sAbC'))).toMatchObject({ status: 'CANCELED' });
    expect(asked('cancelOrder')).toEqual([[undefined, 'BTC/USDT', { origClientOrderId: 'sAbC' }]]);
  });

  test('C16 and one that had ended is as it ended', async () => {
    const { orders, answers } = at('binance');
    answers('cancelOrder', refusal('-2011'));
    answers('fetchOrder', orderRow({ status: 'closed', filled: '0.5' }));
    expect(await orders.cancel(refTo('sAbC'))).toMatchObject({ status: 'FILLED' });
  });

  test.each([
    ['that the venue does not know', '-2011', 'rejected'],
    ['for which it does not answer', '-1006', 'rejected'],
  ])('and one %s is told of', async (_name, code, fault) => {
    const { orders, answers } = at('binance');
    answers('cancelOrder', refusal(code));
    answers('fetchOrder', refusal('-2013'));
    await expect(orders.cancel(refTo('a'))).rejects.toMatchObject({ fault, message: `says ${code}` });
  });

  test('and is in doubt where it was taken and nothing is found afterwards', async () => {
    const { orders, answers } = at('binance');
    answers('cancelOrder', {});
    answers('fetchOrder', refusal('-2013'));
    await expect(orders.cancel(refTo('a'))).rejects.toMatchObject({ fault: 'uncertain' });
  });
});

test('C6 working orders are those of every list', async () => {
  const { orders, answers, asked } = at('binanceusdm');
  const stop = orderRow({ id: '18', triggerPrice: '90' });
  answers('fetchOpenOrders', (_s: unknown, _f: unknown, _l: unknown, params: { trigger?: boolean }) =>
    params.trigger === true ? [stop] : [orderRow()],
  );
  expect((await orders.open([])).map(({ venueOrderId, type }) => [venueOrderId, type])).toEqual([
    ['17', 'limit'],
    ['18', 'stop'],
  ]);
  const spot = at('binance');
  spot.answers('fetchOpenOrders', []);
  expect(await spot.orders.open([])).toEqual([]);
  expect([asked('fetchOpenOrders'), spot.asked('fetchOpenOrders')].map(({ length }) => length)).toEqual([
    2, 1,
  ]);
});

describe('where an order cannot be asked for by our id', () => {
  const LISTS = {
    by: 'lists',
    ended: ['fetchOrders'],
    asksByVenueId: true,
    idsIn: null,
    limit: 3,
  } as const satisfies LookUp;
  const with_ = (lookUp: Partial<typeof LISTS> | LookUp = {}, more: Partial<Dialect> = {}): Dialect => ({
    ...knownDialect('binance'),
    isProven: false,
    // As given, over lists that can tell all.
    lookUp: { ...LISTS, ...lookUp },
    ownIdField: null,
    ...more,
  });
  /** It was tried whether the venue keeps our ids. */
  const KEPT = { isProven: true };
  const ours = orderRow({ clientOrderId: 'a' });
  const ofBar = (ordinal: number) =>
    new ClientOrderIds('s0a1').make({ symbol: 'BTC/USDT', time: 10_000_000, purpose: 'entry', ordinal });
  const [first, second] = [ofBar(1), ofBar(2)];

  test('it is gone through the lists for, working ones first', async () => {
    const { orders, answers, asked } = at(with_());
    answers('fetchOpenOrders', [orderRow({ id: '1' })]);
    answers('fetchOrders', [ours]);
    const ref = refTo('a', { since: 10_000_000 });
    expect(await orders.find(ref)).toMatchObject({ kind: 'found', order: { clientOrderId: 'a' } });
    expect(asked('fetchOpenOrders')).toEqual([['BTC/USDT', undefined, 3, {}]]);
    // Clocks differ.
    expect(asked('fetchOrders')).toEqual([['BTC/USDT', 10_000_000 - 600_000, 3, {}]]);
    answers('fetchOpenOrders', [ours]);
    expect(await orders.find(refTo('a'))).toMatchObject({ kind: 'found' });
    expect(asked('fetchOrders')).toHaveLength(1);
  });

  test('it is absent where lists that must have it do not', async () => {
    const { orders, answers, asked } = at(with_({}, KEPT));
    answers('fetchOpenOrders', []);
    answers('fetchOrders', [orderRow({ id: '1' })]);
    expect(await orders.find(refTo('a'))).toEqual({ kind: 'absent' });
    expect(asked('fetchOrders')).toEqual([['BTC/USDT', undefined, 3, {}]]);
  });

  test.each<[string, readonly unknown[], Partial<LookUp & { by: 'lists' }>]>([
    ['a list is full', [1, 2, 3].map((id) => orderRow({ id: `${id}` })), {}],
    ['a row may be ours and has no id of ours', [orderRow({ clientOrderId: undefined })], {}],
    ['there is no list of those that have ended', [], { ended: [] }],
  ])('nothing can be told of it where %s', async (_name, rows, lookUp) => {
    const { orders, answers } = at(with_(lookUp as Partial<typeof LISTS>));
    answers('fetchOpenOrders', []);
    answers('fetchOrders', rows);
    expect(await orders.find(refTo('a'))).toMatchObject({ kind: 'cannot-tell' });
  });

  test('B7 a list of one order is asked for by the one id or the other', async () => {
    const idsIn = { client: 'orderLinkId', venue: 'orderId' };
    const lists = with_({ ...LISTS, asksByVenueId: false, idsIn }, KEPT);
    const { orders, answers, asked } = at(lists);
    answers('fetchOpenOrders', []);
    answers('fetchOrders', []);
    expect(await orders.find(refTo('a'))).toEqual({ kind: 'absent' });
    expect(await orders.find(refTo('a', { venueOrderId: venueOrderId('17') }))).toEqual({ kind: 'absent' });
    expect(asked('fetchOpenOrders').map(([, , , params]) => params)).toEqual([
      { orderLinkId: 'a' },
      { orderId: '17' },
    ]);
  });

  describe('of which nobody knows whether it keeps our ids', () => {
    const blind = { kind: 'cannot-tell', isBlind: true, reason: expect.stringMatching(/^Fake has told no/) };
    const renamed = orderRow({ clientOrderId: 'their-own-1' });

    test('that none is found under one says nothing, whatever ids its orders have', async () => {
      const { orders, answers } = at(with_());
      answers('fetchOpenOrders', [renamed]);
      answers('fetchOrders', []);
      answers('createOrder', orderRow({ clientOrderId: first }));
      // What is answered to an order may be what was sent.
      await orders.submit(intentOf(first, { amount: '0.5' }));
      expect(await orders.find(refTo(first))).toEqual(blind);
      expect(await orders.open(['BTC/USDT'])).toHaveLength(1);
      expect(await orders.find(refTo(first))).toEqual(blind);
      await expect(orders.cancel(refTo(first))).rejects.toMatchObject({ fault: 'uncertain' });
    });

    test.each<[string, (there: ReturnType<typeof at>) => Promise<unknown>]>([
      [
        'an order that was asked for',
        ({ orders, answers }) => {
          answers('fetchOrder', orderRow({ clientOrderId: second }));
          return orders.find(refTo(second, { venueOrderId: venueOrderId('17') }));
        },
      ],
      [
        'a working order',
        ({ orders, answers }) => {
          answers('fetchOpenOrders', [orderRow({ clientOrderId: second })]);
          return orders.open(['BTC/USDT']);
        },
      ],
      [
        'one that has ended',
        ({ orders, answers }) => {
          answers('fetchOrders', [orderRow({ clientOrderId: second })]);
          return orders.find(refTo(first));
        },
      ],
    ])('it is absent once one of ours was told: %s', async (_name, see) => {
      const there = at(with_());
      const { orders, answers } = there;
      answers('fetchOpenOrders', []);
      answers('fetchOrders', [renamed]);
      expect(await orders.find(refTo(first))).toEqual(blind);
      await see(there);
      answers('fetchOpenOrders', []);
      answers('fetchOrders', [renamed]);
      expect(await orders.find(refTo(first))).toEqual({ kind: 'absent' });
    });

    test('orders from before it was sent show that as well, and nothing more is asked then', async () => {
      const { orders, answers, asked } = at(with_());
      answers('fetchOpenOrders', []);
      answers('fetchOrders', (_symbol: string, since?: number) =>
        since === undefined ? [orderRow({ clientOrderId: second })] : [],
      );
      const ref = refTo(first, { since: 10_000_000 });
      expect(await orders.find(ref)).toEqual({ kind: 'absent' });
      expect(asked('fetchOrders').map(([, since]) => since)).toEqual([9_400_000, undefined]);
      await orders.find(ref);
      expect(asked('fetchOrders').map(([, since]) => since)).toEqual([9_400_000, undefined, 9_400_000]);
    });

    test('an order that the venue does not know by its own id is absent all the same', async () => {
      const { orders, answers } = at(with_({}, { codes: knownDialect('binance').codes }));
      answers('fetchOrder', refusal('-2013'));
      expect(await orders.find(refTo(first, { venueOrderId: venueOrderId('17') }))).toEqual({
        kind: 'absent',
      });
    });
  });

  test('a waiting stop is looked for in the list that has stops', async () => {
    const { orders, answers, asked } = at(with_({}, { stopParams: { trigger: true } }));
    answers('fetchOpenOrders', []);
    answers('fetchOrders', []);
    await orders.find(refTo('a', { type: 'stop' }));
    expect([...asked('fetchOpenOrders'), ...asked('fetchOrders')].map(([, , , params]) => params)).toEqual([
      { trigger: true },
      {},
    ]);
  });

  test('it is cancelled by the venue’s id, which is looked for first', async () => {
    const { orders, answers, asked } = at(with_());
    answers('fetchOpenOrders', [ours]);
    answers('cancelOrder', {});
    answers('fetchOrder', { ...ours, status: 'canceled' });
    expect(await orders.cancel(refTo('a'))).toMatchObject({ status: 'CANCELED' });
    expect(asked('cancelOrder')).toEqual([['17', 'BTC/USDT', {}]]);
  });

  test.each<[string, readonly unknown[], string]>([
    ['is nowhere', [], 'rejected'],
    ['cannot be told of', [orderRow({ clientOrderId: undefined })], 'uncertain'],
  ])('and one that %s is not', async (_name, rows, fault) => {
    const { orders, answers, asked } = at(with_({}, KEPT));
    answers('fetchOpenOrders', rows);
    answers('fetchOrders', []);
    await expect(orders.cancel(refTo('a'))).rejects.toMatchObject({ fault });
    expect(asked('cancelOrder')).toEqual([]);
  });

  test('the answer about another order is none', async () => {
    const { orders, answers } = at(with_());
    answers('fetchOrder', orderRow({ id: '18' }));
    expect(await orders.find(refTo('a', { venueOrderId: venueOrderId('17') }))).toMatchObject({
      kind: 'cannot-tell',
    });
  });

  test('nothing is entered any more once an order came back without our id, and what reduces is', async () => {
    const { orders, answers, asked } = at(with_());
    answers('createOrder', { id: '17' });
    answers('fetchOrder', orderRow({ clientOrderId: undefined }));
    await orders.submit(intentOf('a', { amount: '0.5' }));
    await orders.find(refTo('a', { venueOrderId: venueOrderId('17') }));
    await expect(orders.submit(intentOf('b', { amount: '0.5' }))).rejects.toMatchObject({
      fault: 'rejected',
    });
    await orders.submit(intentOf('c', { amount: '0.5', side: 'sell', purpose: 'exit' }));
    expect(asked('createOrder')).toHaveLength(2);
  });

  test('B6 an answer that only acknowledges an order is one that works, as it was sent', async () => {
    const { orders, answers } = at(with_());
    answers('createOrder', { id: '17', status: undefined, amount: undefined, filled: null });
    const order = await orders.submit(intentOf('a', { amount: '0.5', limitPrice: '99' }));
    expect(order).toMatchObject({ venueOrderId: '17', status: 'OPEN', side: 'buy', type: 'limit' });
    expect(order.filledAmount.isZero()).toBe(true);
  });

  test('B8 working orders are asked for by symbol, and a full answer is none', async () => {
    const { orders, answers, asked } = at(with_({}, { openOrders: { bySymbol: true, limit: 2 } }));
    answers('fetchOpenOrders', (symbol: string) => [orderRow({ symbol })]);
    expect(await orders.open(['BTC/USDT', PERPETUAL, 'NO/SUCH'])).toHaveLength(2);
    expect(asked('fetchOpenOrders').map(([symbol, , limit]) => [symbol, limit])).toEqual([
      ['BTC/USDT', 2],
      [PERPETUAL, 2],
    ]);
    answers('fetchOpenOrders', [orderRow(), orderRow({ id: '18' })]);
    await expect(orders.open(['BTC/USDT'])).rejects.toMatchObject({ fault: 'uncertain' });
    const all = at(with_({}, { openOrders: { bySymbol: false, limit: 1 } }));
    all.answers('fetchOpenOrders', [orderRow()]);
    await expect(all.orders.open([])).rejects.toMatchObject({ fault: 'uncertain' });
  });

  test('V8 orders of few symbols are asked for one by one where that is cheaper, and those of what is not listed with all', async () => {
    const few = { bySymbol: false, limit: null, fewSymbols: 2 };
    const symbolsAsked = async (symbols: readonly string[], openOrders: Dialect['openOrders'] = few) => {
      const { orders, answers, asked } = at(with_({}, { openOrders }));
      answers('fetchOpenOrders', []);
      await orders.open(['BTC/USDT'], { symbols });
      return asked('fetchOpenOrders').map(([symbol]) => symbol);
    };
    expect(await symbolsAsked(['BTC/USDT', PERPETUAL])).toEqual(['BTC/USDT', PERPETUAL]);
    expect(await symbolsAsked(['BTC/USDT', PERPETUAL, 'BTC/USDT'])).toEqual([undefined]);
    expect(await symbolsAsked(['BTC/USDT', 'NO/SUCH'])).toEqual([undefined]);
    expect(await symbolsAsked(['BTC/USDT'], { bySymbol: false, limit: null })).toEqual([undefined]);
    expect(await symbolsAsked([PERPETUAL], { bySymbol: true, limit: null })).toEqual([PERPETUAL]);
  });
});
