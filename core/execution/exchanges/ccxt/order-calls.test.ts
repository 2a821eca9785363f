import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { VenueError, venueOrderId } from '../../../domain/index.ts';
import { OrderCalls } from './order-calls.ts';
import { contextOf, fakeCcxt, knownDialect, orderRow, refusal } from './testing/fake-ccxt.ts';

const PERPETUAL = 'BTC/USDT:USDT';

function at(id: string) {
  const ccxt = fakeCcxt();
  const orders = new OrderCalls(ccxt, contextOf(knownDialect(id)));
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
