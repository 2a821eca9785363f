import type { AlertView } from '../contract/index.ts';
import type { AlertStore, Clock, Disposer, Logger, UtcMs } from '../domain/index.ts';

export type Severity = AlertView['severity'];

export interface AlertCenterOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Where alerts outlive the process. Left out, they do not. */
  readonly store?: AlertStore;
  /** How long the same alert is not raised again. Default one minute. */
  readonly quietMs?: number;
}

const KEPT_ALERTS = 100;
const LOG_LEVEL = { info: 'info', warning: 'warn', critical: 'error' } as const;

/** What the trader must hear of. The same alert is not raised again while it is fresh. */
export class AlertCenter {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #store: AlertStore | undefined;
  readonly #quietMs: number;
  readonly #lastRaised = new Map<string, UtcMs>();
  readonly #listeners = new Set<(alert: AlertView) => void>();
  #alerts: readonly AlertView[];
  #count: number;

  constructor({ clock, log, store, quietMs = 60_000 }: AlertCenterOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#store = store;
    this.#quietMs = quietMs;
    this.#alerts = store?.recent(KEPT_ALERTS) ?? [];
    this.#count = numberOf(this.#alerts.at(-1));
  }

  /**
   * Tells the log, the store and every listener. Never throws: an alert must not stop what it tells of.
   *
   * @param dedupeKey what makes two alerts the same, where their texts differ. A graver one is never the same.
   */
  raise(severity: Severity, title: string, message: string, dedupeKey = `${title} ${message}`): void {
    const time = this.#clock.now();
    if (this.#isRepeated(`${severity} ${dedupeKey}`, time)) return;
    this.#count += 1;
    const alert: AlertView = { id: `${time}-${this.#count}`, time, severity, title, message };
    this.#alerts = [...this.#alerts, alert].slice(-KEPT_ALERTS);
    this.#log[LOG_LEVEL[severity]]({ title }, message);
    this.#attempt('an alert could not be stored', () => this.#store?.append(alert));
    for (const listener of this.#listeners) this.#attempt('an alert was not taken', () => listener(alert));
  }

  /** Oldest first; the newest `limit`, those of earlier runs included where there is a store. */
  recent(limit = KEPT_ALERTS): readonly AlertView[] {
    return this.#alerts.slice(Math.max(0, this.#alerts.length - limit));
  }

  onAlert(listener: (alert: AlertView) => void): Disposer {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #isRepeated(key: string, time: UtcMs): boolean {
    for (const [known, raisedAt] of this.#lastRaised) {
      if (time - raisedAt >= this.#quietMs) this.#lastRaised.delete(known);
    }
    if (this.#lastRaised.has(key)) return true;
    this.#lastRaised.set(key, time);
    return false;
  }

  #attempt(failure: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#log.error({ err: error }, failure);
    }
  }
}

/** Alerts are numbered through all runs, so that no id is given twice however the clock is set. */
function numberOf(alert: AlertView | undefined): number {
  return Number(alert?.id.split('-').at(-1) ?? 0);
}
