import { afterEach, describe, expect, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { startVenue } from '../../../../tests/venue/start-venue.ts';
import { type GateAnswer, type LogFields, SILENT_LOGGER } from '../../../domain/index.ts';
import { SYSTEM_TIMERS } from '../../../engine/installation/system-timers.ts';
import type { CcxtApi } from './ccxt-api.ts';
import { type CcxtOptions, openCcxt } from './open-ccxt.ts';
import { knownDialect } from './testing/fake-ccxt.ts';

const toClose: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of toClose.splice(0)) await each.close();
});

const START = Date.UTC(2025, 0, 1);

async function opened(given: Partial<CcxtOptions> = {}) {
  const said: LogFields[] = [];
  const ccxt = await openCcxt({
    dialect: knownDialect('binance'),
    clock: { now: () => START },
    timers: SYSTEM_TIMERS,
    log: { ...SILENT_LOGGER, warn: (fields) => said.push(fields) },
    ...given,
  });
  toClose.push(ccxt.api);
  return { ...ccxt, said };
}

/** Every address that an instance would ask. */
function addresses(tree: unknown): string[] {
  if (typeof tree === 'string') return [tree];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(addresses) : [];
}
const hosts = ({ urls }: CcxtApi): string[] => [
  ...new Set(addresses(urls.api).map((url) => new URL(url).host)),
];

describe('where it asks', () => {
  test('is the venue itself', async () => {
    expect(hosts((await opened()).api)).toContain('api.binance.com');
  });

  test.each([
    [{ rest: 'http://127.0.0.1:8300' }, ['127.0.0.1:8300']],
    [{ rest: 'https://gate.example', ws: 'wss://stream.example' }, ['gate.example', 'stream.example']],
  ])('is the endpoint alone where there is one: %o', async (endpoint, expected) => {
    const { api } = await opened({ endpoint, sandbox: true });
    expect(hosts(api).toSorted()).toEqual(expected);
    // The paths stay: ccxt tells markets apart by them.
    expect(addresses(api.urls.api).some((url) => url.endsWith('/api/v3'))).toBe(true);
  });

  test('is not the venue itself under the name of an endpoint', async () => {
    const endpoint = { rest: 'https://api.binance.com' };
    await expect(opened({ endpoint })).rejects.toThrow('api.binance.com is Binance itself');
  });

  test('C29 is the test network in sandbox mode, where there is one', async () => {
    expect(hosts((await opened({ sandbox: true })).api)).not.toContain('api.binance.com');
    const futures = opened({ sandbox: true, dialect: knownDialect('binanceusdm') });
    await expect(futures).rejects.toThrow('exchange.id: binanceusdm has no test network: name a server');
  });

  test('goes through the proxy that is given', async () => {
    const { api } = await opened({ proxy: 'http://127.0.0.1:3128' });
    expect(api).toMatchObject({ httpsProxy: 'http://127.0.0.1:3128', wssProxy: 'http://127.0.0.1:3128' });
  });

  test('is nowhere for a venue that ccxt does not know', async () => {
    const dialect = { ...knownDialect('binance'), id: 'nowhere' };
    await expect(opened({ dialect })).rejects.toThrow('ccxt does not know nowhere');
  });
});

test('C23 what ccxt says goes to the log and not to the terminal', async () => {
  const { api, said } = await opened();
  api.log('onMessage', new SyntaxError('JSON.parse'));
  expect(said).toEqual([{ words: 'onMessage SyntaxError: JSON.parse' }]);
});

test('its requests are dated by the clock that it is given', async () => {
  const { api } = await opened();
  expect(api.milliseconds()).toBe(START);
});

const KEY = { apiKey: 'k', secret: 's' };

test('C28 what is urgent is not held up by what waits, and each call costs what ccxt says', async () => {
  const { api, calls, budget } = await opened({ timers: new VirtualTimers(), credentials: KEY });
  await api.throttle();
  expect(budget.left).toBeCloseTo(299 / 300);
  await api.throttle(299);
  const waited: string[] = [];
  void api.throttle(1).then(() => waited.push('it was its turn'));
  await calls.make(() => api.throttle(240), true);
  expect([waited, budget.left]).toEqual([[], 0]);
});

test('V8 a line may spend its part of what the venue’s documents allow, else of ccxt’s own pace', async () => {
  const atOnce = async (given: Partial<CcxtOptions>): Promise<number> => {
    const { api, budget } = await opened({ timers: new VirtualTimers(), ...given });
    const before = budget.left;
    await api.throttle(1);
    return Math.round(1 / (before - budget.left));
  };
  const futures = knownDialect('binanceusdm');
  const { limit, ...undocumented } = futures;
  expect(limit?.unitsPerMinute).toBe(2_400);
  expect(await atOnce({ dialect: futures })).toBe(600);
  expect(await atOnce({ dialect: futures, share: 0.25 })).toBe(150);
  expect(await atOnce({ dialect: futures, credentials: KEY, share: 0.75 })).toBe(450);
  expect(await atOnce({ dialect: undocumented })).toBe(400);
});

test('V8 a call costs what the venue’s documents say where ccxt says less', async () => {
  const { api } = await opened({ dialect: knownDialect('binanceusdm') });
  const cost = (path: string, ccxtHas: object) =>
    api.calculateRateLimiterCost('fapiPrivateV3', 'GET', path, {}, ccxtHas);
  expect(cost('account', { cost: 1 })).toBe(5);
  expect(cost('income', { cost: 30 })).toBe(30);
});

test('what may not leave any more when its turn comes is rejected, and no request leaves', async () => {
  const timers = new VirtualTimers();
  const { api, calls, budget } = await opened({ timers });
  const requests: unknown[] = [];
  await budget.take(300, false);
  const gate: { answer: GateAnswer } = { answer: { allowed: true } };
  const order = calls.make(
    async () => {
      await api.throttle(200);
      requests.push('left');
    },
    false,
    () => gate.answer,
  );
  const outcome = expect(order).rejects.toMatchObject({ fault: 'rejected', message: 'the stop is engaged' });
  await timers.pass(1_000);
  gate.answer = { allowed: false, code: 'kill-switch', message: 'the stop is engaged' };
  await timers.pass(600_000);
  await outcome;
  expect(requests).toEqual([]);
});

test('a call that costs little does not wait for all there is, though its cost is told as text', async () => {
  const { api, budget } = await opened();
  await api.throttle('30');
  const before = budget.left;
  await api.throttle('1');
  expect(before - budget.left).toBeGreaterThan(0);
  expect(budget.left).toBeLessThan(0.95);
});

test('C12 a refusal is told by the venue’s code, though it comes through an endpoint', async () => {
  const venue = await startVenue({ symbols: ['BTC/USDT'], historyBars: 1 });
  toClose.push(venue);
  const credentials = { apiKey: venue.apiKey, secret: 'wrong' };
  const endpoint = { rest: venue.restUrl };
  const { api, calls } = await opened({ credentials, endpoint, clock: venue.clock });
  await expect(calls.make(() => api.fetchBalance())).rejects.toMatchObject({
    fault: 'unauthorised',
    code: '-1022',
  });
  await expect(calls.make(() => api.loadMarkets())).resolves.toBeDefined();
});

test('C12 a reply from the venue itself is judged by its own address, and one from its stand-in by the same', async () => {
  const reply = (url: string) => [200, 'OK', url, 'GET', {}, '{}', {}, {}, ''] as const;
  const { api } = await opened();
  expect(() => api.handleErrors(...reply('https://api.binance.com/api/v3/time'))).not.toThrow();
  const moved = await opened({ endpoint: { rest: 'http://127.0.0.1:9' } });
  expect(() => moved.api.handleErrors(...reply('http://127.0.0.1:9/api/v3/time'))).not.toThrow();
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -5, 'free'])(
  'V8 a call whose cost is %s costs one unit, and holds up nobody behind it',
  async (cost) => {
    const { api, budget } = await opened({ timers: new VirtualTimers() });
    await api.throttle(cost);
    const spent = 1 - budget.left;
    await api.throttle(1);
    expect(1 - budget.left).toBeCloseTo(2 * spent);
    expect(spent).toBeGreaterThan(0);
  },
);

describe('V8 what the venue says was used of the address’s minute', () => {
  test.each([
    ['binance', '5400'],
    ['binanceusdm', '2160'],
  ])('at %s is not spent once more, whoever used it', async (id, used) => {
    const { api, budget } = await opened({ dialect: knownDialect(id) });
    const reply = (headers: Readonly<Record<string, string>>) =>
      api.handleErrors(200, 'OK', 'https://api.binance.com/api/v3/time', 'GET', headers, '{}', {}, {}, '');
    for (const told of ['many', '-1', '0']) {
      reply({ 'X-Mbx-Used-Weight-1m': told });
      expect(budget.left).toBe(1);
    }
    reply({ 'X-Mbx-Used-Weight-1m': used });
    // A tenth of the minute, where a quarter of it may be spent at once.
    expect(budget.left).toBeCloseTo(0.4, 2);
  });

  test.each([
    ['binance', 'binance-spot'],
    ['binanceusdm', 'binance-usdm'],
  ] as const)('is heard in each reply of ccxt’s own class %s', async (id, dialect) => {
    const venue = await startVenue({ dialect, symbols: ['SOL/USDT'], historyBars: 1 });
    toClose.push(venue);
    const { api, budget } = await opened({ dialect: knownDialect(id), endpoint: { rest: venue.restUrl } });
    const left: number[] = [];
    budget.heed = (units) => left.push(units);
    await api.fetchTime();
    await api.fetchTime();
    const [first = 0, second = 0] = left;
    const { unitsPerMinute = 0 } = knownDialect(id).limit ?? {};
    expect(first).toBeLessThan(unitsPerMinute);
    expect(second).toBeLessThan(first);
  });
});
