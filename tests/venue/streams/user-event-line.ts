import type { VenueClock } from '../clock/venue-clock.ts';
import type { FaultBoard } from '../faults/fault-board.ts';

type Say = (account: string, event: unknown) => void;

/** The way of user events to the sockets, and what can happen to them on it. */
export class UserEventLine {
  readonly #clock: VenueClock;
  readonly #faults: FaultBoard;
  readonly #say: Say;
  /** Events that wait for the next one to overtake them. */
  readonly #overtaken = new Map<string, unknown>();

  constructor(clock: VenueClock, faults: FaultBoard, say: Say) {
    this.#clock = clock;
    this.#faults = faults;
    this.#say = say;
  }

  say(account: string, event: unknown): void {
    // Faults name events by their text, so that a test can strike "executionReport" or one order's.
    const subject = JSON.stringify(event);
    if (this.#faults.strike('lost-events', subject) !== undefined) return;
    const late = this.#faults.strike('late-events', subject);
    if (late !== undefined) {
      this.#clock.after(late.ms ?? 1_000, () => this.#say(account, event));
      return;
    }
    if (!this.#overtaken.has(account) && this.#faults.strike('reordered-events', subject) !== undefined) {
      this.#overtaken.set(account, event);
      return;
    }
    this.#say(account, event);
    if (this.#faults.strike('duplicate-events', subject) !== undefined) this.#say(account, event);
    if (!this.#overtaken.has(account)) return;
    const before = this.#overtaken.get(account);
    this.#overtaken.delete(account);
    this.#say(account, before);
  }
}
