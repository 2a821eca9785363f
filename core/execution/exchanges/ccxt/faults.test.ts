import ccxt from 'ccxt';
import { describe, expect, test } from 'vitest';
import { VenueError } from '../../../domain/index.ts';
import { DIALECTS, dialectOf } from './dialects.ts';
import {
  CCXT_CLASSES,
  errorByClass,
  errorOfCall,
  errorOfList,
  errorOfReply,
  saysAlreadySo,
  saysUnknown,
} from './faults.ts';

const binance = dialectOf('binance') ?? expect.fail('binance is not there');
const codes = binance.codes.by === 'code' ? binance.codes : expect.fail('binance has codes of its own');
const told = (status: number, response: unknown, headers: Record<string, string> = {}) =>
  errorOfReply('Binance', codes, { status, response, headers });

describe('what a reply means', () => {
  test.each<[string, number, unknown, string | null]>([
    ['an order that was taken', 200, { orderId: 1 }, null],
    ['a list', 200, [{ orderId: 1 }], null],
    ['a success that carries its code', 200, { code: 200, msg: 'success' }, null],
    ['a list of one that was refused', 400, [{ code: -2011, msg: 'Unknown order sent.' }], 'rejected'],
    ['a filter', 400, { code: -1013, msg: 'Filter failure: NOTIONAL' }, 'rejected'],
    ['no money', 400, { code: -2010, msg: 'insufficient balance' }, 'rejected'],
    [
      'a revoked key, which ccxt takes for a rate limit',
      401,
      { code: -2015, msg: 'Invalid API-key' },
      'unauthorised',
    ],
    ['a wrong signature', 400, { code: -1022, msg: 'Signature' }, 'unauthorised'],
    ['a disconnected engine', 503, { code: -1006, msg: 'unexpected' }, 'uncertain'],
    ['a timeout of theirs told as a refusal', 408, { code: -1007, msg: 'Timeout' }, 'uncertain'],
    ['a page of a proxy', 502, undefined, 'uncertain'],
    ['a refusal without a code', 403, undefined, 'uncertain'],
    ['a cut body', 200, undefined, 'uncertain'],
    ['text where a document is due', 200, 'ok', 'uncertain'],
    ['nothing', 200, null, 'uncertain'],
    ['too many requests', 429, { code: -1003, msg: 'Too much' }, 'rate-limited'],
    ['a ban without a word', 418, undefined, 'rate-limited'],
    ['a limit told with another status', 400, { code: -1015, msg: 'Too many orders' }, 'rate-limited'],
    ['a code that comes with a success', 200, { code: 7, msg: '' }, null],
  ])('C11 %s', (_name, status, response, fault) => {
    expect(told(status, response)?.fault ?? null).toBe(fault);
  });

  test('a venue that refuses with HTTP 200 has refused', () => {
    const bybitLike = { ...codes, refusesWith200: true };
    const reply = { status: 200, headers: {}, response: { code: 170131, msg: 'Insufficient balance' } };
    expect(errorOfReply('Bybit', bybitLike, reply)?.fault).toBe('rejected');
  });

  test('C15 says how long the venue wants to be left alone', () => {
    expect(told(429, {}, { 'Retry-After': '7' })?.retryAfterMs).toBe(7_000);
    expect(told(429, {}, { 'retry-after': '2' })?.retryAfterMs).toBe(2_000);
    expect(told(429, {})?.retryAfterMs).toBeNull();
  });

  test.each(['-5', '1e9', '1792000000', 'Infinity', '', 'soon', 'Sat, 28 Nov 2026 22:30:00 GMT'])(
    'waits a minute where the venue asks for what is no time to wait: %j',
    (header) => {
      expect(told(429, {}, { 'Retry-After': header })?.retryAfterMs).toBe(60_000);
    },
  );

  test('names venue, code and words', () => {
    expect(told(400, { code: -1013, msg: 'Filter failure: NOTIONAL' })?.message).toBe(
      'Binance answers -1013: Filter failure: NOTIONAL',
    );
    expect(told(502, undefined)?.message).toBe('Binance answers 502');
    expect(told(400, { code: true, msg: 3 })?.message).toBe('Binance answers 400');
  });
});

test.each<[string, string, unknown, boolean]>([
  ['a list', '/api/v3/openOrders?symbol=BTCUSDT', [], true],
  ['another document', '/api/v3/openOrders', {}, false],
  ['a list in its field', '/api/v3/account', { balances: [] }, true],
  ['a document without that field', '/api/v3/account', { balances: 1 }, false],
  ['a list in the place of its field', '/api/v3/account', [], false],
  ['whatever answers a call of no list', '/api/v3/time', {}, true],
])('C1 where a list is due, %s (%s, %j) is all of it: %s', (_name, path, response, isWhole) => {
  const error = errorOfList('Binance', binance.lists, `https://venue.example${path}`, response);
  expect(error?.fault ?? null).toBe(isWhole ? null : 'uncertain');
});

describe('what the venue says of an order', () => {
  test.each([
    ['of one it does not know', -2013, true, false],
    ['of one that has ended', -2011, true, false],
    ['of something already so', -4046, false, true],
    ['of a filter', -1013, false, false],
  ])('%s', (_name, code, isUnknown, isSo) => {
    const error = told(400, { code, msg: '' });
    expect(saysUnknown(codes, error)).toBe(isUnknown);
    expect(saysAlreadySo(codes, error)).toBe(isSo);
  });

  test('an error of another kind says nothing', () => {
    expect(saysUnknown(codes, new Error('-2013'))).toBe(false);
    expect(saysAlreadySo(codes, new Error('-4046'))).toBe(false);
  });
});

describe('a call that failed without a reply', () => {
  test('C11 before anything had left was refused here', () => {
    expect(errorOfCall('Binance', new Error('amount too small'), false)).toMatchObject({
      fault: 'rejected',
      message: 'Binance: amount too small',
    });
  });

  test('C11 once something had left is in doubt', () => {
    expect(errorOfCall('Binance', new TypeError("reading 'x'"), true).fault).toBe('uncertain');
  });

  test('tells no address, which would hold the signature', () => {
    const words = 'binance GET https://api.binance.com/api/v3/order?signature=abc request timed out';
    const { message } = errorOfCall('Binance', new Error(words), true);
    expect(message).toBe('Binance has not answered: binance GET request timed out');
  });

  test('is taken as it is when it is known already, and said to be unknown when it is nothing', () => {
    const known = new VenueError('rate-limited', 'slow down');
    expect(errorOfCall('Binance', known, true)).toBe(known);
    expect(errorOfCall('Binance', 'boom', true).message).toBe('Binance has not answered: an unknown failure');
  });
});

test('every venue’s ids are long enough for ours, and none is written down twice', () => {
  expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
  for (const { profile } of DIALECTS) expect(profile.clientOrderId.maxLength).toBeGreaterThanOrEqual(18);
  expect(dialectOf('nowhere')).toBeUndefined();
});

describe('where a venue’s codes are not known', () => {
  const errors = new Map(
    Object.entries(ccxt).flatMap(([name, value]) =>
      typeof value === 'function' ? [[name, value as ErrorClass]] : [],
    ),
  );
  type ErrorClass = new (message: string) => Error;
  const thrown = (name: string): (() => never) => {
    const Class = errors.get(name) ?? expect.fail(`ccxt has no ${name}`);
    return () => {
      throw new Class('somewhere GET https://somewhere.example/order?signature=abc says so');
    };
  };
  const meant = (say: () => unknown, status = 400, response: unknown = {}) =>
    errorByClass('Somewhere', CCXT_CLASSES, { status, headers: { 'retry-after': '3' }, response }, say);

  test.each<[string, string]>([
    ['InsufficientFunds', 'rejected'],
    ['InvalidOrder', 'rejected'],
    ['OrderImmediatelyFillable', 'rejected'],
    ['BadSymbol', 'rejected'],
    ['OrderNotFound', 'rejected'],
    ['MarginModeAlreadySet', 'rejected'],
    ['InvalidNonce', 'rejected'],
    ['AuthenticationError', 'unauthorised'],
    ['AccountNotEnabled', 'unauthorised'],
    ['RateLimitExceeded', 'rate-limited'],
    ['ExchangeError', 'uncertain'],
    ['OperationFailed', 'uncertain'],
    ['OperationRejected', 'uncertain'],
    ['NetworkError', 'uncertain'],
    ['RequestTimeout', 'uncertain'],
    ['ExchangeNotAvailable', 'uncertain'],
    ['OnMaintenance', 'uncertain'],
    ['BadResponse', 'uncertain'],
    ['NullResponse', 'uncertain'],
    ['CancelPending', 'uncertain'],
  ])('a %s is %s', (name, fault) => {
    expect(meant(thrown(name))?.fault).toBe(fault);
    expect(meant(thrown(name))?.message).not.toContain('signature');
  });

  test('every class is one or the other, and all that ccxt may throw of the network are doubt', () => {
    const NetworkError = errors.get('NetworkError') ?? expect.fail('ccxt has no NetworkError');
    const known = ['RateLimitExceeded', 'DDoSProtection', 'InvalidNonce', 'ChecksumError'];
    const certain = [...errors].filter(
      ([name, Class]) =>
        Class.prototype instanceof NetworkError &&
        !known.includes(name) &&
        meant(thrown(name))?.fault !== 'uncertain',
    );
    expect(certain.map(([name]) => name)).toEqual([]);
  });

  test('a failure that is none of ccxt’s is doubt', () => {
    const fails = (error: unknown) => () => {
      throw error;
    };
    expect(meant(fails(new TypeError('no')))?.fault).toBe('uncertain');
    expect(meant(fails('no'))?.fault).toBe('uncertain');
  });

  test.each<[string, number, unknown, string | null]>([
    ['a document', 200, {}, null],
    ['a list', 200, [], null],
    ['a cut body', 200, null, 'uncertain'],
    ['a page of a proxy', 403, null, 'uncertain'],
    ['a refusal in which ccxt sees nothing', 400, {}, 'uncertain'],
    ['a failure of theirs', 503, {}, 'uncertain'],
    ['a locked door', 401, null, 'unauthorised'],
    ['too many requests', 429, null, 'rate-limited'],
    ['a ban', 418, {}, 'rate-limited'],
  ])('%s of which ccxt says nothing is as it says itself', (_name, status, response, fault) => {
    expect(meant(() => undefined, status, response)?.fault ?? null).toBe(fault);
  });

  test('a limit is kept as long as the venue says', () => {
    expect(meant(thrown('DDoSProtection'))?.retryAfterMs).toBe(3_000);
    expect(saysUnknown(CCXT_CLASSES, meant(thrown('OrderNotFound')))).toBe(true);
    expect(saysAlreadySo(CCXT_CLASSES, meant(thrown('NoChange')))).toBe(true);
    expect(saysUnknown(CCXT_CLASSES, meant(thrown('InvalidOrder')))).toBe(false);
  });
});
