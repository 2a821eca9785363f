import type { AddressInfo } from 'node:net';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { WebSocketServer } from 'ws';
import { CallError, type ErrorCode } from '../contract/index.ts';
import { type Logger, TraderError } from '../domain/index.ts';
import { ClientSession, type ContractService, type SignedRequests } from '../engine/index.ts';
import { PLATFORM, refusedPortAdvice } from '../platform/index.ts';
import { Access, isAllowedHost, isAllowedOrigin, SESSION_COOKIE } from './access.ts';
import { registerKillRoutes } from './kill-routes.ts';
import { registerRestRoutes } from './rest-routes.ts';
import { announceHost, withdrawHost } from './running-host.ts';

export interface HeadlessHostOptions {
  readonly service: ContractService;
  /** Figures in Prometheus' text format, served at `/metrics` to who has the API token. */
  readonly metrics?: () => Promise<string>;
  readonly dataDirectory: string;
  /** Folder of the built renderer. */
  readonly rendererFolder: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Signed requests to the kill switch are heard, and where beside this port. */
  readonly killLine?: { readonly signed: SignedRequests; readonly port: number };
  /** For a whole request: who sends a body byte by byte does not hold a connection for good. */
  readonly requestMs?: number;
  readonly log: Logger;
}

export interface HeadlessHost {
  readonly port: number;
  /** A URL with a fresh one-time token. */
  loginUrl(): string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  CONFIRMATION_REQUIRED: 409,
  DISCONNECTED: 503,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};
const HEARTBEAT_MS = 15_000;
const MAX_FRAME_BYTES = 256 * 1024;
const REQUEST_MS = 10_000;

/**
 * Serves the renderer, the REST API and the streams on the loopback address.
 *
 * @throws TraderError when the port is taken.
 */
export async function startHeadlessHost(options: HeadlessHostOptions): Promise<HeadlessHost> {
  const { requestMs = REQUEST_MS } = options;
  const access = new Access(options.dataDirectory);
  // A browser keeps connections open in advance: closing must not wait for them.
  const server = Fastify({
    logger: false,
    bodyLimit: MAX_FRAME_BYTES,
    forceCloseConnections: true,
    requestTimeout: requestMs,
    http: { connectionsCheckingInterval: Math.ceil(requestMs / 10) },
  });
  let port = options.port;

  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    if (!isAllowedHost(request.headers.host, port) || !isAllowedOrigin(request.headers.origin, port)) {
      throw new CallError(
        'FORBIDDEN',
        'this address or page may not talk to the program: use the printed URL',
      );
    }
  });
  server.setErrorHandler((error, _request, reply) => sendError(reply, error, options.log));
  await server.register(cookie);
  await server.register(compress);
  registerSessionRoutes(server, access, () => loginUrl());
  const { metrics } = options;
  if (metrics !== undefined) {
    server.get('/metrics', async (request, reply) => {
      authorise(access, request);
      void reply.type('text/plain; version=0.0.4; charset=utf-8');
      return metrics();
    });
  }
  const { killLine, service, log } = options;
  if (killLine !== undefined) registerKillRoutes(server, { service, signed: killLine.signed, log });
  registerRestRoutes(server, options.service, options.log, (request) => authorise(access, request));
  await server.register(fastifyStatic, { root: options.rendererFolder });
  server.setNotFoundHandler((request, reply) =>
    sendError(reply, new CallError('NOT_FOUND', `there is nothing at ${request.url}`), options.log),
  );

  await listen(server, options.port);
  port = (server.server.address() as AddressInfo).port;
  announceHost(options.dataDirectory, port, killLine?.port ?? null);
  const sockets = serveWebSockets(server, access, options, () => port);

  function loginUrl(): string {
    return `http://${LOOPBACK}:${port}/#token=${access.issueLoginToken()}`;
  }
  return {
    port,
    loginUrl,
    async close() {
      withdrawHost(options.dataDirectory);
      sockets.close();
      for (const socket of sockets.clients) socket.terminate();
      await server.close();
    },
  };
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: LOOPBACK, port });
  } catch (error) {
    await server.close();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') {
      throw new TraderError(
        'bad-input',
        `port ${port} is in use: stop the other program or choose another with --port`,
      );
    }
    if (code === 'EACCES')
      throw new TraderError('bad-input', `${refusedPortAdvice(PLATFORM, port)} with --port`);
    throw error;
  }
}

function authorise(access: Access, request: FastifyRequest): void {
  const known =
    access.isSession(request.cookies[SESSION_COOKIE]) || access.isBearer(request.headers.authorization);
  if (!known)
    throw new CallError(
      'UNAUTHORIZED',
      'log in with the URL that the program printed, or send the API token',
    );
}

function registerSessionRoutes(server: FastifyInstance, access: Access, loginUrl: () => string): void {
  server.get('/api/v1/session', async (request) => {
    authorise(access, request);
    return { loggedIn: true };
  });
  server.post('/api/v1/session', async (request, reply) => {
    const token = (request.body as { token?: unknown } | null | undefined)?.token;
    const session = typeof token === 'string' ? access.login(token) : undefined;
    if (session === undefined) {
      throw new CallError(
        'UNAUTHORIZED',
        'this link was used before or is wrong: ask the program for a new one',
      );
    }
    void reply.setCookie(SESSION_COOKIE, session, { httpOnly: true, sameSite: 'strict', path: '/' });
    return { loggedIn: true };
  });
  server.delete('/api/v1/session', async (request, reply) => {
    access.logout(request.cookies[SESSION_COOKIE] ?? '');
    void reply.clearCookie(SESSION_COOKIE, { path: '/' });
    return { loggedIn: false };
  });
  /** A fresh link for another browser; for programs with the API token. */
  server.post('/api/v1/session/link', async (request) => {
    if (!access.isBearer(request.headers.authorization)) {
      throw new CallError('UNAUTHORIZED', 'a login link needs the API token');
    }
    return { url: loginUrl() };
  });
}

function sendError(reply: FastifyReply, error: unknown, log: Logger): void {
  const failure = asCallError(error, log);
  void reply.status(STATUS_OF[failure.code]).send({ error: failure.toBody() });
}

function asCallError(error: unknown, log: Logger): CallError {
  if (error instanceof CallError) return error;
  // Fastify's own complaints about a request carry a status below 500.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500)
    return new CallError('BAD_REQUEST', message ?? 'bad request');
  log.error({ err: error }, 'a request failed');
  return new CallError('INTERNAL', 'the request failed: see the log');
}

function serveWebSockets(
  server: FastifyInstance,
  access: Access,
  options: HeadlessHostOptions,
  port: () => number,
): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: true,
  });
  server.server.on('upgrade', (request, socket, head) => {
    // Node takes its own listener away: a peer that hangs up must not end the process.
    socket.on('error', (error) => options.log.warn({ err: error }, 'a client connection failed'));
    const { host, origin, authorization, cookie: cookies } = request.headers;
    const session = server.parseCookie(cookies ?? '')[SESSION_COOKIE];
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    if (!isAllowedHost(host, port()) || !isAllowedOrigin(origin, port())) return refuse('403 Forbidden');
    if (request.url !== '/ws') return refuse('404 Not Found');
    if (!access.isSession(session) && !access.isBearer(authorization)) return refuse('401 Unauthorized');
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client));
  });
  sockets.on('connection', (client) => {
    const session = new ClientSession(
      options.service,
      (frame) => client.send(JSON.stringify(frame)),
      options.log,
    );
    let alive = true;
    client.on('pong', () => (alive = true));
    const heartbeat = setInterval(() => {
      if (!alive) return client.terminate();
      alive = false;
      client.ping();
    }, HEARTBEAT_MS);
    client.on('message', (data) => session.receive(parseJson(String(data))));
    client.on('error', (error) => options.log.warn({ err: error }, 'a client connection failed'));
    client.on('close', () => {
      clearInterval(heartbeat);
      session.close();
    });
  });
  return sockets;
}

/** The parsed document, or the text itself, which no frame schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
