import { type AlertRule, type AlertView, SEVERITIES, type Severity } from '../contract/index.ts';
import type { AlertRecord, AlertStore, Clock, Disposer, Logger, UtcMs } from '../domain/index.ts';
import { redactText } from './secret-text.ts';

/** What an alert is about, besides its words. */
export interface AlertAbout {
  /** Left out: `program`. */
  readonly rule?: AlertRule;
  /** What makes two alerts the same where their texts differ. A graver one is never the same. */
  readonly key?: string;
}

export interface AlertCenterOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Where alerts outlive the process. Left out, they do not. */
  readonly store?: AlertStore;
  /** How long the same alert is not raised again. Default one minute. */
  readonly quietMs?: number;
  /** Takes out of a text what must not be told. Default: what looks like a secret. */
  readonly clean?: (text: string) => string;
}

const KEPT_ALERTS = 100;
/** Critical ones that wait for the trader; the oldest go first. */
const OPEN_ALERTS = 200;
const LOG_LEVEL = { info: 'info', warning: 'warn', critical: 'error' } as const;

/** What the trader must hear of. The same alert is not raised again while it is fresh. */
export class AlertCenter {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #store: AlertStore | undefined;
  readonly #quietMs: number;
  readonly #clean: (text: string) => string;
  readonly #lastRaised = new Map<string, UtcMs>();
  readonly #listeners = new Set<(alert: AlertRecord) => void>();
  readonly #changeListeners = new Set<(alerts: readonly AlertView[]) => void>();
  #alerts: readonly AlertRecord[];
  /** Critical ones that nobody has acknowledged. */
  #open: readonly AlertRecord[];
  #count: number;

  constructor({ clock, log, store, quietMs = 60_000, clean = redactText }: AlertCenterOptions) {
    this.#clean = clean;
    this.#clock = clock;
    this.#log = log;
    this.#store = store;
    this.#quietMs = quietMs;
    this.#alerts = store?.recent(KEPT_ALERTS) ?? [];
    this.#open = store?.open(OPEN_ALERTS) ?? [];
    this.#count = numberOf(this.#alerts.at(-1));
  }

  /** Tells the log, the store and every listener. Never throws: an alert must not stop what it tells of. */
  raise(severity: Severity, title: string, message: string, about: AlertAbout = {}): void {
    const time = this.#clock.now();
    const key = about.key ?? `${title} ${message}`;
    if (this.#isRepeated(`${severity} ${key}`, time)) return;
    this.#count += 1;
    const alert: AlertRecord = {
      id: `${time}-${this.#count}`,
      time,
      severity,
      rule: about.rule ?? 'program',
      title: this.#clean(title),
      message: this.#clean(message),
      about: this.#clean(key),
      acknowledged: null,
    };
    this.#alerts = [...this.#alerts, alert].slice(-KEPT_ALERTS);
    this.#log[LOG_LEVEL[severity]]({ title: alert.title }, alert.message);
    this.#attempt('an alert could not be stored', () => this.#store?.append(alert));
    if (severity === 'critical') {
      const earlier = this.#open.filter((open) => open.about === alert.about);
      this.#open = [...this.#open, alert].slice(-OPEN_ALERTS);
      this.#settle(earlier, 'told again');
    }
    for (const listener of this.#listeners) this.#attempt('an alert was not taken', () => listener(alert));
  }

  /** What was told of under this key has ended: nobody needs to be reminded of it, and should it begin again it is told. */
  over(key: string): void {
    for (const severity of SEVERITIES) this.#lastRaised.delete(`${severity} ${key}`);
    const about = this.#clean(key);
    this.#settle(
      this.#open.filter((open) => open.about === about),
      'its end',
    );
  }

  /** The trader has seen it; all of them where none is named. @returns how many that were. */
  acknowledge(id: string | undefined, by: string): number {
    const seen = this.#open.filter((alert) => id === undefined || alert.id === id);
    this.#settle(seen, by);
    return seen.length;
  }

  /** Critical ones that nobody has acknowledged, oldest first. */
  get open(): readonly AlertRecord[] {
    return this.#open;
  }

  /** Oldest first; the newest `limit`, those of earlier runs included where there is a store. */
  recent(limit = KEPT_ALERTS): readonly AlertView[] {
    return this.#alerts.slice(Math.max(0, this.#alerts.length - limit)).map(shown);
  }

  onAlert(listener: (alert: AlertRecord) => void): Disposer {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Told of alerts that were acknowledged. */
  onChange(listener: (alerts: readonly AlertView[]) => void): Disposer {
    this.#changeListeners.add(listener);
    return () => {
      this.#changeListeners.delete(listener);
    };
  }

  #settle(alerts: readonly AlertRecord[], by: string): void {
    if (alerts.length === 0) return;
    const acknowledged = { at: this.#clock.now(), by };
    const ids = new Set(alerts.map(({ id }) => id));
    this.#open = this.#open.filter(({ id }) => !ids.has(id));
    this.#alerts = this.#alerts.map((alert) => (ids.has(alert.id) ? { ...alert, acknowledged } : alert));
    this.#attempt('that an alert was seen could not be stored', () =>
      this.#store?.acknowledge([...ids], acknowledged),
    );
    const changed = this.#alerts.filter(({ id }) => ids.has(id)).map(shown);
    if (changed.length === 0) return;
    for (const listener of this.#changeListeners)
      this.#attempt('that an alert was seen was not taken', () => listener(changed));
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

/** As it crosses the boundary. */
export function shown({ about: _, ...alert }: AlertRecord): AlertView {
  return alert;
}
