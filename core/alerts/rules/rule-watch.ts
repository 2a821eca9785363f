import type { AlertRule, Severity } from '../../contract/index.ts';
import type { UtcMs } from '../../domain/index.ts';
import { type RuleSettings, type Standing, standing, type WatchedFacts } from './standing.ts';

/** Where alerts are raised. */
export interface AlertRaiser {
  raise(
    severity: Severity,
    title: string,
    message: string,
    about: { readonly rule: AlertRule; readonly key: string },
  ): void;
  /** What was told of under this key has ended. */
  over(key: string): void;
}

/** So long the venue has to be there, and agree, before what was told of it is over. */
const CALM_MS = 60_000;

/** What others tell of when it begins, and only the status says that it is over. */
export const VENUE_KEY = 'venue';
export const BOOKS_KEY = 'books';

/** Tells of what begins to be the case, once each time. */
export class RuleWatch {
  readonly #alerts: AlertRaiser;
  readonly #settings: RuleSettings;
  /** Since when each is the case, and whether it was told, with which severity. */
  readonly #known = new Map<string, { since: UtcMs; told: Severity | null }>();
  #calmSince: UtcMs | null = null;

  constructor(alerts: AlertRaiser, settings: RuleSettings) {
    this.#alerts = alerts;
    this.#settings = settings;
  }

  /** @param now the wall's time. */
  look(facts: WatchedFacts, now: UtcMs): void {
    const found = standing(facts, this.#settings, (key) => this.#known.get(key)?.told != null);
    for (const each of found) this.#tell(each, now);
    const keys = new Set(found.map(({ key }) => key));
    for (const [key, { told }] of this.#known) {
      if (keys.has(key)) continue;
      this.#known.delete(key);
      if (told !== null) this.#alerts.over(key);
    }
    this.#lookAtVenue(facts, now);
  }

  #tell({ key, rule, severity, title, message, afterMs }: Standing, now: UtcMs): void {
    const known = this.#known.get(key) ?? { since: now, told: null };
    this.#known.set(key, known);
    const isGraver = known.told !== null && known.told !== 'critical' && severity === 'critical';
    if ((known.told !== null && !isGraver) || now - known.since < afterMs) return;
    known.told = severity;
    this.#alerts.raise(severity, title, message, { rule, key });
  }

  #lookAtVenue({ status }: WatchedFacts, now: UtcMs): void {
    const isDown = status.conditions.some(({ id }) => id === 'connection' || id === 'not-compared');
    if (isDown || !status.reconciliation.green) {
      this.#calmSince = null;
      return;
    }
    this.#calmSince ??= now;
    if (now - this.#calmSince < CALM_MS) return;
    this.#alerts.over(VENUE_KEY);
    this.#alerts.over(BOOKS_KEY);
  }
}
