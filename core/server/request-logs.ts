import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../domain/index.ts';

export const CORRELATION_HEADER = 'x-correlation-id';
/** What is taken from outside into every line of the log has to look like an id. */
const CORRELATION_ID = /^[\w.:-]{1,64}$/;

/** Gives every request an id, the caller's own where it brought one, tells it back, and puts it on the request's log. */
export class RequestLogs {
  readonly #log: Logger;
  readonly #known = new WeakMap<FastifyRequest, Logger>();

  constructor(server: FastifyInstance, log: Logger) {
    this.#log = log;
    server.addHook('onRequest', async (request, reply) => {
      const given = request.headers[CORRELATION_HEADER];
      const id = typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
      void reply.header(CORRELATION_HEADER, id);
      this.#known.set(request, log.child({ correlation_id: id }));
    });
  }

  /** The log of what a request does. */
  of(request: FastifyRequest): Logger {
    return this.#known.get(request) ?? this.#log;
  }
}
