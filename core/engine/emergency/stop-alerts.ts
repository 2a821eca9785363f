import type { AlertRule, StatusView } from '../../contract/index.ts';
import type { AlertCenter } from '../../monitoring/index.ts';

interface Stop {
  readonly rule: AlertRule;
  readonly message: string;
}

/** Tells what stops entries, once each time that it begins. */
export class StopAlerts {
  readonly #alerts: Pick<AlertCenter, 'raise' | 'over'>;
  #told: ReadonlySet<string> = new Set();

  constructor(alerts: Pick<AlertCenter, 'raise' | 'over'>) {
    this.#alerts = alerts;
  }

  /** Looks at the status that is about to be shown. */
  look({ breaker, killSwitch }: Pick<StatusView, 'breaker' | 'killSwitch'>): void {
    const stops = new Map<string, Stop>();
    if (breaker.tripped) {
      const message = `Circuit breaker: ${breaker.reason ?? 'tripped'}`;
      stops.set(message, { rule: 'breaker', message });
    }
    // By its name alone: until it is armed again it is engaged without a reason where the latch has been removed.
    if (killSwitch.engaged) {
      const message = `Kill switch engaged: ${killSwitch.reason ?? 'no reason was given'}`;
      stops.set('kill switch', { rule: 'kill-switch', message });
    }
    for (const [key, { rule, message }] of stops) {
      if (!this.#told.has(key))
        this.#alerts.raise('critical', 'Entries have stopped', message, { rule, key });
    }
    for (const key of this.#told) if (!stops.has(key)) this.#alerts.over(key);
    this.#told = new Set(stops.keys());
  }
}
