import type { StatusView } from '../../contract/index.ts';
import type { AlertCenter } from '../../monitoring/index.ts';

/** Tells what stops entries, once each time that it begins. */
export class StopAlerts {
  readonly #alerts: Pick<AlertCenter, 'raise'>;
  #told: ReadonlySet<string> = new Set();

  constructor(alerts: Pick<AlertCenter, 'raise'>) {
    this.#alerts = alerts;
  }

  /** Looks at the status that is about to be shown. */
  look({ breaker, killSwitch }: Pick<StatusView, 'breaker' | 'killSwitch'>): void {
    const stops = new Map<string, string>();
    if (breaker.tripped) {
      const stop = `Circuit breaker: ${breaker.reason ?? 'tripped'}`;
      stops.set(stop, stop);
    }
    // By its name alone: until it is armed again it is engaged without a reason where the latch has been removed.
    if (killSwitch.engaged)
      stops.set('kill switch', `Kill switch engaged: ${killSwitch.reason ?? 'no reason was given'}`);
    for (const [key, message] of stops) {
      if (!this.#told.has(key)) this.#alerts.raise('critical', 'Entries have stopped', message);
    }
    this.#told = new Set(stops.keys());
  }
}
