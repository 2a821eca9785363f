import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../domain/index.ts';
import type { ContractService } from '../engine/index.ts';
import { type Access, type Caller, type Credentials, isAllowedHost, isAllowedOrigin } from './access.ts';
import { ClientSocket } from './client-socket.ts';
import type { KnownConnections } from './connection-limit.ts';
import { FrameGate } from './frame-gate.ts';
import { scopedService } from './scoped-service.ts';

const HEARTBEAT_MS = 15_000;
const MOST_CLIENTS = 250;
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
  const sessionOf = new Map<WebSocket, string>();
  const gate = new FrameGate();

  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node takes its own listener away: a peer that hangs up must not end the process.
    socket.on('error', (error) => log.warn({ err: error }, 'a client connection failed'));
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
    if (caller.session !== undefined) sessionOf.set(client, caller.session);
    new ClientSocket(client, scopedService(service, caller.scopes), gate, log);
    let isAlive = true;
    client.on('pong', () => {
      isAlive = true;
    });
    const heartbeat = setInterval(() => {
      // Logged out elsewhere, revoked or at its end meanwhile.
      if (access.callerOf(credentials) === undefined) return client.close(UNKNOWN_CODE);
      if (!isAlive) return client.terminate();
      isAlive = false;
      client.ping();
    }, HEARTBEAT_MS);
    client.on('error', (error) => log.warn({ err: error }, 'a client connection failed'));
    client.on('close', () => {
      clearInterval(heartbeat);
      sessionOf.delete(client);
    });
  }

  return {
    end(session) {
      for (const [client, its] of sessionOf) if (its === session) client.close(UNKNOWN_CODE);
    },
    close() {
      sockets.close();
      for (const client of sockets.clients) client.terminate();
    },
  };
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
  return clients >= MOST_CLIENTS ? '503 Service Unavailable' : undefined;
}

function credentialsOf({ headers }: IncomingMessage, server: FastifyInstance): Credentials {
  const protocols = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  return {
    authorization: headers.authorization,
    cookies: server.parseCookie(headers.cookie ?? ''),
    key: protocols[0] === PROTOCOL ? protocols[1] : undefined,
  };
}
