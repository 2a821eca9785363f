import type { UtcMs } from '../../core/domain/index.ts';
import { Dice } from './dice.ts';
import type { Scenario } from './scenario.ts';
import { NEVER, seededWindows, type Windows } from './windows.ts';

/** What holds when: every stretch of bad luck of a run. */
export interface Conditions {
  /** The line is bad: the scenario's rates apply. */
  readonly storm: Windows;
  /** Nothing gets through, neither calls nor events. */
  readonly outage: Windows;
  /** Calls get through, events do not. */
  readonly deafness: Windows;
  /** Orders that leave arrive late, whatever the weather. */
  readonly limbo: Windows;
  /** The order ledger cannot be written. */
  readonly ledgerLocked: Windows;
  /** In maintenance: the market is closed and there are no prices. */
  readonly halted: (symbol: string, at: UtcMs) => boolean;
  /** The venue does not list the symbol, though it trades. */
  readonly unlisted: (symbol: string, at: UtcMs) => boolean;
  /** There are prices, and nobody to trade with. */
  readonly dry: (symbol: string, at: UtcMs) => boolean;
  /** Why stops are not taken, in the venue's words, which may be none; null when they are. */
  readonly stopRefusal: (at: UtcMs) => string | null;
}

/** Fixed by the seed, and all over when the faults end. */
export function seededConditions(scenario: Scenario): Conditions {
  const { seed, symbols, start, faultsEnd, troubles, killAt, limboFrom } = scenario;
  const dice = new Dice(seed).fork('conditions');
  const windows = (name: string, count: number, shortestMs: number, longestMs: number): Windows =>
    count === 0
      ? NEVER
      : seededWindows(dice.fork(name), { from: start, to: faultsEnd, count, shortestMs, longestMs });
  const bySymbol = (name: string, count: number, shortestMs: number, longestMs: number) => {
    const each = new Map(
      symbols.map((symbol) => [symbol, windows(`${name} ${symbol}`, count, shortestMs, longestMs)]),
    );
    return (symbol: string, at: UtcMs): boolean => each.get(symbol)?.holds(at) ?? false;
  };
  const stopsRefused = windows('stops refused', troubles.stopRefusals, 10_000, 180_000);
  const refusal = dice.pick(['stop orders are not taken at the moment', '']);
  return {
    storm: windows('storm', troubles.storms, 20_000, 240_000),
    outage: windows('outage', troubles.outages, 3_000, 60_000),
    deafness: windows('deafness', troubles.outages, 3_000, 90_000),
    limbo: limboFrom === null ? NEVER : { holds: (at) => at >= limboFrom && at <= (killAt ?? limboFrom) },
    ledgerLocked: windows('ledger locked', troubles.ledgerLocks, 200, 20_000),
    halted: bySymbol('halt', troubles.halts, 10_000, 150_000),
    unlisted: bySymbol('delisting', troubles.delistings, 5_000, 60_000),
    dry: bySymbol('drought', troubles.droughts, 10_000, 150_000),
    stopRefusal: (at) => (stopsRefused.holds(at) ? refusal : null),
  };
}
