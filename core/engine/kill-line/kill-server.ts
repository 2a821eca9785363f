import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerKillRequest, failure, type KillAnswer, type KillDeeds } from './kill-answers.ts';
import { KILL_ACTIONS, killPath, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './signature.ts';
import type { SignedRequests } from './signed-requests.ts';

export interface KillServerOptions {
  readonly signed: SignedRequests;
  readonly deeds: KillDeeds;
  readonly limits?: Partial<KillServerLimits>;
}

/** Anybody on this machine may connect: nobody may hold it up. */
export interface KillServerLimits {
  /** For a whole request. */
  readonly requestMs: number;
  /** For a connection, whatever it does. */
  readonly connectionMs: number;
  /** Of more, the one that has been open longest goes. */
  readonly connections: number;
}

const LIMITS: KillServerLimits = { requestMs: 2_000, connectionMs: 10_000, connections: 64 };
const MOST_HEADER_BYTES = 4_096;
/** A signed request needs none; some clients send an empty object. */
const MOST_BODY_BYTES = 1_024;

/** Two routes and nothing else. Bodies are never read, and every connection ends with its answer. */
export function createKillServer({ signed, deeds, limits }: KillServerOptions): Server {
  const { requestMs, connectionMs, connections } = { ...LIMITS, ...limits };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    answerOf(request, { signed, deeds }).then(
      (given) => send(request, response, given),
      // What it was is the business of whoever does the deeds.
      () => send(request, response, failure(500, 'INTERNAL', 'it failed: see the log of the program')),
    );
  };
  const server = createServer(
    {
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.ceil(requestMs / 4),
      maxHeaderSize: MOST_HEADER_BYTES,
    },
    answer,
  );
  // Who asks first whether he may send a body is answered without one.
  server.on('checkContinue', answer);
  server.on('clientError', (_error, socket) => socket.destroy());
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    const tooLong = setTimeout(() => socket.destroy(), connectionMs);
    socket.on('close', () => {
      clearTimeout(tooLong);
      open.delete(socket);
    });
    const [oldest] = open;
    if (open.size > connections) oldest?.destroy();
  });
  return server;
}

async function answerOf(
  request: IncomingMessage,
  parts: Pick<KillServerOptions, 'signed' | 'deeds'>,
): Promise<KillAnswer> {
  const action = KILL_ACTIONS.find((each) => killPath(each) === request.url);
  if (action === undefined) return failure(404, 'NOT_FOUND', 'there is nothing here');
  if (request.method !== 'POST') return failure(405, 'BAD_REQUEST', 'send it with POST');
  if (isTooLong(request)) return failure(413, 'BAD_REQUEST', 'a signed request needs no body');
  const { headers } = request;
  const timestamp = headers[TIMESTAMP_HEADER.toLowerCase()];
  const signature = headers[SIGNATURE_HEADER.toLowerCase()];
  return answerKillRequest(action, { timestamp, signature }, parts);
}

function isTooLong({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MOST_BODY_BYTES
  );
}

function send(request: IncomingMessage, response: ServerResponse, { status, body }: KillAnswer): void {
  if (status === 413) response.on('finish', () => request.destroy());
  else request.resume();
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(JSON.stringify(body));
}
