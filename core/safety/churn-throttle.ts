import type { OrderPurpose, SafetySettings } from '../contract/index.ts';
import type { Verdict } from '../domain/index.ts';
import { allow, refuse } from './verdict.ts';

export interface ChurnQuestion {
  /** Closed bars since the symbol's last exit; null when there was none. */
  readonly barsSinceExit: number | null;
  /** Entries of all symbols in the last 60 minutes. */
  readonly entriesLastHour: number;
  /** Entries of all symbols since midnight UTC. */
  readonly entriesToday: number;
}

/** Keeps a nervous strategy from paying its profit away: a wait after each exit, and so many entries an hour and a day. */
export function churnThrottle(
  question: ChurnQuestion,
  settings: Pick<SafetySettings, 'reentryWaitBars' | 'maxEntriesPerHour' | 'maxEntriesPerDay'>,
): Verdict {
  const { barsSinceExit, entriesLastHour, entriesToday } = question;
  const { reentryWaitBars, maxEntriesPerHour, maxEntriesPerDay } = settings;
  const numbers = {
    barsSinceExit: barsSinceExit ?? Number.NaN,
    entriesLastHour,
    reentryWaitBars,
    maxEntriesPerHour,
    entriesToday,
    maxEntriesPerDay,
  };
  if (barsSinceExit !== null && !(barsSinceExit >= reentryWaitBars)) {
    const message = `${barsSinceExit} of ${reentryWaitBars} bars since the last exit have passed`;
    return refuse('churn-throttle', 'reentry-wait', message, numbers);
  }
  if (!(entriesLastHour < maxEntriesPerHour)) {
    const message = `${entriesLastHour} entries in the last hour, ${maxEntriesPerHour} are allowed`;
    return refuse('churn-throttle', 'entries-per-hour', message, numbers);
  }
  if (!(entriesToday < maxEntriesPerDay)) {
    const message = `${entriesToday} entries since midnight UTC, ${maxEntriesPerDay} are allowed a day`;
    return refuse('churn-throttle', 'entries-per-day', message, numbers);
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
