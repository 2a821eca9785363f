import type { Timers } from '../../../domain/index.ts';

export interface RateBudgetOptions {
  readonly timers: Timers;
  /** Time that one unit of cost takes to come back, as the venue's limit has it. */
  readonly unitMs: number;
  /** Units that may be spent at once. */
  readonly burst: number;
  /** Share of the burst that only urgent calls may spend. */
  readonly reserve: number;
}

/**
 * What may be asked of a venue before it bans: a bucket that refills by time. Urgent calls (orders that reduce,
 * cancels) never wait behind others, and spend what is kept for them; the others take their turn.
 */
export class RateBudget {
  readonly #options: RateBudgetOptions;
  #burst: number;
  #units: number;
  #at: number;
  /** The last of the calls that wait, in their order. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: RateBudgetOptions) {
    this.#options = options;
    this.#burst = options.burst;
    this.#units = options.burst;
    this.#at = options.timers.monotonicMs();
  }

  /** Share of the burst that is left, from below 0 (overdrawn by what was urgent) to 1. */
  get left(): number {
    this.#refill();
    return this.#units / this.#burst;
  }

  /** Lets so many units more be spent at once: who only comes to get out keeps nothing back for later. */
  widen(units: number): void {
    this.#refill();
    this.#burst += units;
    this.#units += units;
  }

  /** Resolves when a call may be made. */
  take(cost: number, isUrgent: boolean): Promise<void> {
    if (isUrgent) {
      this.#spend(cost);
      return Promise.resolve();
    }
    const turn = this.#queue.then(() => this.#wait(cost));
    this.#queue = turn;
    return turn;
  }

  async #wait(cost: number): Promise<void> {
    const { timers, reserve, unitMs } = this.#options;
    const burst = this.#burst;
    // A call that costs more than there ever is waits for all there is.
    const needed = Math.min(cost + reserve * burst, burst);
    for (this.#refill(); this.#units < needed; this.#refill()) {
      await timers.wait(Math.ceil((needed - this.#units) * unitMs));
    }
    this.#spend(cost);
  }

  #spend(cost: number): void {
    this.#refill();
    this.#units -= cost;
  }

  #refill(): void {
    const { timers, unitMs } = this.#options;
    const now = timers.monotonicMs();
    this.#units = Math.min(this.#burst, this.#units + (now - this.#at) / unitMs);
    this.#at = now;
  }
}
