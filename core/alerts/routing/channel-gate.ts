import type { AlertSettings, Severity } from '../../contract/index.ts';
import type { AlertRecord, UtcMs } from '../../domain/index.ts';
import { alertMessage, digestMessage, type MessageWords, weighs } from '../message.ts';
import { isQuiet } from './quiet-hours.ts';

export type GateSettings = Pick<
  AlertSettings,
  'rules' | 'debounceSeconds' | 'digestMinutes' | 'quietHours'
> & {
  /** What weighs less is not sent by this channel. */
  readonly least: Severity;
};

interface Held {
  readonly alert: AlertRecord;
  readonly severity: Severity;
}

interface Window {
  readonly endsAt: UtcMs;
  readonly held: readonly Held[];
}

/** Alerts held for one message; the oldest go first. */
const MOST_HELD = 500;
const MINUTE_MS = 60_000;

/**
 * Which alerts a channel gets, and when: what comes again too soon is gathered, mere information waits for its digest,
 * and at night everything waits but what is critical. Nothing is lost by waiting.
 */
export class ChannelGate {
  readonly #settings: GateSettings;
  readonly #windows = new Map<string, Window>();
  #quiet: readonly Held[] = [];
  #digest: readonly Held[] = [];
  #digestAt: UtcMs | null = null;

  constructor(settings: GateSettings) {
    this.#settings = settings;
  }

  /** @returns what is to be sent now. */
  take(alert: AlertRecord, now: UtcMs): readonly MessageWords[] {
    const rule = this.#settings.rules[alert.rule];
    if (rule === 'off') return [];
    const severity = rule ?? alert.severity;
    if (!weighs(severity, this.#settings.least)) return [];
    const held = { alert, severity };
    if (severity !== 'critical') {
      if (severity === 'info' && this.#settings.digestMinutes !== null) {
        this.#digestAt ??= now + this.#settings.digestMinutes * MINUTE_MS;
        this.#digest = [...this.#digest, held].slice(-MOST_HELD);
        return [];
      }
      if (isQuiet(this.#settings.quietHours, now)) {
        this.#quiet = [...this.#quiet, held].slice(-MOST_HELD);
        return [];
      }
    }
    return this.#debounced(held, now);
  }

  /** To be called every second or so. @returns what has waited long enough. */
  step(now: UtcMs): readonly MessageWords[] {
    const messages: MessageWords[] = [];
    const quiet = isQuiet(this.#settings.quietHours, now);
    for (const [key, { endsAt, held }] of this.#windows) {
      if (now < endsAt) continue;
      this.#windows.delete(key);
      const [urgent, other] = [held.filter(isCritical), held.filter((each) => !isCritical(each))];
      if (quiet) this.#quiet = [...this.#quiet, ...other].slice(-MOST_HELD);
      const due = quiet ? urgent : held;
      if (due.length === 0) continue;
      this.#windows.set(key, { endsAt: now + this.#debounceMs, held: [] });
      messages.push(digestMessage(due, 'of one kind'));
    }
    if (!quiet && this.#quiet.length > 0) {
      messages.push(digestMessage(this.#quiet, 'from the quiet hours'));
      this.#quiet = [];
    }
    if (!quiet && this.#digestAt !== null && now >= this.#digestAt) {
      messages.push(digestMessage(this.#digest, 'since the last digest'));
      this.#digest = [];
      this.#digestAt = null;
    }
    return messages;
  }

  /** Everything that waits, as it would be said: the program ends. */
  empty(): readonly MessageWords[] {
    const held = [
      ...[...this.#windows.values()].flatMap((window) => window.held),
      ...this.#quiet,
      ...this.#digest,
    ];
    this.#windows.clear();
    this.#quiet = [];
    this.#digest = [];
    this.#digestAt = null;
    return held.length === 0 ? [] : [digestMessage(held, 'from before the program ended')];
  }

  /** Alerts that wait. */
  get waiting(): number {
    const inWindows = [...this.#windows.values()].reduce((sum, { held }) => sum + held.length, 0);
    return inWindows + this.#quiet.length + this.#digest.length;
  }

  get #debounceMs(): number {
    return this.#settings.debounceSeconds * 1_000;
  }

  /** The first goes out at once; what follows within the window is sent at its end. */
  #debounced(held: Held, now: UtcMs): readonly MessageWords[] {
    const { rule, about } = held.alert;
    // What is critical waits for nothing but for itself: another position without a stop is news.
    const key = isCritical(held) ? `${rule} ${about}` : rule;
    const window = this.#windows.get(key);
    if (window !== undefined && now < window.endsAt) {
      this.#windows.set(key, { ...window, held: [...window.held, held].slice(-MOST_HELD) });
      return [];
    }
    this.#windows.set(key, { endsAt: now + this.#debounceMs, held: [] });
    const before = window?.held ?? [];
    return before.length === 0
      ? [alertMessage(held.alert, held.severity)]
      : [digestMessage([...before, held], 'of one kind')];
  }
}

function isCritical({ severity }: Held): boolean {
  return severity === 'critical';
}
