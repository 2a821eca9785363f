import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FakeContractService, statusOf } from '../../tests/contracts/fake-contract-service.ts';
import type { ServerFrame } from '../contract/index.ts';
import { ManualClock, SILENT_LOGGER, TraderError } from '../domain/index.ts';
import { killSignature, SignedRequests } from '../engine/index.ts';
import { ApiTokens, type HeadlessHost, startHeadlessHost } from './index.ts';

let folder: string;
let service: FakeContractService;
let stopped: number;
let host: HeadlessHost;
let ready: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-host-'));
  mkdirSync(join(folder, 'renderer'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'renderer', 'index.html'), '<title>LLM-TradeBot</title>');
  writeFileSync(join(folder, 'outside.txt'), 'not for browsers');
  ready = true;
  stopped = 0;
  clock = new ManualClock(NOON);
  service = new FakeContractService({
    'status.get': () => statusOf({ host: 'headless' }),
    'health.get': () => ({ ready, problems: ready ? [] : ['the kill switch is engaged'], components: [] }),
    'orders.list': () => [],
    'killSwitch.activate': ({ from }) => {
      if (from !== 'signed-request') throw new Error('a bug with /a/path in it');
      stopped += 1;
      return statusOf().killSwitch;
    },
  });
  host = await start(0);
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

let clock: ManualClock;

async function start(port: number, limits: { readonly requestMs?: number } = {}): Promise<HeadlessHost> {
  return startHeadlessHost({
    ...limits,
    version: '1.2.3',
    clock,
    service,
    dataDirectory: join(folder, 'data'),
    rendererFolder: join(folder, 'renderer'),
    port,
    killLine: {
      port: 1,
      signed: new SignedRequests({
        directory: join(folder, 'data'),
        secret: SECRET,
        clock: new ManualClock(NOON),
      }),
    },
    log: SILENT_LOGGER,
  });
}

const SECRET = 'a secret of thirty-two characters';
const NOON = 1_704_110_400_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request as a program can make it: with any Host and Origin, and a path that nothing tidies up. */
async function ask(method: string, path: string, { headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const target = { host: '127.0.0.1', port: host.port, method, path, headers: { ...json, ...headers } };
    const request = httpRequest(target, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.on('error', reject);
    request.end(typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A connection without HTTP; that the host breaks it off fails no test by itself. */
function dial(onConnect?: () => void): Socket {
  return connect(host.port, '127.0.0.1', onConnect).on('error', () => undefined);
}

const apiToken = (): string => readFileSync(join(folder, 'data', 'api-token'), 'utf8').trim();
const bearer = (): { authorization: string } => ({ authorization: `Bearer ${apiToken()}` });
const loginToken = (url = host.loginUrl()): string => new URL(url).hash.replace('#token=', '');

async function logIn(token = loginToken()): Promise<Answer> {
  return ask('POST', '/api/v1/session', { body: { token } });
}

interface PageHeaders extends Record<string, string> {
  readonly cookie: string;
  readonly 'x-tradebot-key': string;
}

/** What the page sends with every request once it has logged in. */
async function pageHeaders(): Promise<PageHeaders> {
  const { headers, text } = await logIn();
  const [cookie] = headers['set-cookie'] ?? [];
  const { key } = JSON.parse(text) as { key: string };
  return { cookie: cookie?.split(';')[0] ?? '', 'x-tradebot-key': key };
}

function errorOf({ text }: Answer): unknown {
  return (JSON.parse(text) as { error: unknown }).error;
}

describe('logging in', () => {
  it('turns the printed one-time token into a cookie that no script and no other site can use', async () => {
    const answer = await logIn();
    expect(answer.status).toBe(200);
    const [cookie] = answer.headers['set-cookie'] ?? [];
    const parts = (cookie ?? '').split('; ');
    expect(parts[0]).toMatch(/^tradebot_[0-9a-f]{16}=[\w-]{43}$/);
    expect(parts.slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict']);
    const { key } = JSON.parse(answer.text) as { key: string };
    const headers = { cookie: parts[0] ?? '', 'x-tradebot-key': key };
    const status = await ask('GET', '/api/v1/status', { headers });
    expect(JSON.parse(status.text)).toMatchObject({ host: 'headless' });
  });

  it('keeps the token out of the address that is sent and logged', () => {
    const url = new URL(host.loginUrl());
    expect(url.origin).toBe(`http://127.0.0.1:${host.port}`);
    expect(url.search).toBe('');
    expect(loginToken()).toMatch(/^[\w-]{43}$/);
  });

  it('works once a token', async () => {
    const token = loginToken();
    expect((await logIn(token)).status).toBe(200);
    const again = await logIn(token);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['a wrong token', { token: 'guess' }],
    ['no token', {}],
    ['a token that is no text', { token: { $ne: null } }],
    ['no body', undefined],
    ['null', 'null'],
  ])('refuses %s', async (_fault, body) => {
    const answer = await ask('POST', '/api/v1/session', { body });
    expect(answer.status).toBe(401);
    expect(errorOf(answer)).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('ends with logging out', async () => {
    const headers = await pageHeaders();
    expect((await ask('GET', '/api/v1/session', { headers })).status).toBe(200);
    expect((await ask('DELETE', '/api/v1/session', { headers })).status).toBe(200);
    expect((await ask('GET', '/api/v1/session', { headers })).status).toBe(401);
  });

  it('is offered to another browser by whoever can read the API token, and by nobody else', async () => {
    const headers = await pageHeaders();
    expect((await ask('POST', '/api/v1/session/link', { headers })).status).toBe(401);
    const answer = await ask('POST', '/api/v1/session/link', { headers: bearer() });
    const { url } = JSON.parse(answer.text) as { url: string };
    expect((await logIn(loginToken(url))).status).toBe(200);
  });
});

describe('without credentials', () => {
  it.each([
    ['GET', '/api/v1/session'],
    ['GET', '/api/v1/status'],
    ['GET', '/api/v1/portfolio'],
    ['GET', '/api/v1/positions'],
    ['GET', '/api/v1/orders'],
    ['GET', '/api/v1/trades'],
    ['GET', '/api/v1/decisions'],
    ['GET', '/api/v1/decisions/1'],
    ['GET', '/api/v1/candles?symbol=BTC/USDT'],
    ['POST', '/api/v1/session/link'],
    ['POST', '/api/v1/call/killSwitch.reset'],
    ['POST', '/api/v1/call/status.get'],
  ])('#33 %s %s is refused before the engine is asked', async (method, path) => {
    for (const headers of [{}, { cookie: 'tradebot_session=guess' }, { authorization: 'Bearer guess' }]) {
      const answer = await ask(method, path, { headers });
      expect(answer.status).toBe(401);
      expect(errorOf(answer)).toMatchObject({ code: 'UNAUTHORIZED' });
    }
    expect(service.calls).toEqual([]);
  });

  it('the page itself loads: it holds no secret and has to log in', async () => {
    const answer = await ask('GET', '/');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('LLM-TradeBot');
  });
});

describe('foreign pages', () => {
  const paths = ['/', '/api/v1/health/live', '/api/v1/status', '/api/v1/nowhere'];

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '127.0.0.1', '0.0.0.0:5173'])(
    'under the host name %s get nothing (DNS rebinding)',
    async (name) => {
      for (const path of paths) {
        const answer = await ask('GET', path, { headers: { host: name, ...bearer() } });
        expect(answer.status).toBe(403);
        expect(answer.text).not.toContain('LLM-TradeBot');
      }
    },
  );

  it.each(['http://evil.example', 'https://127.0.0.1', 'http://localhost:1', 'null'])(
    'of the origin %s get nothing, cookie or not',
    async (origin) => {
      const call = { headers: { origin, ...(await pageHeaders()) }, body: {} };
      expect((await ask('POST', '/api/v1/call/killSwitch.activate', call)).status).toBe(403);
      expect(service.calls).toEqual([]);
    },
  );

  it('never get a permission to read across origins', async () => {
    const origin = `http://localhost:${host.port}`;
    const answer = await ask('GET', '/', { headers: { host: `localhost:${host.port}`, origin } });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('every answer', () => {
  it.each([
    ['the page', '/', 200],
    ['an API answer', '/api/v1/health/live', 200],
    ['a refusal', '/api/v1/status', 401],
    ['nothing', '/nowhere', 404],
  ])('carries the security headers: %s', async (_what, path, status) => {
    const { headers, ...answer } = await ask('GET', path);
    expect(answer.status).toBe(status);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it.each([
    '/../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/%2e%2e%2foutside.txt',
    '/..%5coutside.txt',
    '/assets/../../outside.txt',
    '//outside.txt',
    '/../data/api-token',
    '/%00',
  ])('stays inside the folder of the page: %s', async (path) => {
    const answer = await ask('GET', path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toContain('not for browsers');
    expect(answer.text).not.toContain(apiToken());
  });
});

describe('REST', () => {
  it('#36 is alive while halted, but not ready: an emergency stop must never cause a restart', async () => {
    ready = false;
    expect((await ask('GET', '/api/v1/health/live')).status).toBe(200);
    const health = await ask('GET', '/api/v1/health');
    expect(health.status).toBe(503);
    expect(JSON.parse(health.text)).toEqual({
      ready: false,
      problems: ['the kill switch is engaged'],
      components: [],
    });
    ready = true;
    expect((await ask('GET', '/api/v1/health')).status).toBe(200);
  });

  it('reads query parameters as the methods want them', async () => {
    await ask('GET', '/api/v1/orders?symbol=BTC%2FUSDT&limit=5', { headers: bearer() });
    expect(service.calls).toEqual([{ method: 'orders.list', params: { symbol: 'BTC/USDT', limit: 5 } }]);
  });

  it('calls any method of the contract', async () => {
    const answer = await ask('POST', '/api/v1/call/status.get', { headers: bearer() });
    expect(JSON.parse(answer.text)).toMatchObject({ result: { mode: 'demo' } });
  });

  it.each([
    ['an unknown method', 'POST', '/api/v1/call/money.print', {}, 404, 'NOT_FOUND'],
    ['an unknown path', 'GET', '/api/v1/nowhere', undefined, 404, 'NOT_FOUND'],
    ['a bad parameter', 'GET', '/api/v1/orders?limit=0', undefined, 400, 'BAD_REQUEST'],
    ['an unknown parameter', 'GET', '/api/v1/orders?colour=red', undefined, 400, 'BAD_REQUEST'],
    ['a parameter twice', 'GET', '/api/v1/orders?limit=1&limit=2', undefined, 400, 'BAD_REQUEST'],
    ['broken JSON', 'POST', '/api/v1/call/status.get', '{', 400, 'BAD_REQUEST'],
    ['too much', 'POST', '/api/v1/call/status.get', { text: 'x'.repeat(300_000) }, 400, 'BAD_REQUEST'],
    ['what is not ready', 'GET', '/api/v1/trades', undefined, 503, 'UNAVAILABLE'],
    ['what breaks', 'POST', '/api/v1/call/killSwitch.activate', {}, 500, 'INTERNAL'],
  ])('answers %s with one clear line', async (_fault, method, path, body, status, code) => {
    const answer = await ask(method, path, { headers: bearer(), body });
    expect(answer.status).toBe(status);
    const error = errorOf(answer) as { code: string; message: string };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[^\n]+$/);
    expect(error.message).not.toContain('/a/path');
  });
});

describe('a port that is taken', () => {
  it('is one clear line with what to do', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => {
      blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port));
    });
    const failure: unknown = await start(port).catch((error: unknown) => error);
    blocker.close();
    expect(failure).toBeInstanceOf(TraderError);
    expect(failure).toMatchObject({
      kind: 'bad-input',
      message: `port ${port} is in use: stop the other program or choose another with --port`,
    });
  });
});

describe('closing the host', () => {
  it('waits for no browser that keeps a connection open without asking anything', async () => {
    const idle = dial();
    const opened = new Promise((resolve) => idle.once('connect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    await opened;
    await host.close();
    await closed;
  });

  it('is done once', async () => {
    await host.close();
    await host.close();
  });
});

describe('the metrics', () => {
  it('are for programs with the API token, in text', async () => {
    await host.close();
    host = await startHeadlessHost({
      service,
      version: '1.2.3',
      clock,
      metrics: async () => 'tradebot_equity_quote 10000',
      dataDirectory: join(folder, 'data'),
      rendererFolder: join(folder, 'renderer'),
      port: 0,
      log: SILENT_LOGGER,
    });
    expect(await ask('GET', '/metrics')).toMatchObject({ status: 401 });
    expect(await ask('GET', '/metrics', { headers: bearer() })).toMatchObject({
      status: 200,
      text: 'tradebot_equity_quote 10000',
    });
  });
});

describe('WebSocket', () => {
  const address = (path = '/ws'): string => `ws://127.0.0.1:${host.port}${path}`;

  /** An open connection, or the status that it was refused with. */
  async function open(
    path: string,
    { 'x-tradebot-key': key, ...headers }: Readonly<Record<string, string>>,
  ): Promise<WebSocket | number> {
    const socket = new WebSocket(address(path), key === undefined ? [] : ['tradebot', key], { headers });
    return new Promise((resolve) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.on('error', () => undefined);
    });
  }

  async function connected(): Promise<{ socket: WebSocket; next: () => Promise<ServerFrame> }> {
    const socket = await open('/ws', await pageHeaders());
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const frames: ServerFrame[] = [];
    const waiting: ((frame: ServerFrame) => void)[] = [];
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      const taker = waiting.shift();
      if (taker === undefined) frames.push(frame);
      else taker(frame);
    });
    const next = async (): Promise<ServerFrame> => {
      const frame = frames.shift();
      return frame ?? new Promise((resolve) => waiting.push(resolve));
    };
    return { socket, next };
  }

  it.each([
    ['without a cookie', '/ws', {}, 401],
    ['with a wrong cookie', '/ws', { cookie: 'tradebot_session=guess' }, 401],
    ['with a broken cookie', '/ws', { cookie: '=;;%%%' }, 401],
    ['on another path', '/api/v1/status', {}, 404],
    ['from a foreign page', '/ws', { origin: 'http://evil.example' }, 403],
    ['under a foreign name', '/ws', { host: 'evil.example' }, 403],
  ])('refuses a connection %s', async (_case, path, headers, status) => {
    expect(await open(path, headers)).toBe(status);
  });

  it('refuses a foreign page that brings a good cookie', async () => {
    const headers = await pageHeaders();
    expect(await open('/ws', { ...headers, origin: 'http://evil.example' })).toBe(403);
  });

  it('takes the API token of a program', async () => {
    const socket = await open('/ws', bearer());
    expect(socket).toBeInstanceOf(WebSocket);
  });

  it('obeys nobody any more who has logged out, though he does not hang up', async () => {
    const headers = await pageHeaders();
    const key = headers['x-tradebot-key'];
    const peer = dial();
    peer.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tradebot, ${key}\r\nCookie: ${headers.cookie}\r\n\r\n`,
    );
    await once(peer, 'data');
    const pause = Buffer.from(JSON.stringify({ type: 'call', id: 1, method: 'trading.pause' }));
    const farewell = once(peer, 'data');
    await ask('DELETE', '/api/v1/session', { headers });
    await farewell;
    // A masked text frame whose mask changes nothing.
    peer.write(Buffer.concat([Buffer.from([0x81, 0x80 | pause.length, 0, 0, 0, 0]), pause]));
    // It hangs up after all.
    peer.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    await once(peer.resume(), 'close');
    expect(service.calls).toEqual([]);
  });

  it('obeys a token no longer than it holds, and sends its bearer away', async () => {
    const tokens = new ApiTokens(join(folder, 'data'), clock);
    const { secret, token } = tokens.make('a program', ['read', 'safety'], 1);
    const socket = await open('/ws', { authorization: `Bearer ${secret}` });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const closed = once(socket, 'close');
    const answer = once(socket, 'message');
    tokens.revoke(token.id);
    socket.send(JSON.stringify({ type: 'call', id: 1, method: 'status.get' }));
    expect(JSON.parse(String((await answer)[0]))).toMatchObject({ error: { code: 'UNAUTHORIZED' } });
    expect((await closed)[0]).toBe(4401);
    expect(service.calls).toEqual([]);
  });

  it('leaves places to the trader, however many connections a program opens', async () => {
    const { secret } = new ApiTokens(join(folder, 'data'), clock).make('a program', ['read'], 1);
    const headers = { authorization: `Bearer ${secret}` };
    for (let each = 0; each < 10; each += 1) {
      const opened = await Promise.all(Array.from({ length: 20 }, () => open('/ws', headers)));
      expect(opened.filter((socket) => typeof socket === 'number')).toEqual([]);
    }
    expect(await open('/ws', headers)).toBe(503);
    expect(await open('/ws', await pageHeaders())).toBeInstanceOf(WebSocket);
  });

  it('answers calls', async () => {
    const { socket, next } = await connected();
    socket.send(JSON.stringify({ type: 'call', id: 3, method: 'status.get' }));
    expect(await next()).toMatchObject({ type: 'result', id: 3, result: { mode: 'demo' } });
    socket.send(JSON.stringify({ type: 'call', id: 4, method: 'killSwitch.reset', params: {} }));
    expect(await next()).toMatchObject({ type: 'error', id: 4, error: { code: 'BAD_REQUEST' } });
  });

  it('streams a snapshot and then the changes', async () => {
    const { socket, next } = await connected();
    service.hub.set('status', statusOf());
    socket.send(JSON.stringify({ type: 'subscribe', topic: 'status' }));
    expect(await next()).toMatchObject({ message: { kind: 'snapshot', sequence: 1 } });
    service.hub.set('status', statusOf({ trading: 'halted' }));
    service.hub.flush();
    expect(await next()).toMatchObject({
      message: { kind: 'update', sequence: 2, content: { trading: 'halted' } },
    });
  });

  it.each(['not JSON', '[]', 'null', '{"type":"call"}'])('answers the malformed frame %s', async (text) => {
    const { socket, next } = await connected();
    socket.send(text);
    expect(await next()).toMatchObject({ type: 'error', id: null, error: { code: 'BAD_REQUEST' } });
    socket.send(JSON.stringify({ type: 'call', id: 1, method: 'status.get' }));
    expect(await next()).toMatchObject({ type: 'result', id: 1 });
  });

  it('ends the streams of a client that is gone', async () => {
    const { socket, next } = await connected();
    socket.send(JSON.stringify({ type: 'subscribe', topic: 'status' }));
    await next();
    expect(service.openSubscriptions).toBe(1);
    socket.terminate();
    await expect.poll(() => service.openSubscriptions).toBe(0);
  });

  it('cuts off a client that sends too much, and lives on', async () => {
    const { socket } = await connected();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send('x'.repeat(300_000));
    expect(await closed).toBe(1009);
    expect((await ask('GET', '/api/v1/health/live')).status).toBe(200);
  });

  it('lives on when a refused peer hangs up at once', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await new Promise<void>((resolve) => {
        const socket = dial(() => {
          const lines = [
            'GET /ws HTTP/1.1',
            'Host: evil',
            'Connection: Upgrade',
            'Upgrade: websocket',
            '',
            '',
          ];
          socket.write(lines.join('\r\n'), () => {
            socket.resetAndDestroy();
            resolve();
          });
        });
      });
    }
    expect((await ask('GET', '/api/v1/health/live')).status).toBe(200);
  });

  it('closes every connection with the host', async () => {
    const { socket } = await connected();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await host.close();
    await closed;
    host = await start(0);
  });
});

it('serves and ends where the note of its port can be neither written nor taken away', async () => {
  await host.close();
  mkdirSync(join(folder, 'data', 'host.json'));
  host = await start(0);
  expect(await ask('GET', '/health')).toMatchObject({ status: 200 });
  await host.close();
  await expect(ask('GET', '/health')).rejects.toThrow();
});

it('nothing is compressed for strangers, whom it would cost little to ask for it without end', async () => {
  writeFileSync(join(folder, 'renderer', 'long.js'), 'x'.repeat(100_000));
  const headers = { 'accept-encoding': 'br, gzip' };
  for (const path of ['/long.js', '/api/v1/openapi.json']) {
    const answer = await ask('GET', path, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-encoding']).toBeUndefined();
  }
  const known = await ask('GET', '/api/v1/openapi.json', { headers: { ...headers, ...bearer() } });
  expect(known.headers['content-encoding']).toBe('gzip');
});

it('strangers that ask without end hide neither that the program lives nor that it is this one', async () => {
  const statuses = async (path: string): Promise<ReadonlySet<number>> => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('GET', path)));
    return new Set(answers.map(({ status }) => status));
  };
  // The clock stands still: what is spent is not filled up.
  for (let each = 0; each < 41; each += 1) await statuses('/nothing');
  expect(await statuses('/nothing')).toEqual(new Set([429]));
  for (const path of [
    '/health',
    '/api/v1/health/live',
    '/api/v1/health',
    `/api/v1/hello?nonce=${'n'.repeat(16)}`,
  ])
    expect(await statuses(path)).toEqual(new Set([200]));
});

it('an answer that is not taken holds no connection', async () => {
  await host.close();
  host = await start(0, { requestMs: 100 });
  writeFileSync(join(folder, 'renderer', 'long.js'), Buffer.alloc(30_000_000));
  const peer = dial().pause();
  let isCutOff = false;
  peer.on('error', () => (isCutOff = true));
  peer.write(`GET /long.js HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
  // Line ends between two requests mean nothing, and show whether the other end is there.
  await expect
    .poll(
      () => {
        if (!peer.destroyed) peer.write('\r\n');
        return isCutOff;
      },
      { interval: 400, timeout: 8_000 },
    )
    .toBe(true);
});

it('a program cannot say that it was the trader’s hand or the guardian, and asks for periods as before', async () => {
  const { secret } = new ApiTokens(join(folder, 'data'), clock).make('a program', ['safety', 'read'], 1);
  const program = { authorization: `Bearer ${secret}` };
  const pause = { body: { reason: 'news', from: 'guardian' } };
  await ask('POST', '/api/v1/call/trading.pause', { headers: program, ...pause });
  await ask('POST', '/api/v1/call/trading.pause', { headers: bearer(), ...pause });
  await ask('GET', '/api/v1/metrics/days?from=5', { headers: program });
  expect(service.calls.map(({ params }) => params)).toMatchObject([
    { reason: 'news' },
    { reason: 'news', from: 'guardian' },
    { from: 5 },
  ]);
  expect(service.calls[0]?.params).not.toHaveProperty('from');
});

it('what a program asks for takes turns, and the trader waits for none of it', async () => {
  const { secret } = new ApiTokens(join(folder, 'data'), clock).make('a program', ['read'], 1);
  const peer = dial();
  let told = '';
  peer.on('data', (chunk: Buffer) => (told += String(chunk)));
  const question = `GET /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${secret}\r\n\r\n`;
  peer.write(question.repeat(100));
  await expect.poll(() => told.match(/HTTP\/1.1 \d+/g)?.length).toBe(100);
  expect(told.match(/HTTP\/1.1 503/g)?.length).toBeGreaterThan(0);
  expect(told.match(/HTTP\/1.1 200/g)?.length).toBeGreaterThanOrEqual(64);
  peer.destroy();
  const own = await Promise.all(
    Array.from({ length: 100 }, () => ask('GET', '/api/v1/orders', { headers: bearer() })),
  );
  expect(own.every(({ status }) => status === 200)).toBe(true);
});

it('a body that does not come to its end holds no connection', async () => {
  await host.close();
  host = await start(0, { requestMs: 200 });
  const socket = dial();
  const head = ['POST /api/v1/session HTTP/1.1', `Host: 127.0.0.1:${host.port}`];
  const lines = [...head, 'Content-Type: application/json', 'Content-Length: 900'];
  socket.write(`${lines.join('\r\n')}\r\n\r\n{`);
  const drip = setInterval(() => socket.write(' '), 20);
  // What is not read is never seen to end, and who writes to what has ended is told so.
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(drip);
  expect(socket.destroyed).toBe(true);
});

describe('a signed request to the kill switch', () => {
  const path = '/api/v1/safety/kill-switch/activate';
  const signed = (time = NOON, action: 'activate' | 'deactivate' = 'activate') => ({
    'X-Kill-Switch-Timestamp': String(time),
    'X-Kill-Switch-Signature': killSignature(SECRET, action, time),
  });

  it('needs no token, works once, and never again after a restart', async () => {
    const answer = await ask('POST', path, { headers: signed() });
    expect([answer.status, answer.text]).toEqual([200, '{"engaged":true,"durable":true}']);
    expect((await ask('POST', path, { headers: signed() })).status).toBe(401);
    await host.close();
    host = await start(0);
    expect((await ask('POST', path, { headers: signed() })).status).toBe(401);
    expect(stopped).toBe(1);
  });

  it.each([
    ['is not signed', {}],
    ['has a wrong signature', { ...signed(), 'X-Kill-Switch-Signature': '0'.repeat(64) }],
    ['is stale', signed(NOON - 30_001)],
    ['is of the future', signed(NOON + 30_001)],
    ['is malformed', { ...signed(), 'X-Kill-Switch-Timestamp': 'noon' }],
    ['has the API token instead', 'token'],
  ] as const)('that %s is refused, and changes nothing', async (_fault, headers) => {
    const answer = await ask('POST', path, { headers: headers === 'token' ? bearer() : headers });
    expect(answer.status).toBe(401);
    expect(stopped).toBe(0);
  });

  it('is answered before its body has come', async () => {
    const socket = dial();
    const head = [`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${host.port}`, 'Content-Type: application/json'];
    const lines = [
      ...head,
      ...Object.entries(signed()).map((each) => each.join(': ')),
      'Content-Length: 900',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n{`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(String(first)).toContain('200 OK');
    expect(stopped).toBe(1);
  });

  it('from a page of another origin is refused as everything from there is', async () => {
    const headers = { ...signed(), origin: 'http://evil.example' };
    expect((await ask('POST', path, { headers })).status).toBe(403);
    expect(stopped).toBe(0);
  });
});
