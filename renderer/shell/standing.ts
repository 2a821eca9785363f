import type { Condition, StatusView } from '../../core/contract/index.ts';
import { dateTime, TRADING_WORDS } from '../format/index.ts';

/** Conditions that stand over every page, and those that are only good to know, each as the program orders them. */
export function standing(conditions: readonly Condition[]): {
  readonly banners: readonly Condition[];
  readonly notes: readonly Condition[];
} {
  return {
    banners: conditions.filter(({ severity }) => severity !== 'info'),
    notes: conditions.filter(({ severity }) => severity === 'info'),
  };
}

/** What is called those behind a button: how many, and how many of them are critical. */
export function moreText(hidden: readonly Condition[]): string {
  const critical = hidden.filter(({ severity }) => severity === 'critical').length;
  const urgent = critical === 0 || critical === hidden.length ? '' : `, ${critical} critical`;
  return `and ${hidden.length} more${critical === hidden.length ? ' critical' : ''}${urgent}`;
}

/** Whether a halt of the circuit breaker stands until the trader ends it. */
export function waitsForRelease(breaker: StatusView['breaker'] | undefined): boolean {
  return breaker?.tripped === true && breaker.until === null;
}

/** What the program does, for one glance: it says "Trading" only when it is heard and may enter. */
export function engineState(
  { trading, breaker }: Pick<StatusView, 'trading' | 'breaker'>,
  heard: boolean,
): { readonly word: string; readonly state: StatusView['trading'] | 'unknown' } {
  if (!heard) return { word: 'Not known', state: 'unknown' };
  if (trading === 'running' && breaker.tripped) return { word: 'No entries', state: 'paused' };
  return { word: TRADING_WORDS[trading], state: trading };
}

/** Why the breaker has tripped and what that stops. The reason of a halt that waits says itself what ends it. */
export function breakerText({ reason, until }: StatusView['breaker']): string {
  const why = reason === null ? '' : `: ${reason}`;
  if (until !== null) return `${why}. No new positions until ${dateTime(until)} UTC; exits and stops go on.`;
  return reason === null
    ? '. No new positions until you release it; exits and stops go on.'
    : `${why}. Exits and stops go on.`;
}

/** So begins what a comparison says of a symbol in doubt. Between two comparisons the doubt may end. */
const FROZEN = / is frozen: /;

/**
 * What the last comparison with the venue found that no condition tells: that the venue did not answer, say. Conditions
 * are of this moment: a symbol that was frozen at the comparison and has none of its own any more is frozen no longer.
 */
export function untoldDifferences({
  reconciliation: { differences },
  conditions,
}: Pick<StatusView, 'reconciliation' | 'conditions'>): readonly string[] {
  return differences.filter(
    (line) => !FROZEN.test(line) && !conditions.some(({ message }) => message.startsWith(line)),
  );
}
