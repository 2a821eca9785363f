import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ORDER_STATUSES, type OrderStatus } from '../contract/index.ts';
import {
  applyFillToOrder,
  applyOrderEvent,
  assetAmount,
  baseAmount,
  clientOrderId,
  decisionId,
  type Fill,
  IllegalTransitionError,
  isFinal,
  LEGAL_TRANSITIONS,
  mayFollow,
  newOrder,
  type OrderIntent,
  price,
  quoteAmount,
  refOf,
  remainingOf,
  text,
  tradeId,
  venueOrderId,
} from './index.ts';

const intent: OrderIntent = {
  clientOrderId: clientOrderId('d-1'),
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'market',
  purpose: 'entry',
  amount: baseAmount(1),
  limitPrice: null,
  stopPrice: null,
  reduceOnly: false,
  decisionId: decisionId('bar-1'),
  createdAt: 1_000,
  expiresAt: 3_601_000,
};

/** Rows: from. Columns: to, in the order of ORDER_STATUSES. */
const TABLE: Record<OrderStatus, string> = {
  //                 INTENT SENT OPEN PART FILLED CANC REJ EXP UNKNOWN
  INTENT: '          -      x    -    -    -      x    -   -   x',
  SENT: '            -      -    x    x    x      x    x   x   x',
  OPEN: '            -      -    x    x    x      x    x   x   x',
  PARTIALLY_FILLED: '-      -    -    x    x      x    -   x   x',
  FILLED: '          -      -    -    -    -      -    -   -   -',
  CANCELED: '        -      -    -    -    x      -    -   -   -',
  REJECTED: '        -      -    -    -    x      -    -   -   -',
  EXPIRED: '         -      -    -    -    x      -    -   -   -',
  UNKNOWN: '         -      -    x    x    x      x    x   x   -',
};

const pairs = ORDER_STATUSES.flatMap((from) => {
  const marks = TABLE[from].trim().split(/\s+/);
  return ORDER_STATUSES.map((to, column) => [from, to, marks[column] === 'x'] as const);
});

describe('transitions', () => {
  test.each(pairs)('%s to %s: %s', (from, to, legal) => {
    expect(mayFollow(from, to)).toBe(legal);
    const step = () =>
      applyOrderEvent(
        { ...newOrder(intent), status: from },
        { clientOrderId: intent.clientOrderId, status: to, at: 2_000 },
      );
    if (legal) expect(step().status).toBe(to);
    else expect(step).toThrow(IllegalTransitionError);
  });

  test('only filled, canceled, rejected and expired orders are over: an unknown one is not', () => {
    expect(ORDER_STATUSES.filter(isFinal)).toEqual(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED']);
  });

  test('the error names the order and both statuses', () => {
    const filled = { ...newOrder(intent), status: 'FILLED' } as const;
    expect(() =>
      applyOrderEvent(filled, { clientOrderId: intent.clientOrderId, status: 'OPEN', at: 2 }),
    ).toThrow('order d-1 cannot go from FILLED to OPEN');
  });

  test('no walk leaves a final status but by having filled, ends a filled order, or returns to INTENT', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ORDER_STATUSES), { maxLength: 30 }), (walk) => {
        let order = newOrder(intent);
        for (const [at, status] of walk.entries()) {
          const before = order;
          if (mayFollow(order.status, status)) {
            order = applyOrderEvent(order, { clientOrderId: intent.clientOrderId, status, at });
            if (isFinal(before.status))
              expect([before.status === 'FILLED', status]).toEqual([false, 'FILLED']);
            expect(order.status).not.toBe('INTENT');
          } else {
            expect(() =>
              applyOrderEvent(before, { clientOrderId: intent.clientOrderId, status, at }),
            ).toThrow(IllegalTransitionError);
          }
        }
        expect(order.amount).toBe(intent.amount);
      }),
    );
  });

  test('what was refused, cancelled or had expired can still turn out to have filled, and is then over for good', () => {
    for (const ended of ['CANCELED', 'REJECTED', 'EXPIRED'] as const) {
      const order = { ...newOrder(intent), status: ended };
      const filled = applyOrderEvent(order, {
        clientOrderId: intent.clientOrderId,
        status: 'FILLED',
        at: 2_000,
      });
      expect(filled).toMatchObject({ status: 'FILLED', updatedAt: 2_000 });
      expect(LEGAL_TRANSITIONS[filled.status]).toEqual([]);
    }
  });

  test('an open order may be told as open again, under another of the venue’s ids', () => {
    const { clientOrderId: id } = intent;
    const told = (order: ReturnType<typeof newOrder>, venue: string) =>
      applyOrderEvent(order, {
        clientOrderId: id,
        status: 'OPEN',
        at: 2_000,
        venueOrderId: venueOrderId(venue),
      });
    const sent = { ...newOrder(intent), status: 'SENT' } as const;
    expect(told(told(sent, 'v1'), 'v2')).toMatchObject({ status: 'OPEN', venueOrderId: 'v2' });
  });

  test('every status but INTENT can be reached', () => {
    const reachable = new Set(ORDER_STATUSES.flatMap((status) => LEGAL_TRANSITIONS[status]));
    expect([...reachable].sort()).toEqual(ORDER_STATUSES.filter((status) => status !== 'INTENT').sort());
  });
});

describe('what an order remembers', () => {
  test('a new order has the intent and nothing else', () => {
    expect(newOrder(intent)).toMatchObject({
      ...intent,
      status: 'INTENT',
      venueOrderId: null,
      reason: null,
      updatedAt: 1_000,
    });
  });

  test('an event without venue id or reason keeps those known', () => {
    const sent = applyOrderEvent(newOrder(intent), {
      clientOrderId: intent.clientOrderId,
      status: 'SENT',
      at: 1,
    });
    const open = applyOrderEvent(sent, {
      clientOrderId: intent.clientOrderId,
      status: 'OPEN',
      at: 2,
      venueOrderId: venueOrderId('v9'),
      reason: 'resting',
    });
    const filled = applyOrderEvent(open, { clientOrderId: intent.clientOrderId, status: 'FILLED', at: 3 });
    expect(filled).toMatchObject({ venueOrderId: 'v9', reason: 'resting', updatedAt: 3 });
  });

  test('a fill that arrives after the cancel is counted and does not reopen the order', () => {
    const fill: Fill = {
      tradeId: tradeId('t1'),
      clientOrderId: intent.clientOrderId,
      venueOrderId: null,
      symbol: intent.symbol,
      side: 'buy',
      purpose: 'entry',
      price: price(100),
      amount: baseAmount('0.4'),
      fee: { asset: 'USDT', amount: assetAmount('0.04'), quoteValue: quoteAmount('0.04') },
      liquidity: 'taker',
      time: 900,
    };
    const canceled = { ...newOrder(intent), status: 'CANCELED', updatedAt: 2_000 } as const;
    const after = applyFillToOrder(applyFillToOrder(canceled, fill), {
      ...fill,
      price: price(110),
      amount: baseAmount('0.6'),
      time: 2_500,
    });
    expect(after.status).toBe('CANCELED');
    expect(text(after.filledAmount)).toBe('1');
    expect(text(after.filledNotional)).toBe('106');
    expect(after.updatedAt).toBe(2_500);
    expect(text(remainingOf(after))).toBe('0');
  });
});

test('the venue finds an order by everything that is known of it', () => {
  const order = { ...newOrder(intent), venueOrderId: venueOrderId('v9') };
  expect(refOf(order)).toEqual({
    symbol: 'BTC/USDT',
    clientOrderId: 'd-1',
    venueOrderId: 'v9',
    type: 'market',
    since: intent.createdAt,
  });
});

test('what remains is what has not filled', () => {
  expect(text(remainingOf({ amount: baseAmount(3), filledAmount: baseAmount('0.5') }))).toBe('2.5');
});
