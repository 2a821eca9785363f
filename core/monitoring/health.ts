import {
  type HealthComponent,
  type HealthComponentId,
  type HealthState,
  type HealthView,
  NOT_ARMED_CONDITION,
  type StatusView,
} from '../contract/index.ts';
import type { Clock, UtcMs } from '../domain/index.ts';
import { componentsOf, type HealthFacts } from './health-components.ts';
import { redactText } from './secret-text.ts';

/** Conditions that stop entries and that no other field of the status tells. */
const STOPPING: ReadonlySet<string> = new Set([
  NOT_ARMED_CONDITION,
  'ledger',
  'connection',
  'clock',
  'held',
  'strategy',
]);

/**
 * Readiness: everything that stands against trading as told. Whether the process should be restarted is another
 * question, to which an emergency stop never answers yes.
 */
export function problemsOf(status: StatusView): string[] {
  return [
    ...(status.killSwitch.engaged ? ['the kill switch is engaged'] : []),
    ...(status.breaker.tripped
      ? [`the circuit breaker is tripped: ${status.breaker.reason ?? 'unknown'}`]
      : []),
    ...(status.feed.stale ? ['the market data is stale'] : []),
    ...(status.reconciliation.green
      ? []
      : ['our books and the venue do not agree, or were not compared yet']),
    ...status.conditions.flatMap(({ id, message }) => (STOPPING.has(id) ? [message] : [])),
    ...(status.trading === 'running' ? [] : [`trading is ${status.trading}`]),
  ];
}

/** Says how each part of the program does, and remembers since when. */
export class HealthWatch {
  readonly #clock: Clock;
  readonly #states = new Map<HealthComponentId, { readonly state: HealthState; readonly since: UtcMs }>();

  /** @param clock the wall's. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be asked often: a state begins when it is first seen. */
  look(facts: HealthFacts): HealthView {
    const now = this.#clock.now();
    const components = componentsOf(facts).map((found): HealthComponent => {
      const before = this.#states.get(found.id);
      const since = before?.state === found.state ? before.since : now;
      this.#states.set(found.id, { state: found.state, since });
      // Servers' own words are among the reasons, and health is told to who asks.
      return { ...found, since, reason: redactText(found.reason) };
    });
    const problems = problemsOf(facts.status).map(redactText);
    return { ready: problems.length === 0, problems, components };
  }
}
