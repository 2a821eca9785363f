import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SILENT_LOGGER } from '../../../domain/index.ts';
import { SYSTEM_TIMERS } from '../../../engine/installation/system-timers.ts';
import { openCcxt } from './open-ccxt.ts';
import { publicAccess } from './public-access.ts';

const SYMBOL = 'BTC/USDT';
const SPOT = {
  ...{ symbol: 'BTCUSDT', baseCoin: 'BTC', quoteCoin: 'USDT', status: 'Trading' },
  lotSizeFilter: { basePrecision: '0.000001', quotePrecision: '0.00000001', minOrderAmt: '5' },
  priceFilter: { tickSize: '0.01' },
};
const BAR = ['1735689600000', '100', '102', '99', '101', '7', '700'];

interface Reply {
  readonly status?: number;
  readonly body: string;
}
const said = (result: unknown, retCode = 0, retMsg = 'OK'): Reply => ({
  body: JSON.stringify({ retCode, retMsg, result, retExtInfo: {}, time: 1_735_689_600_000 }),
});

/** ccxt's own class of Bybit, on a server that answers as a test says. */
async function opened() {
  const asked: string[] = [];
  const replies = new Map<string, Reply>([['spot instruments-info', said({ list: [SPOT] })]]);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://venue');
    const call = url.pathname.replace(/^.*\//, '');
    const category = url.searchParams.get('category');
    asked.push(`${category} ${call}`);
    const reply = replies.get(`${category} ${call}`) ?? replies.get(call) ?? said({ list: [] });
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' }).end(reply.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // Listening on a port of TCP: no pipe, and not closed.
  const { port } = server.address() as AddressInfo;
  const { api, calls } = await openCcxt({
    dialect: publicAccess('bybit', 'spot'),
    endpoint: { rest: `http://127.0.0.1:${port}` },
    clock: { now: () => 1_735_689_660_000 },
    timers: SYSTEM_TIMERS,
    log: SILENT_LOGGER,
  });
  onTestFinished(async () => {
    await api.close();
    server.close();
  });
  await calls.make(() => api.loadMarkets());
  return { api, calls, asked, replies, candles: () => calls.make(() => api.fetchOHLCV(SYMBOL, '1m')) };
}

describe('prices of Bybit', () => {
  test('B2 are asked for with two kinds of market loaded, and no more', async () => {
    const { api, asked, replies, candles } = await opened();
    expect(new Set(asked)).toEqual(new Set(['spot instruments-info', 'linear instruments-info']));
    replies.set('kline', said({ list: [BAR] }));
    expect(await candles()).toHaveLength(1);
    expect(api.urls.api).toMatchObject({
      ws: { public: { spot: expect.stringMatching(/^ws:.*\/v5\/public\/spot$/) } },
    });
  });

  test.each<[string, Reply, string]>([
    ['a refusal, though with HTTP 200', said({}, 10001, 'params error: symbol invalid'), 'rejected'],
    ['a rate limit', said({}, 10006, 'Too many visits!'), 'rate-limited'],
    ['a failure of their own with a code', said({}, 10016, 'Internal System Error'), 'uncertain'],
    ['a timeout of theirs', said({}, 10000, 'Server Timeout'), 'uncertain'],
    ['a gateway without a code', { status: 502, body: '<html>Bad Gateway</html>' }, 'uncertain'],
  ])('B3 tell %s as it is', async (_name, reply, fault) => {
    const { replies, candles } = await opened();
    replies.set('kline', reply);
    await expect(candles()).rejects.toMatchObject({ fault });
  });

  test('B16 an address that was shut out is not taken for a line that fails: everybody waits', async () => {
    const { replies, candles } = await opened();
    replies.set('kline', { status: 403, body: '<html>access too frequent</html>' });
    await expect(candles()).rejects.toMatchObject({ fault: 'rate-limited', retryAfterMs: null });
  });

  test.each<[string, Reply]>([
    ['a cut body', { body: said({ list: [BAR] }).body.slice(0, 40) }],
    ['an empty body', { body: '' }],
    ['an empty document', { body: '{}' }],
    ['a document without its list', said({})],
  ])('B4 are not none because of %s', async (_name, reply) => {
    const { api, calls, replies, candles } = await opened();
    for (const call of ['kline', 'recent-trade', 'orderbook', 'instruments-info']) replies.set(call, reply);
    replies.delete('spot instruments-info');
    const asks = [
      candles,
      () => calls.make(() => api.fetchTrades(SYMBOL)),
      () => calls.make(() => api.fetchOrderBook(SYMBOL, 50)),
      () => calls.make(() => api.loadMarkets(true)),
    ];
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ fault: 'uncertain' });
  });
});
