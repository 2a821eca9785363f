import type { UtcMs } from './time.ts';

/** The only source of time in the core: real in paper and live, the market's own in demo, replay and backtest. */
export interface Clock {
  now(): UtcMs;
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
