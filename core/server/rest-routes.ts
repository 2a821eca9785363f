import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallError, type MethodName } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import { type ContractService, serveCall } from '../engine/index.ts';

/** Read-only routes and the method that answers each; query parameters are the method's parameters. */
const GET_ROUTES: Readonly<Record<string, MethodName>> = {
  '/api/v1/status': 'status.get',
  '/api/v1/portfolio': 'portfolio.get',
  '/api/v1/metrics/performance': 'metrics.get',
  '/api/v1/positions': 'positions.list',
  '/api/v1/orders': 'orders.list',
  '/api/v1/trades': 'trades.list',
  '/api/v1/trades/history': 'trades.find',
  '/api/v1/trades/totals': 'trades.totals',
  '/api/v1/trades/streaks': 'trades.streaks',
  '/api/v1/trades/excursions': 'trades.excursions',
  '/api/v1/decisions': 'decisions.list',
  '/api/v1/ml/models': 'models.get',
  '/api/v1/ml/predict': 'models.latest',
  '/api/v1/arena': 'arena.get',
  '/api/v1/candles': 'candles.history',
  '/api/v1/safety': 'safety.get',
  '/api/v1/safety/kill-switch/history': 'killSwitch.history',
};

/** Health is asked by supervisors without credentials, and says nothing but whether the bot is well. */
export function registerRestRoutes(
  server: FastifyInstance,
  service: ContractService,
  log: Logger,
  authorise: (request: FastifyRequest) => void,
): void {
  server.get('/api/v1/health/live', async () => ({ alive: true }));
  server.get('/api/v1/health', async (_request, reply) => {
    const health = await service.call('health.get', {});
    void reply.status(health.ready ? 200 : 503);
    return health;
  });
  for (const [path, method] of Object.entries(GET_ROUTES)) {
    server.get(path, async (request) => {
      authorise(request);
      return serveCall(service, method, numbersOf(request.query), log);
    });
  }
  server.get('/api/v1/decisions/:id', async (request) => {
    authorise(request);
    return serveCall(service, 'decisions.get', request.params, log);
  });
  server.post('/api/v1/call/:method', async (request) => {
    authorise(request);
    const { method } = request.params as { method?: string };
    if (method === undefined) throw new CallError('BAD_REQUEST', 'name a method');
    return { result: await serveCall(service, method, request.body ?? undefined, log) };
  });
}

/** Query parameters are text; those that are whole numbers become numbers, as the schemas expect. */
function numbersOf(query: unknown): Record<string, unknown> {
  const entries = Object.entries(query as Record<string, string>);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, /^\d+$/.test(value) ? Number(value) : value]),
  );
}
