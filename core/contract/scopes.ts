import type { MethodName } from './methods.ts';

/**
 * What a program with a token may do: `read` sees what the trader sees, `safety` stops and pauses, `trade` does
 * everything else, such as arming, settings and whatever lets more happen. None contains another.
 */
export const SCOPES = ['read', 'safety', 'trade'] as const;
export type Scope = (typeof SCOPES)[number];

const READING: readonly MethodName[] = [
  'status.get',
  'safety.get',
  'limits.history',
  'ladder.get',
  'storage.get',
  'alerts.get',
  'health.get',
  'logs.list',
  'portfolio.get',
  'metrics.get',
  'hindsight.get',
  'hindsight.decision',
  'metrics.days',
  'metrics.exposure',
  'metrics.curve',
  'positions.list',
  'candles.history',
  'decisions.list',
  'decisions.get',
  'decisions.calls',
  'features.inspect',
  'orders.list',
  'trades.list',
  'trades.find',
  'trades.totals',
  'trades.streaks',
  'trades.excursions',
  'trades.tags',
  'models.get',
  'models.latest',
  'llm.records',
  'llm.costs',
  'prompts.list',
  'arena.get',
  'settings.get',
  'venues.list',
  'venues.keys',
  'live.describeArming',
  'killSwitch.history',
  'killSwitch.describeReset',
];

/** They stop and pause. What undoes them is not among them. */
const SAFETY: readonly MethodName[] = [
  'killSwitch.activate',
  'trading.pause',
  'symbols.lock',
  'safety.drill',
];

const SCOPE_OF: ReadonlyMap<MethodName, Scope> = new Map([
  ...READING.map((method) => [method, 'read'] as const),
  ...SAFETY.map((method) => [method, 'safety'] as const),
]);

/** The scope that a method takes; `trade` for every one that is not known to do less. */
export function scopeOf(method: MethodName): Scope {
  return SCOPE_OF.get(method) ?? 'trade';
}
