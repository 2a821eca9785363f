import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { StreamHub } from '../streams/stream-hub.ts';
import type { RestService } from './rest-service.ts';
import { VenueRequest } from './venue-request.ts';

/** One port for REST and WebSocket. */
export class HttpServer {
  readonly #server: Server;

  constructor(rest: RestService, hub: StreamHub, latencyMs: number) {
    this.#server = createServer((request, response) => {
      respond(rest, request, response, latencyMs).catch((error: unknown) => {
        // A bug of the venue itself: the client sees a broken connection, the test's own error names the cause.
        response.destroy();
        // A client that went away in the middle of asking is no bug.
        if (request.complete) process.emitWarning(error instanceof Error ? error : String(error));
      });
    });
    this.#server.on('upgrade', (request, socket, head) => hub.upgrade(request, socket, head));
  }

  /** @param port 0: any that is free. @returns the one it listens on. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
        else resolve(address.port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

async function respond(
  rest: RestService,
  request: IncomingMessage,
  response: ServerResponse,
  latencyMs: number,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const key = request.headers['x-mbx-apikey'];
  const asked = new VenueRequest(
    request.method ?? 'GET',
    request.url ?? '/',
    Buffer.concat(chunks).toString(),
    typeof key === 'string' ? key : undefined,
    request.headers,
  );
  if (latencyMs > 0) await setTimeout(latencyMs / 2);
  const answer = await rest.answer(asked);
  if (latencyMs > 0) await setTimeout(latencyMs / 2);
  if (answer === null) {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}
