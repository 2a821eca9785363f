/** What happened, to show that a run tested something. */
export interface Stats {
  readonly trades: number;
  readonly stops: number;
  readonly faults: number;
  readonly deaths: number;
  /** Of these, at a durable write. */
  readonly atWrites: number;
}

export const addStats = (a: Stats, b: Stats): Stats => ({
  trades: a.trades + b.trades,
  stops: a.stops + b.stops,
  faults: a.faults + b.faults,
  deaths: a.deaths + b.deaths,
  atWrites: a.atWrites + b.atWrites,
});
