import type { Timers, VenueReadings } from '../../../domain/index.ts';

/** Answers that are looked back on. */
const REMEMBERED = 200;

/** How long a venue took to answer lately, and when it did last. */
export class CallTimes {
  readonly #timers: Timers;
  /** The last ones, in no order. */
  readonly #durations: number[] = [];
  #next = 0;
  #answeredAt: number | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Makes a request. One that fails is no answer. */
  async timed<T>(request: () => Promise<T>): Promise<T> {
    const sentAt = this.#timers.monotonicMs();
    const answer = await request();
    this.#answeredAt = this.#timers.monotonicMs();
    this.#durations[this.#next] = this.#answeredAt - sentAt;
    this.#next = (this.#next + 1) % REMEMBERED;
    return answer;
  }

  get lastAnswerAgeMs(): number | null {
    return this.#answeredAt === null ? null : this.#timers.monotonicMs() - this.#answeredAt;
  }

  get latency(): VenueReadings['latency'] {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const answers = sorted.length;
    // Nearest rank: the shortest time within which so many of the answers came.
    const within = (share: number): number | undefined => sorted[Math.ceil(share * answers) - 1];
    const [p50Ms, p99Ms] = [within(0.5), within(0.99)];
    return p50Ms === undefined || p99Ms === undefined ? null : { p50Ms, p99Ms, answers };
  }
}
