import type { KillSwitchView } from '../../contract/index.ts';
import type { Logger, Timers } from '../../domain/index.ts';
import type { KillSwitch } from '../../safety/index.ts';

/** What the flattening came to: nothing left, or what could not be done, a line each. */
export interface FlattenOutcome {
  readonly flat: boolean;
  readonly failures: readonly string[];
  /** What is left on purpose, a line each. */
  readonly left: readonly string[];
}

/** The way out. */
export interface Flattening {
  /** Cancels every order, closes every position, verifies against the venue. Idempotent. */
  flatten(): Promise<FlattenOutcome>;
  /** Whether anything is at the venue, on its way there, or in doubt. */
  isFlat(): Promise<boolean>;
  /** Ends after the step in hand. */
  close(): void;
}

export interface EmergencyStopParts {
  readonly killSwitch: KillSwitch;
  readonly flattener: Flattening;
  readonly timers: Timers;
  readonly onChange: () => void;
  readonly log: Logger;
}

type Stage = KillSwitchView['stage'];

/** How often the venue is looked at while the latch holds: what arrives after it was flat is closed as well. */
const WATCH_MS = 2_000;
/** Before flattening begins anew after it failed. */
const RETRY_MS = 2_000;

/**
 * The emergency stop from end to end: latch first, synchronously, then flatten, then watch. However often and from
 * however many sides it is pressed, one sequence runs; a press during it runs it once more, since something may have
 * opened.
 */
export class EmergencyStop {
  readonly #parts: EmergencyStopParts;
  #stage: Stage;
  #failures: readonly string[] = [];
  #left: readonly string[] = [];
  #running: Promise<void> | undefined;
  /** Flattening is wanted once more. */
  #again = false;
  #closed = false;
  /** When to look again (monotonic). */
  #nextLookMs = 0;

  constructor(parts: EmergencyStopParts) {
    this.#parts = parts;
    this.#stage = parts.killSwitch.engaged() ? 'latched' : 'armed';
  }

  /** Engages. When this returns the latch holds; the rest goes on in the background. Never throws. */
  activate(reason: string, by: string): KillSwitchView {
    const { durable, failure } = this.#parts.killSwitch.latch(reason, by);
    if (!durable) this.#parts.log.error({ failure }, 'the kill switch is not on disk');
    this.#again = true;
    this.#run();
    return this.view();
  }

  /**
   * Looks whether another process, or an earlier run, engaged it, goes on with what is not done yet, and watches what
   * is. Cheap: to be called many times a second.
   */
  check(): void {
    const { killSwitch, timers } = this.#parts;
    if (this.#stage === 'armed' ? killSwitch.engaged() : timers.monotonicMs() >= this.#nextLookMs)
      this.#run();
  }

  /** Something happened at the venue: with the latch set it is looked at without waiting for the next turn. */
  nudge(): void {
    this.#nextLookMs = Number.NEGATIVE_INFINITY;
    this.check();
  }

  get engaged(): boolean {
    return this.#stage !== 'armed' || this.#parts.killSwitch.engaged();
  }

  get flattening(): boolean {
    return this.#stage === 'flattening';
  }

  /** Ends what is under way. The latch stays: the next start goes on. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#parts.flattener.close();
    await this.#running;
  }

  /** After the latch was removed. */
  rearm(): void {
    this.#stage = 'armed';
    this.#failures = [];
    this.#left = [];
    this.#again = false;
    this.#changed();
  }

  view(): KillSwitchView {
    const latch = this.#parts.killSwitch.state();
    return {
      engaged: this.engaged,
      at: latch?.at ?? null,
      reason: latch?.reason ?? null,
      stage: this.#stage,
      failures: [...this.#failures, ...this.#left],
    };
  }

  #run(): void {
    if (this.#running !== undefined || this.#closed) return;
    this.#nextLookMs = Number.POSITIVE_INFINITY;
    this.#running = this.#sequence().finally(() => {
      this.#running = undefined;
      this.#changed();
    });
  }

  /** Watches where it was flat, else flattens. Never rejects. */
  async #sequence(): Promise<void> {
    const { killSwitch, timers } = this.#parts;
    const isFlat = this.#stage === 'flat' && (await this.#isStillFlat());
    // Released meanwhile: what there is now is allowed to be there.
    if ((!isFlat || this.#again) && killSwitch.engaged()) await this.#flattenUntilDone();
    const pauseMs = this.#stage === 'flat' ? WATCH_MS : RETRY_MS;
    // Who nudged meanwhile wants it looked at without waiting.
    this.#nextLookMs = Math.min(this.#nextLookMs, timers.monotonicMs() + pauseMs);
  }

  /** A venue that does not answer is asked again at the next turn. */
  async #isStillFlat(): Promise<boolean> {
    const { flattener, log } = this.#parts;
    try {
      return await flattener.isFlat();
    } catch (error) {
      log.warn({ err: error }, 'the venue cannot be watched');
      return true;
    }
  }

  /** Once more where that was asked for meanwhile. */
  async #flattenUntilDone(): Promise<void> {
    do {
      this.#again = false;
      this.#stage = 'flattening';
      this.#changed();
      const { flat, failures, left } = await this.#flatten();
      if (!this.#parts.killSwitch.engaged()) return;
      this.#stage = flat ? 'flat' : 'failed';
      this.#failures = failures;
      this.#left = left;
    } while (this.#again && !this.#closed);
  }

  async #flatten(): Promise<FlattenOutcome> {
    try {
      return await this.#parts.flattener.flatten();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'flattening failed');
      return { flat: false, failures: [`flattening failed: ${String(error)}`], left: [] };
    }
  }

  /** Who is told must not keep the sequence from going on. */
  #changed(): void {
    try {
      this.#parts.onChange();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a change of the emergency stop could not be told');
    }
  }
}
