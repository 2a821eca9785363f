import type { HealthComponentId, HealthState } from '../../../core/contract/index.ts';

/** What each part of the program is called. */
export const COMPONENT_NAMES: Readonly<Record<HealthComponentId, string>> = {
  engine: 'Engine',
  'kill-switch': 'Kill switch',
  'circuit-breaker': 'Circuit breaker',
  'market-data': 'Market data',
  venue: 'Venue',
  clock: 'Clock of this machine',
  books: 'Books and venue',
  protection: 'Stops',
  guardian: 'Guardian',
  strategy: 'Strategy',
  models: 'Models',
  'language-models': 'Language models',
  ledger: 'Order ledger',
  storage: 'Other storage',
  mirror: 'Mirror (TimescaleDB)',
};

export const STATE_WORDS: Readonly<Record<HealthState, string>> = {
  ok: 'well',
  degraded: 'degraded',
  failed: 'failed',
  off: 'off',
};
