import type { OrderPurpose, SafetySettings } from '../contract/index.ts';
import type { Verdict } from '../domain/index.ts';
import { allow, refuse } from './verdict.ts';

export interface ChurnQuestion {
  /** Closed bars since the symbol's last exit; null when there was none. */
  readonly barsSinceExit: number | null;
  /** Entries of all symbols in the last 60 minutes. */
  readonly entriesLastHour: number;
}

/** Keeps a nervous strategy from paying its profit away: a wait after each exit, and so many entries an hour. */
export function churnThrottle(
  question: ChurnQuestion,
  settings: Pick<SafetySettings, 'reentryWaitBars' | 'maxEntriesPerHour'>,
): Verdict {
  const { barsSinceExit, entriesLastHour } = question;
  const { reentryWaitBars, maxEntriesPerHour } = settings;
  const numbers = {
    barsSinceExit: barsSinceExit ?? Number.NaN,
    entriesLastHour,
    reentryWaitBars,
    maxEntriesPerHour,
  };
  if (barsSinceExit !== null && !(barsSinceExit >= reentryWaitBars)) {
    const message = `${barsSinceExit} of ${reentryWaitBars} bars since the last exit have passed`;
    return refuse('churn-throttle', 'reentry-wait', message, numbers);
  }
  if (!(entriesLastHour < maxEntriesPerHour)) {
    const message = `${entriesLastHour} entries in the last hour, ${maxEntriesPerHour} are allowed`;
    return refuse('churn-throttle', 'entries-per-hour', message, numbers);
  }
  return allow('churn-throttle', 'not trading too often', numbers);
}

export interface ExitQuestion {
  readonly purpose: Exclude<OrderPurpose, 'entry'>;
  /** Closed bars since the position was opened. */
  readonly barsHeld: number;
}

/** A strategy must hold for a minimum of bars. Stops and emergencies never wait, nor does an exit of unknown age. */
export function exitReview(question: ExitQuestion, settings: Pick<SafetySettings, 'minHoldBars'>): Verdict {
  const { purpose, barsHeld } = question;
  const { minHoldBars } = settings;
  const numbers = { barsHeld, minHoldBars };
  if (purpose === 'exit' && barsHeld < minHoldBars) {
    const message = `held for ${barsHeld} of at least ${minHoldBars} bars`;
    return refuse('churn-throttle', 'minimum-hold', message, numbers);
  }
  return allow('churn-throttle', 'the position may be closed', numbers);
}
