import type { Timers } from '../../../domain/index.ts';

export interface RateBudgetOptions {
  readonly timers: Timers;
  /** Units that may be spent in any minute, wherever it begins. */
  readonly unitsPerMinute: number;
  /** Whether a part of them is kept for what is urgent, which ordinary calls never touch. */
  readonly hasReserve: boolean;
}

/** Parts of the minute's units: what may be spent at once, and what comes back in the minute after that. */
interface Parts {
  readonly atOnce: number;
  readonly coming: number;
}

/** All of them together make up one: whatever is spent when, no minute sees more than its units. */
const ALL_ORDINARY: Parts = { atOnce: 0.25, coming: 0.75 };
const ORDINARY: Parts = { atOnce: 0.25, coming: 0.4 };
const RESERVE: Parts = { atOnce: 0.2, coming: 0.15 };
const NOTHING: Parts = { atOnce: 0, coming: 0 };

const MINUTE_MS = 60_000;

/**
 * What may be asked of a venue before it bans. Urgent calls (orders that reduce, cancels, and whatever a flattening
 * asks) go before all others and have a reserve of their own besides; when that is used up as well they wait too, since a
 * ban is worse. The others take their turn.
 */
export class RateBudget {
  readonly #timers: Timers;
  readonly #own: Bucket;
  readonly #reserve: Bucket;
  /** The last of the ordinary calls that wait, in their order. */
  #queue: Promise<void> = Promise.resolve();
  /** The same of the urgent ones, and how many there are. */
  #urgent: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor({ timers, unitsPerMinute, hasReserve }: RateBudgetOptions) {
    this.#timers = timers;
    this.#own = new Bucket(timers, unitsPerMinute, hasReserve ? ORDINARY : ALL_ORDINARY);
    this.#reserve = new Bucket(timers, unitsPerMinute, hasReserve ? RESERVE : NOTHING);
  }

  /** Share of what ordinary calls may spend at once that is left, from 0 to 1. */
  get left(): number {
    return Math.max(0, this.#own.units) / this.#own.size;
  }

  /**
   * Takes the venue's word for what is left of its minute, of which others of the address have a part as well: what was
   * thought to be there beyond that is not. What is urgent has the last of it.
   */
  heed(left: number): void {
    this.#reserve.cap(left);
    this.#own.cap(left - this.#reserve.units);
  }

  /** Resolves when a call may be made. */
  take(cost: number, isUrgent: boolean): Promise<void> {
    if (!isUrgent) {
      this.#queue = this.#queue.then(() => this.#takeOrdinary(cost));
      return this.#queue;
    }
    if (this.#waiting === 0 && this.#lacking(cost) <= 0) {
      this.#spendUrgent(cost);
      return Promise.resolve();
    }
    this.#waiting += 1;
    this.#urgent = this.#urgent.then(() => this.#takeUrgent(cost));
    return this.#urgent;
  }

  async #takeOrdinary(cost: number): Promise<void> {
    // A call that costs more than there ever is waits for all there is.
    const needed = Math.min(cost, this.#own.size);
    while (this.#waiting > 0 || this.#own.units < needed) {
      if (this.#waiting > 0) await this.#urgent;
      else await this.#timers.wait(Math.ceil((needed - this.#own.units) / this.#own.perMs));
    }
    this.#own.spend(cost);
  }

  async #takeUrgent(cost: number): Promise<void> {
    const perMs = this.#own.perMs + this.#reserve.perMs;
    for (let lacking = this.#lacking(cost); lacking > 0; lacking = this.#lacking(cost))
      await this.#timers.wait(Math.ceil(lacking / perMs));
    this.#waiting -= 1;
    this.#spendUrgent(cost);
  }

  /** How many units an urgent call still has to wait for. */
  #lacking(cost: number): number {
    const needed = Math.min(cost, this.#own.size + this.#reserve.size);
    return needed - Math.max(0, this.#own.units) - this.#reserve.units;
  }

  /** What nobody else may spend goes first, so that the others get on beside what is watched for long. */
  #spendUrgent(cost: number): void {
    const kept = Math.min(cost, this.#reserve.units);
    this.#reserve.spend(kept);
    this.#own.spend(cost - kept);
  }
}

/** Units that come back with time. */
class Bucket {
  readonly size: number;
  readonly perMs: number;
  readonly #timers: Timers;
  #units: number;
  #at: number;

  constructor(timers: Timers, unitsPerMinute: number, { atOnce, coming }: Parts) {
    this.#timers = timers;
    this.size = unitsPerMinute * atOnce;
    this.perMs = (unitsPerMinute * coming) / MINUTE_MS;
    this.#units = this.size;
    this.#at = timers.monotonicMs();
  }

  /** Below nothing after a call that cost more than there ever is. */
  get units(): number {
    const now = this.#timers.monotonicMs();
    this.#units = Math.min(this.size, this.#units + (now - this.#at) * this.perMs);
    this.#at = now;
    return this.#units;
  }

  spend(cost: number): void {
    this.#units = this.units - cost;
  }

  /** There is no more than so much; what is owed stays owed. */
  cap(units: number): void {
    this.#units = Math.min(this.units, Math.max(0, units));
  }
}
