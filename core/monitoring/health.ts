import { type HealthView, NOT_ARMED_CONDITION, type StatusView } from '../contract/index.ts';

/**
 * Readiness: whether the bot can trade as it was told, and if not, everything that stands against it. Whether the
 * process should be restarted is another question, to which an emergency stop never answers yes.
 */
export function healthOf(status: StatusView): HealthView {
  const problems = [
    ...(status.killSwitch.engaged ? ['the kill switch is engaged'] : []),
    ...(status.breaker.tripped
      ? [`the circuit breaker is tripped: ${status.breaker.reason ?? 'unknown'}`]
      : []),
    ...(status.feed.stale ? ['the market data is stale'] : []),
    ...(status.reconciliation.green
      ? []
      : ['our books and the venue do not agree, or were not compared yet']),
    ...status.conditions.flatMap(({ id, message }) => (id === NOT_ARMED_CONDITION ? [message] : [])),
    ...(status.trading === 'running' ? [] : [`trading is ${status.trading}`]),
  ];
  return { ready: problems.length === 0, problems };
}
