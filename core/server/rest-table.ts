import type { MethodName } from '../contract/index.ts';

/** What is read at an address of its own, by the method that answers it; query parameters are the method's. */
export const GET_ROUTES: Readonly<Record<string, MethodName>> = {
  '/api/v1/status': 'status.get',
  '/api/v1/portfolio': 'portfolio.get',
  '/api/v1/metrics/performance': 'metrics.get',
  '/api/v1/hindsight': 'hindsight.get',
  '/api/v1/metrics/days': 'metrics.days',
  '/api/v1/metrics/exposure': 'metrics.exposure',
  '/api/v1/metrics/curve': 'metrics.curve',
  '/api/v1/positions': 'positions.list',
  '/api/v1/orders': 'orders.list',
  '/api/v1/trades': 'trades.list',
  '/api/v1/trades/history': 'trades.find',
  '/api/v1/trades/totals': 'trades.totals',
  '/api/v1/trades/streaks': 'trades.streaks',
  '/api/v1/trades/excursions': 'trades.excursions',
  '/api/v1/trades/tags': 'trades.tags',
  '/api/v1/decisions': 'decisions.list',
  '/api/v1/ml/models': 'models.get',
  '/api/v1/ml/predict': 'models.latest',
  '/api/v1/ml/language-models': 'llm.records',
  '/api/v1/arena': 'arena.get',
  '/api/v1/candles': 'candles.history',
  '/api/v1/safety': 'safety.get',
  '/api/v1/safety/limits/history': 'limits.history',
  '/api/v1/ladder': 'ladder.get',
  '/api/v1/safety/kill-switch/history': 'killSwitch.history',
  '/api/v1/settings': 'settings.get',
  '/api/v1/storage': 'storage.get',
  '/api/v1/logs': 'logs.list',
  '/api/v1/alerts': 'alerts.get',
  '/api/v1/venues': 'venues.list',
};

/** The same with a parameter in the path. */
export const PATH_ROUTES: Readonly<Record<string, MethodName>> = {
  '/api/v1/decisions/:id': 'decisions.get',
  '/api/v1/decisions/:id/calls': 'decisions.calls',
  '/api/v1/decisions/:id/hindsight': 'hindsight.decision',
};

/** Every method of the contract, whatever it does. */
export const CALL_PATH = '/api/v1/call';
