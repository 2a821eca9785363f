import type { HealthView, StatusView } from '../contract/index.ts';
import type { UtcMs } from '../domain/index.ts';

/**
 * Readiness: whether the bot can trade as it was told, and if not, everything that stands against it. Whether the
 * process should be restarted is another question, to which an emergency stop never answers yes: see `isAlive`.
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
    ...(status.trading === 'running' ? [] : [`trading is ${status.trading}`]),
  ];
  return { ready: problems.length === 0, problems };
}

/**
 * Liveness: whether the process still does its work at all, so that restarting it would help. It is told of the
 * heartbeat and of nothing else: no halt, no stale feed and no setting can make it say no.
 */
export function isAlive(lastBeatAt: UtcMs, now: UtcMs, allowedSilenceMs = 60_000): boolean {
  return now - lastBeatAt <= allowedSilenceMs;
}
