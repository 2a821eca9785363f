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
}

export function statsOf(
  { matcher, sent }: NastyVenue,
  { restarts, killed }: { readonly restarts: number; readonly killed: boolean },
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
    kills: killed ? 1 : 0,
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
  };
}
