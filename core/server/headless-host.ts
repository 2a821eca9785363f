import type { AddressInfo } from 'node:net';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { CallError, type ErrorCode } from '../contract/index.ts';
import { type Clock, type Logger, TraderError } from '../domain/index.ts';
import { type ContractService, KILL_ACTIONS, killPath, type SignedRequests } from '../engine/index.ts';
import { PLATFORM, refusedPortAdvice } from '../platform/index.ts';
import { Access, type Caller, isAllowedHost, isAllowedOrigin, isProgram, PAGE_KEY_HEADER } from './access.ts';
import { limitStrangers } from './connection-limit.ts';
import { registerKillRoutes } from './kill-routes.ts';
import { openApiDocument } from './open-api.ts';
import { RateLimit } from './rate-limit.ts';
import { RequestLogs } from './request-logs.ts';
import { registerRestRoutes } from './rest-routes.ts';
import { announceHost } from './running-host.ts';
import { scopedService } from './scoped-service.ts';
import { serveSockets } from './serve-sockets.ts';
import { registerSessionRoutes } from './session-routes.ts';
import { Turns } from './turns.ts';

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
  /** What the program calls itself in the description of its API. */
  readonly version: string;
  /** By the clock on the wall. */
  readonly clock: Clock;
  readonly log: Logger;
}

export interface HeadlessHost {
  readonly port: number;
  /** Every method and address that it answers, such as `GET /api/v1/status`. */
  readonly routes: readonly string[];
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
const MAX_FRAME_BYTES = 256 * 1024;
const REQUEST_MS = 10_000;
const MOST_STRANGERS = 256;
/** Requests without credentials: the page's own files, health, logins. */
const STRANGERS_RATE = { burst: 400, perSecond: 200 };
const TOO_MANY = 429;
const UNLIMITED: ReadonlySet<string> = new Set([
  ...KILL_ACTIONS.map(killPath),
  ...['/health', '/api/v1/health/live', '/api/v1/health', '/api/v1/hello'],
]);

/**
 * Serves the renderer, the REST API and the streams on the loopback address.
 *
 * @throws TraderError when the port is taken.
 */
export async function startHeadlessHost(options: HeadlessHostOptions): Promise<HeadlessHost> {
  const { requestMs = REQUEST_MS, service, log, clock, killLine, metrics } = options;
  const access = new Access(options.dataDirectory, clock, log);
  // A browser keeps connections open in advance: closing must not wait for them.
  const server = Fastify({
    logger: false,
    bodyLimit: MAX_FRAME_BYTES,
    forceCloseConnections: true,
    requestTimeout: requestMs,
    http: { connectionsCheckingInterval: Math.ceil(requestMs / 10), headersTimeout: requestMs },
  });
  const connections = limitStrangers(server.server, MOST_STRANGERS);
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat())
      if (each !== 'HEAD' && each !== 'OPTIONS') routes.push(`${each} ${url}`);
  });
  const logs = new RequestLogs(server, log);
  let port = options.port;
  server.setErrorHandler((error, request, reply) => sendError(reply, error, logs.of(request)));
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    if (!isAllowedHost(request.headers.host, port) || !isAllowedOrigin(request.headers.origin, port)) {
      throw new CallError(
        'FORBIDDEN',
        'this address or page may not talk to the program: use the printed URL',
      );
    }
    // What the program knows is for who asked, and for no cache on the way.
    if (!isFileOfPage(request)) void reply.header('cache-control', 'no-store');
  });
  if (killLine !== undefined) registerKillRoutes(server, { service, signed: killLine.signed, log });
  await server.register(cookie);
  // The other way takes megabytes for each answer that is under way.
  await server.register(compress, { encodings: ['gzip'] });
  const turns = new Turns();
  server.decorateRequest('caller', undefined);
  const strangers = new RateLimit({ ...STRANGERS_RATE, clock });
  server.addHook('onRequest', async (request, reply) => {
    request.caller = access.callerOf({
      authorization: request.headers.authorization,
      cookies: request.cookies,
      key: textOf(request.headers[PAGE_KEY_HEADER]),
    });
    if (request.caller !== undefined) return connections.know(request.raw.socket);
    // Compressing costs more than everything else together: not for whom nobody knows.
    request.headers['x-no-compression'] = 'unknown';
    if (passesLimit(request) || strangers.take()) return;
    const refusal = new CallError('UNAVAILABLE', 'too many requests: try again in a second', {
      retryable: true,
    });
    await reply.status(TOO_MANY).header('retry-after', '1').send({ error: refusal.toBody() });
  });
  server.addHook('onSend', async ({ raw }) => {
    // Who does not take an answer is not waited for. The next request on the connection ends that.
    raw.socket.setTimeout(requestMs);
  });
  registerSessionRoutes(server, {
    access,
    loginUrl,
    onLogout: (session) => sockets.end(session),
    port: () => port,
  });
  if (metrics !== undefined) {
    server.get('/metrics', async (request, reply) => {
      if (!callerOf(request).scopes.has('read'))
        throw new CallError('FORBIDDEN', 'this takes the scope "read"');
      await turnOf(callerOf(request));
      void reply.type('text/plain; version=0.0.4; charset=utf-8');
      return metrics();
    });
  }
  registerRestRoutes(
    server,
    service,
    (request) => {
      const caller = callerOf(request);
      return scopedService(service, {
        scopesNow: () => caller.scopes,
        isProgram: isProgram(caller),
        turn: () => turnOf(caller),
      });
    },
    logs,
  );
  // Once for all, and held by no answer that is not taken.
  const document = Buffer.from(JSON.stringify(openApiDocument(options.version)));
  server.get('/api/v1/openapi.json', async (_request, reply) => {
    void reply.type('application/json; charset=utf-8');
    return document;
  });
  await server.register(fastifyStatic, { root: options.rendererFolder });
  server.setNotFoundHandler((request, reply) =>
    sendError(reply, new CallError('NOT_FOUND', `there is nothing at ${request.url}`), logs.of(request)),
  );
  const sockets = serveSockets({
    ...{ server, access, connections, service, log },
    ...{ maxFrameBytes: MAX_FRAME_BYTES, port: () => port },
  });

  await listen(server, options.port);
  port = (server.server.address() as AddressInfo).port;
  const withdraw = announceHost(options.dataDirectory, { port, killPort: killLine?.port ?? null }, log);

  /** The trader's own page and command line wait for no other program. */
  async function turnOf(caller: Caller): Promise<void> {
    if (isProgram(caller)) await turns.wait();
  }
  function loginUrl(): string {
    return `http://${LOOPBACK}:${port}/#token=${access.sessions.issueLoginToken()}`;
  }
  return {
    port,
    routes,
    loginUrl,
    async close() {
      withdraw();
      sockets.close();
      await server.close();
    },
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined for whom nobody knows. */
    caller: Caller | undefined;
  }
}

/** @throws CallError for whom nobody knows. */
function callerOf(request: FastifyRequest): Caller {
  if (request.caller !== undefined) return request.caller;
  throw new CallError('UNAUTHORIZED', 'log in with the URL that the program printed, or send a token');
}

function isFileOfPage({ url }: FastifyRequest): boolean {
  return url.startsWith('/assets/');
}

/** The emergency stop waits for no limit, nor does whoever restarts a program that does not answer or says it is none. */
function passesLimit({ url }: FastifyRequest): boolean {
  const [path = ''] = url.split('?');
  return UNLIMITED.has(path);
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
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
