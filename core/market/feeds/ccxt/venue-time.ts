import { z } from 'zod';
import { type Clock, type Timers, type UtcMs, VenueError } from '../../../domain/index.ts';
import type { CandleLine } from './candle-venue.ts';

export interface VenueTimeOptions {
  readonly line: CandleLine;
  /** The venue's time, as well as it is known without asking. */
  readonly clock: Clock;
  readonly timers: Timers;
}

const EVERY_MS = 5 * 60_000;
/** The clock was set, or the machine slept. */
const JUMP_MS = 1_000;
/** A clock that was measured is not so wrong. */
const FUTURE_MS = 60_000;
/** What happens in the last moment of a bar is in the venue's candles by then. */
const SETTLED_MS = 2_000;
/** The same where only this machine's clock says what time it is. */
const SETTLED_UNMEASURED_MS = 30_000;

const Time = z.union([z.number(), z.string().min(1).transform(Number)]).pipe(z.number().positive());

/** What time it is at the venue: a bar's end is its, not ours. */
export class VenueTime {
  readonly #options: VenueTimeOptions;
  #offsetMs = 0;
  #measured: { readonly clock: UtcMs; readonly monotonicMs: number } | null = null;

  constructor(options: VenueTimeOptions) {
    this.#options = options;
  }

  now(): UtcMs {
    return this.#options.clock.now() + this.#offsetMs;
  }

  /** How long after its end nothing is added to a bar any more. */
  get settledMs(): number {
    return this.#measured === null ? SETTLED_UNMEASURED_MS : SETTLED_MS;
  }

  /** Whether a bar that begins then cannot have begun. */
  isFuture(openTime: UtcMs): boolean {
    return this.#measured !== null && openTime > this.now() + FUTURE_MS;
  }

  /** A bar that has begun at the venue tells that it is at least so late there. */
  saw(openTime: UtcMs): void {
    this.#offsetMs += Math.max(0, openTime - this.now());
  }

  /** Whether the venue is to be asked (again). */
  get isDue(): boolean {
    const { clock, timers } = this.#options;
    if (this.#options.line.api.has['fetchTime'] !== true) return false;
    if (this.#measured === null) return true;
    const passedMs = timers.monotonicMs() - this.#measured.monotonicMs;
    const driftMs = clock.now() - this.#measured.clock - passedMs;
    return passedMs >= EVERY_MS || Math.abs(driftMs) > JUMP_MS;
  }

  /** Asks the venue. @throws VenueError */
  async measure(): Promise<void> {
    const { line, clock, timers } = this.#options;
    const before = clock.now();
    const reply = Time.safeParse(await line.calls.make(() => line.api.fetchTime()));
    if (!reply.success) throw new VenueError('uncertain', 'the venue does not say what time it is');
    // Half the way there and back is taken for the way back.
    this.#offsetMs = Math.round(reply.data - (before + clock.now()) / 2);
    this.#measured = { clock: clock.now(), monotonicMs: timers.monotonicMs() };
  }
}
