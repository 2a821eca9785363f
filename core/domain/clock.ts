import type { UtcMs } from './time.ts';

/** A source of time. */
export interface Clock {
  now(): UtcMs;
}

/**
 * The two times there are. Orders, fills, decisions and limits live by the market's, which the feed moves in the
 * simulated modes; logs, alerts, the kill switch, budgets and patience with a venue by the one on the wall.
 */
export interface Clocks {
  readonly market: Clock;
  readonly wall: Clock;
}

/** A clock that shows what it was last set to. It never goes back. */
export class ManualClock implements Clock {
  #now: UtcMs;

  constructor(start: UtcMs) {
    this.#now = start;
  }

  now(): UtcMs {
    return this.#now;
  }

  advanceTo(time: UtcMs): void {
    if (time > this.#now) this.#now = time;
  }
}
