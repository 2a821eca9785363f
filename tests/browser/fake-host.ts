import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { WebSocketServer } from 'ws';
import { SILENT_LOGGER } from '../../core/domain/index.ts';
import { ClientSession } from '../../core/engine/service/client-session.ts';
import { FakeTrading, type FakeTradingOptions } from './fake-trading.ts';

export interface FakeHostOptions extends FakeTradingOptions {
  /** Folder of the built renderer. */
  readonly rendererFolder: string;
  readonly port?: number;
  /** Whether a browser needs the token of `loginUrl`. */
  readonly login?: boolean;
  /** Market time that passes in a second; 0 stands still, and only `trading.tick` moves it. */
  readonly speed?: number;
}

export interface FakeHost {
  readonly url: string;
  /** With the token, which works once. */
  readonly loginUrl: string;
  readonly trading: FakeTrading;
  /** Cuts all connections; while `refusing`, nobody gets in again. */
  disconnect(refusing: boolean): void;
  accept(): void;
  close(): Promise<void>;
}

const TICK_MS = 250;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** The real hosts' policy: what breaks under it must break here too. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the renderer and a made-up engine on the loopback address, for tests of the pages. */
export async function startFakeHost(options: FakeHostOptions): Promise<FakeHost> {
  const trading = new FakeTrading(options);
  const sessions = new Set<string>();
  const token: string = randomUUID();
  const tokens = new Set([token]);
  let refusing = false;

  const isKnown = (request: IncomingMessage): boolean =>
    options.login !== true ||
    [...sessions].some((session) => request.headers.cookie?.includes(session) === true);
  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', POLICY);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path !== '/api/v1/session') return serveFile(options.rendererFolder, path, response);
    if (request.method !== 'POST') return json(response, isKnown(request) ? 200 : 401, {});
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (!tokens.delete((JSON.parse(body) as { token: string }).token)) {
        const message = 'this link was used before or is wrong: ask the program for a new one';
        return json(response, 401, { error: { code: 'UNAUTHORIZED', message, retryable: false } });
      }
      const session = randomUUID();
      sessions.add(session);
      response.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Strict; Path=/`);
      json(response, 200, { loggedIn: true });
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (refusing || !isKnown(request)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client));
  });
  sockets.on('connection', (client) => {
    const session = new ClientSession(trading, (frame) => client.send(JSON.stringify(frame)), SILENT_LOGGER);
    client.on('message', (data) => void session.receive(JSON.parse(String(data))));
    client.on('close', () => session.close());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const speed = options.speed ?? 0;
  const timer = speed > 0 ? setInterval(() => trading.tick(speed * TICK_MS), TICK_MS) : undefined;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const cut = (): void => {
    for (const client of sockets.clients) client.terminate();
  };
  return {
    url,
    loginUrl: `${url}#token=${token}`,
    trading,
    disconnect(refuse) {
      refusing = refuse;
      cut();
    },
    accept() {
      refusing = false;
    },
    async close() {
      clearInterval(timer);
      cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function serveFile(folder: string, path: string, response: ServerResponse): void {
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  if (!file.startsWith(folder + sep) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end('not found');
    return;
  }
  response.setHeader('content-type', CONTENT_TYPES[extname(file)] ?? 'application/octet-stream');
  createReadStream(file).pipe(response);
}
