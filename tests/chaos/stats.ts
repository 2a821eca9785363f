import type { UtcMs } from '../../core/domain/index.ts';
import type { NastyVenue } from './nasty-venue.ts';

/** What happened in a run, to show that it tested something. */
export interface Stats {
  readonly entries: number;
  readonly exits: number;
  readonly stops: number;
  readonly emergencies: number;
  readonly foreignFills: number;
  readonly lateFees: number;
  readonly lostButTaken: number;
  readonly restarts: number;
  readonly kills: number;
  /** Entries that were on their way when the latch was set, and were taken after that. */
  readonly takenAfterLatch: number;
}

export function statsOf(
  { matcher, sent }: NastyVenue,
  { restarts, latchedAt }: { readonly restarts: number; readonly latchedAt: UtcMs | null },
): Stats {
  const filledFor = (purpose: string): number =>
    matcher.fills.filter((fill) => fill.purpose === purpose).length;
  return {
    entries: filledFor('entry'),
    exits: filledFor('exit'),
    stops: filledFor('protection'),
    emergencies: filledFor('emergency'),
    foreignFills: filledFor('external'),
    lateFees: matcher.fills.filter(({ feeToldLater }) => feeToldLater).length,
    lostButTaken: sent.filter(({ heard, outcome }) => !heard && outcome === 'accepted').length,
    restarts,
    kills: latchedAt === null ? 0 : 1,
    takenAfterLatch: matcher.orders.filter(
      ({ origin, acceptedAt }) => origin.purpose === 'entry' && latchedAt !== null && acceptedAt > latchedAt,
    ).length,
  };
}

export function addStats(a: Stats, b: Stats): Stats {
  return {
    entries: a.entries + b.entries,
    exits: a.exits + b.exits,
    stops: a.stops + b.stops,
    emergencies: a.emergencies + b.emergencies,
    foreignFills: a.foreignFills + b.foreignFills,
    lateFees: a.lateFees + b.lateFees,
    lostButTaken: a.lostButTaken + b.lostButTaken,
    restarts: a.restarts + b.restarts,
    kills: a.kills + b.kills,
    takenAfterLatch: a.takenAfterLatch + b.takenAfterLatch,
  };
}
