import { describe, expect, test } from 'vitest';
import {
  CallError,
  type CandleView,
  ClientFrameSchema,
  DecimalTextSchema,
  describeIssues,
  ErrorBodySchema,
  isMethod,
  METHODS,
  mergeRows,
  ServerFrameSchema,
  type StatusView,
  TOPICS,
  type TopicRow,
  topicOf,
} from './index.ts';

const candle = (openTime: number, close = 1): CandleView => ({
  openTime,
  open: 1,
  high: 2,
  low: 1,
  close,
  volume: 1,
  closed: true,
});

describe('topics', () => {
  test.each([
    ['status', 'status'],
    ['equity', 'equity'],
    ['candles:BTC/USDT', 'candles'],
    ['candles:BTC/USDT:USDT', 'candles'],
    ['candles', undefined],
    ['candles:', undefined],
    ['candles:not a symbol', undefined],
    ['toString', undefined],
    ['', undefined],
  ])('the address %j belongs to %s', (address, topic) => {
    expect(topicOf(address)).toBe(topic);
  });

  test('every rows topic has keys and orders that its rows have', () => {
    for (const topic of Object.values(TOPICS)) {
      if (topic.kind === 'value') continue;
      const fields = Object.keys(topic.schema.shape);
      expect(fields).toContain(topic.key);
      expect(fields).toContain(topic.order);
    }
  });
});

describe('merging rows', () => {
  test('rows are replaced by key, inserted in order, and the oldest fall out', () => {
    expect(mergeRows('candles', [candle(1), candle(3)], [candle(2), candle(3, 9)])).toEqual([
      candle(1),
      candle(2),
      candle(3, 9),
    ]);
    const full = Array.from({ length: 2_000 }, (_, index) => candle(index));
    const merged = mergeRows('candles', full, [candle(2_000)]);
    expect([merged.length, merged[0]?.openTime, merged.at(-1)?.openTime]).toEqual([2_000, 1, 2_000]);
  });

  test('one row replaces the last, follows it, or takes its place among the others', () => {
    const rows = [candle(1), candle(3)];
    expect(mergeRows('candles', rows, [candle(3, 9)])).toEqual([candle(1), candle(3, 9)]);
    expect(mergeRows('candles', rows, [candle(4)])).toEqual([candle(1), candle(3), candle(4)]);
    expect(mergeRows('candles', rows, [candle(2)])).toEqual([candle(1), candle(2), candle(3)]);
    expect(mergeRows('candles', [], [candle(2)])).toEqual([candle(2)]);
  });

  test('trades of two symbols that their venue gave the same number are two', () => {
    const fill = (symbol: string, amount = '1') =>
      ({ symbol, tradeId: '1001', time: 5, amount }) as TopicRow<'fills'>;
    const both = mergeRows('fills', [fill('BTC/USDT')], [fill('ETH/USDT'), fill('BTC/USDT', '2')]);
    expect(both.map(({ symbol, amount }) => [symbol, amount])).toEqual([
      ['BTC/USDT', '2'],
      ['ETH/USDT', '1'],
    ]);
  });

  test('both sides of a trade of the account with itself are rows of their own', () => {
    const side = (side: 'buy' | 'sell') =>
      ({ symbol: 'BTC/USDT', tradeId: '1001', time: 5, side }) as TopicRow<'fills'>;
    expect(mergeRows('fills', [side('buy')], [side('sell'), side('buy')])).toHaveLength(2);
  });

  test('nothing changed, and what was given is left as it was', () => {
    const rows = [candle(2), candle(1)];
    expect(mergeRows('candles', rows, [])).toEqual([candle(1), candle(2)]);
    expect(rows).toEqual([candle(2), candle(1)]);
  });

  test('rows that share a time keep their order', () => {
    const alert = (id: string) => ({
      ...{ id, time: 5, severity: 'info' as const, rule: 'program' as const },
      ...{ title: id, message: '', acknowledged: null },
    });
    expect(mergeRows('alerts', [alert('b')], [alert('a'), alert('c')]).map(({ id }) => id)).toEqual([
      'b',
      'a',
      'c',
    ]);
  });

  test('a topic that is one value has no rows', () => {
    const status = {} as StatusView; // The content does not matter: the call must fail before reading it.
    expect(() => mergeRows('status', [status], [])).toThrow('status has no rows to merge');
  });
});

describe('methods', () => {
  test.each([
    ['status.get', undefined, {}],
    ['settings.get', {}, {}],
    ['candles.history', { symbol: 'BTC/USDT' }, { symbol: 'BTC/USDT', limit: 200 }],
    ['decisions.list', { outcome: 'blocked', limit: 2_000 }, { outcome: 'blocked', limit: 2_000 }],
    ['orders.list', { before: 5 }, { before: 5, limit: 200 }],
    ['killSwitch.activate', undefined, { reason: 'pressed by the trader' }],
    ['killSwitch.activate', {}, { reason: 'pressed by the trader' }],
    ['killSwitch.reset', { confirmation: 'RESET' }, { confirmation: 'RESET' }],
  ] as const)('%s accepts %j', (method, params, parsed) => {
    expect(METHODS[method].params.parse(params)).toEqual(parsed);
  });

  test.each([
    ['status.get', { verbose: true }],
    ['candles.history', {}],
    ['candles.history', { symbol: 'btc' }],
    ['trades.list', { limit: 0 }],
    ['trades.list', { limit: 2_001 }],
    ['decisions.list', { outcome: 'lost' }],
    ['decisions.get', undefined],
    ['killSwitch.activate', { reason: 'x'.repeat(201) }],
    ['killSwitch.reset', undefined],
    ['killSwitch.reset', { confirmation: 'reset' }],
  ] as const)('%s refuses %j', (method, params) => {
    expect(METHODS[method].params.safeParse(params).success).toBe(false);
  });

  test('only methods of the table are methods', () => {
    expect(Object.keys(METHODS).every(isMethod)).toBe(true);
    expect([isMethod('hasOwnProperty'), isMethod('status.set')]).toEqual([false, false]);
  });
});

describe('errors', () => {
  test('a failed call crosses the boundary and comes back the same', () => {
    const error = new CallError('CONFLICT', 'the kill switch is engaged, reset it first', {
      retryable: true,
      cause: 'latch',
    });
    const body = ErrorBodySchema.parse(JSON.parse(JSON.stringify(error.toBody())));
    expect(body).toEqual({
      code: 'CONFLICT',
      message: 'the kill switch is engaged, reset it first',
      retryable: true,
    });
    expect(CallError.fromBody(body)).toMatchObject({ ...body, name: 'CallError' });
    expect(error.cause).toBe('latch');
    expect(new CallError('INTERNAL', 'broken')).toMatchObject({ retryable: false });
  });

  test('a confirmation that is missing says what to type', () => {
    const parsed = METHODS['killSwitch.reset'].params.safeParse({ confirmation: 'yes' });
    expect(parsed.error && describeIssues(parsed.error, 'params')).toEqual([
      'params.confirmation: type RESET to confirm',
    ]);
  });
});

describe('frames', () => {
  test.each([
    { type: 'call', id: 1, method: 'status.get' },
    { type: 'subscribe', topic: 'candles:BTC/USDT' },
    { type: 'unsubscribe', topic: 'status' },
  ])('a client may send %j', (frame) => {
    expect(ClientFrameSchema.safeParse(frame).success).toBe(true);
  });

  test.each([
    { type: 'call', id: -1, method: 'status.get' },
    { type: 'call', id: 1, method: 'status.get', token: 'x' },
    { type: 'subscribe', topic: 'x'.repeat(101) },
    { type: 'shout' },
    null,
  ])('a client may not send %j', (frame) => {
    expect(ClientFrameSchema.safeParse(frame).success).toBe(false);
  });

  test.each([
    { type: 'result', id: 1, result: null },
    { type: 'error', id: null, error: { code: 'BAD_REQUEST', message: 'not JSON', retryable: false } },
    { type: 'stream', message: { topic: 'status', kind: 'snapshot', sequence: 0, content: {} } },
  ])('a server may send %j', (frame) => {
    expect(ServerFrameSchema.safeParse(frame).success).toBe(true);
  });
});

test.each([
  ['0', true],
  ['-12.50', true],
  ['1e5', false],
  ['.5', false],
  ['5.', false],
  ['+5', false],
  ['', false],
  ['1\n', false],
])('%j as money on the wire: %s', (text, valid) => {
  expect(DecimalTextSchema.safeParse(text).success).toBe(valid);
});
