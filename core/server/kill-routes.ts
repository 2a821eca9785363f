import type { FastifyInstance } from 'fastify';
import type { Logger } from '../domain/index.ts';
import {
  answerKillRequest,
  type ContractService,
  KILL_ACTIONS,
  killDeeds,
  killPath,
  SIGNATURE_HEADER,
  type SignedRequests,
  TIMESTAMP_HEADER,
} from '../engine/index.ts';

/** The signed way to the kill switch, on the API's own port. Answered before a body is read. */
export function registerKillRoutes(
  server: FastifyInstance,
  { service, signed, log }: { service: ContractService; signed: SignedRequests; log: Logger },
): void {
  const deeds = killDeeds(service, log);
  for (const action of KILL_ACTIONS) {
    server.post(
      killPath(action),
      {
        onRequest: async (request, reply) => {
          const timestamp = request.headers[TIMESTAMP_HEADER.toLowerCase()];
          const signature = request.headers[SIGNATURE_HEADER.toLowerCase()];
          const { status, body } = await answerKillRequest(
            action,
            { timestamp, signature },
            { signed, deeds },
          );
          return reply
            .status(status)
            .headers({ connection: 'close', 'cache-control': 'no-store' })
            .send(body);
        },
      },
      // Never reached: the request has been answered.
      async () => undefined,
    );
  }
}
