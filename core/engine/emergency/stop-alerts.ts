import type { StatusView } from '../../contract/index.ts';
import type { AlertCenter } from '../../monitoring/index.ts';

/** Tells what stops entries, once each time that it begins. */
export class StopAlerts {
  readonly #alerts: Pick<AlertCenter, 'raise'>;
  #told: readonly string[] = [];

  constructor(alerts: Pick<AlertCenter, 'raise'>) {
    this.#alerts = alerts;
  }

  /** Looks at the status that is about to be shown. */
  look({ breaker, killSwitch }: Pick<StatusView, 'breaker' | 'killSwitch'>): void {
    const stops = [
      ...(breaker.tripped ? [`Circuit breaker: ${breaker.reason ?? 'tripped'}`] : []),
      ...(killSwitch.engaged ? [`Kill switch engaged: ${killSwitch.reason ?? 'no reason was given'}`] : []),
    ];
    for (const stop of stops) {
      if (!this.#told.includes(stop)) this.#alerts.raise('critical', 'Entries have stopped', stop);
    }
    this.#told = stops;
  }
}
