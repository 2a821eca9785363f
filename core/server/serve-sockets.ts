import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { CallError, type Scope } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import type { ContractService } from '../engine/index.ts';
import {
  type Access,
  type Caller,
  type Credentials,
  isAllowedHost,
  isAllowedOrigin,
  isProgram,
} from './access.ts';
import { ClientSocket } from './client-socket.ts';
import type { KnownConnections } from './connection-limit.ts';
import { FrameGate } from './frame-gate.ts';
import { scopedService } from './scoped-service.ts';

const HEARTBEAT_MS = 15_000;
/** So long a connection may still listen after its login or token has ended; it is obeyed in nothing from then on. */
const KNOWN_MS = 1_000;
const MOST_CLIENTS = 250;
/** Programs leave the rest to the trader's own page and command line. */
const MOST_WITH_PROGRAMS = 200;
/** A browser can send no header with a WebSocket: the page's key comes as a second protocol. */
const PROTOCOL = 'tradebot';
/** The code with which a client is sent away whom nobody knows any more. */
const UNKNOWN_CODE = 4401;

export interface ClientSockets {
  /** Ends every connection of a browser's session. */
  end(session: string): void;
  close(): void;
}

interface SocketOptions {
  readonly server: FastifyInstance;
  readonly access: Access;
  readonly connections: KnownConnections;
  readonly service: ContractService;
  readonly maxFrameBytes: number;
  readonly port: () => number;
  readonly log: Logger;
}

/** Serves the streams and calls of the contract at `/ws`. */
export function serveSockets(options: SocketOptions): ClientSockets {
  const { server, access, connections, service, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxFrameBytes,
    // Nothing of the compression is kept between two frames: hundreds of clients cost next to nothing.
    perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 4096 },
    handleProtocols: (asked) => (asked.has(PROTOCOL) ? PROTOCOL : false),
  });
  const known = new Map<
    WebSocket,
    { readonly session: string | undefined; readonly callerNow: () => Caller | undefined }
  >();
  const gate = new FrameGate();
  const watch = setInterval(sendStrangersAway, KNOWN_MS).unref();

  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node takes its own listener away: a peer that hangs up must not end the process.
    // Nothing is logged of it: strangers would push everything else out of the log.
    socket.on('error', () => undefined);
    const credentials = credentialsOf(request, server);
    const caller = access.callerOf(credentials);
    const refusal = refusalOf(request, options.port(), caller, sockets.clients.size);
    if (refusal !== undefined || caller === undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    connections.know(socket as Socket);
    sockets.handleUpgrade(request, socket, head, (client) => welcome(client, caller, credentials));
  });

  function welcome(client: WebSocket, caller: Caller, credentials: Credentials): void {
    // Asked anew for each call: whoever sends it away has to wait for its farewell, and it may go on talking meanwhile.
    const callerNow = (): Caller | undefined => access.callerOf(credentials);
    known.set(client, { session: caller.session, callerNow });
    new ClientSocket(
      client,
      scopedService(service, { scopesNow: () => scopesOf(callerNow()), isProgram: isProgram(caller) }),
      gate,
      log,
    );
    let isAlive = true;
    client.on('pong', () => {
      isAlive = true;
    });
    const heartbeat = setInterval(() => {
      if (!isAlive) return client.terminate();
      isAlive = false;
      client.ping();
    }, HEARTBEAT_MS);
    client.on('error', (error) => log.warn({ err: error }, 'a client connection failed'));
    client.on('close', () => {
      clearInterval(heartbeat);
      known.delete(client);
    });
  }

  /** Who has logged out elsewhere, was revoked or is at its end. */
  function sendStrangersAway(): void {
    for (const [client, { callerNow }] of known) if (callerNow() === undefined) client.close(UNKNOWN_CODE);
  }

  return {
    end(session) {
      for (const [client, its] of known) if (its.session === session) client.close(UNKNOWN_CODE);
    },
    close() {
      clearInterval(watch);
      sockets.close();
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** @throws CallError for whom nobody knows any more. */
function scopesOf(caller: Caller | undefined): ReadonlySet<Scope> {
  if (caller !== undefined) return caller.scopes;
  throw new CallError('UNAUTHORIZED', 'this login or token has ended: log in again');
}

/** The status of who may not have a connection. */
function refusalOf(
  { headers, url }: IncomingMessage,
  port: number,
  caller: Caller | undefined,
  clients: number,
): string | undefined {
  if (!isAllowedHost(headers.host, port) || !isAllowedOrigin(headers.origin, port)) return '403 Forbidden';
  if (url !== '/ws') return '404 Not Found';
  if (caller === undefined) return '401 Unauthorized';
  return clients >= (isProgram(caller) ? MOST_WITH_PROGRAMS : MOST_CLIENTS)
    ? '503 Service Unavailable'
    : undefined;
}

function credentialsOf({ headers }: IncomingMessage, server: FastifyInstance): Credentials {
  const protocols = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  return {
    authorization: headers.authorization,
    cookies: server.parseCookie(headers.cookie ?? ''),
    key: protocols[0] === PROTOCOL ? protocols[1] : undefined,
  };
}
