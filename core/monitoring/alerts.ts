import type { AlertView } from '../contract/index.ts';
import type { Clock, Disposer, Logger, UtcMs } from '../domain/index.ts';

export type Severity = AlertView['severity'];

const KEPT_ALERTS = 100;

/** What the trader must hear of. The same alert is not raised again while it is fresh. */
export class AlertCenter {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #quietMs: number;
  readonly #lastRaised = new Map<string, UtcMs>();
  readonly #listeners = new Set<(alert: AlertView) => void>();
  #alerts: readonly AlertView[] = [];
  #count = 0;

  constructor(options: { readonly clock: Clock; readonly log: Logger; readonly quietMs?: number }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#quietMs = options.quietMs ?? 60_000;
  }

  raise(severity: Severity, title: string, message: string): void {
    const time = this.#clock.now();
    const key = `${severity} ${title} ${message}`;
    const last = this.#lastRaised.get(key);
    if (last !== undefined && time - last < this.#quietMs) return;
    this.#lastRaised.set(key, time);
    this.#count += 1;
    const alert: AlertView = { id: `${time}-${this.#count}`, time, severity, title, message };
    this.#alerts = [...this.#alerts, alert].slice(-KEPT_ALERTS);
    this.#log[severity === 'critical' ? 'error' : severity === 'warning' ? 'warn' : 'info']({ title }, message);
    for (const listener of this.#listeners) listener(alert);
  }

  /** Oldest first. */
  recent(): readonly AlertView[] {
    return this.#alerts;
  }

  onAlert(listener: (alert: AlertView) => void): Disposer {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
