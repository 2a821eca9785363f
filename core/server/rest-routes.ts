import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallError } from '../contract/index.ts';
import { type ContractService, serveCall } from '../engine/index.ts';
import { readQuery } from './query-parameters.ts';
import type { RequestLogs } from './request-logs.ts';
import { CALL_PATH, GET_ROUTES, PATH_ROUTES } from './rest-table.ts';

/**
 * @param serviceFor the service as the caller of a request may use it. @throws CallError for whom nobody knows.
 * Health is asked by supervisors without credentials, and says nothing but whether the bot is well.
 */
export function registerRestRoutes(
  server: FastifyInstance,
  service: ContractService,
  serviceFor: (request: FastifyRequest) => ContractService,
  logs: RequestLogs,
): void {
  for (const path of ['/health', '/api/v1/health/live']) server.get(path, async () => ({ alive: true }));
  server.get('/api/v1/health', async (_request, reply) => {
    const health = await service.call('health.get', {});
    void reply.status(health.ready ? 200 : 503);
    return health;
  });
  for (const [path, method] of Object.entries(GET_ROUTES)) {
    server.get(path, async (request) =>
      serveCall(serviceFor(request), method, readQuery(method, request.query), logs.of(request)),
    );
  }
  for (const [path, method] of Object.entries(PATH_ROUTES)) {
    server.get(path, async (request) =>
      serveCall(serviceFor(request), method, request.params, logs.of(request)),
    );
  }
  server.post(`${CALL_PATH}/:method`, async (request) => {
    const allowed = serviceFor(request);
    const { method } = request.params as { method?: string };
    if (method === undefined) throw new CallError('BAD_REQUEST', 'name a method');
    return { result: await serveCall(allowed, method, request.body ?? undefined, logs.of(request)) };
  });
}
