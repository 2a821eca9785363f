import type { KillSwitchView, Mode, StopOrigin } from '../../contract/index.ts';
import type { Clock, Logger, Timers, UtcMs } from '../../domain/index.ts';
import type { FlattenResult } from '../../execution/index.ts';
import type { KillHistory, KillSwitch } from '../../safety/index.ts';
import { ActivationRecord } from './activation-record.ts';
import type { Flattening } from './flattening.ts';

export interface EmergencyStopParts {
  readonly killSwitch: KillSwitch;
  readonly flattener: Flattening;
  readonly mode: Mode;
  /** Where the flattening gets out of. */
  readonly venue: string;
  readonly history: Pick<KillHistory, 'list' | 'note' | 'retry'>;
  /** The wall's. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly onChange: () => void;
  /** After everything was closed something has appeared, and is closed as well. */
  readonly onArrival: () => void;
  /** The latch holds in this process alone, and why; null: it is on disk after all. */
  readonly onLatchFault: (fault: string | null) => void;
  readonly log: Logger;
}

type Stage = KillSwitchView['stage'];

/** How often the venue is looked at while the latch holds: what arrives after it was flat is closed as well. */
const WATCH_MS = 2_000;
/** The same while what was on its way at the press may still arrive. */
const CLOSE_WATCH_MS = 1_000;
const MAY_ARRIVE_MS = 30_000;
/** A look that takes longer than any answer has waited for what the venue allows in a minute: others want some of that, too. */
const SLOW_LOOK_MS = 3_000;
const SLOW_TIMES = 4;
/** Before flattening begins anew after it failed. */
const RETRY_MS = 2_000;
/** Before a latch, or a line of the history, that could not be written is tried again. */
const REWRITE_MS = 1_000;

/**
 * The emergency stop from end to end: latch first, synchronously, then flatten, then watch. However often and from
 * however many sides it is pressed, one sequence runs; a press during it runs it once more, since something may have
 * opened.
 */
export class EmergencyStop {
  readonly #parts: EmergencyStopParts;
  readonly #record: ActivationRecord;
  #stage: Stage;
  #failures: readonly string[] = [];
  #left: readonly string[] = [];
  #running: Promise<void> | undefined;
  /** Flattening is wanted once more. */
  #again = false;
  #closed = false;
  /** When to look again (monotonic). */
  #nextLookMs = 0;
  /** Why the latch is not on disk; null: it is, or there is none. */
  #latchFault: string | null = null;
  /** When it was last found flat after a flattening (monotonic). */
  #flatMs = Number.NEGATIVE_INFINITY;
  /** When nothing of ours was last seen at the venue. */
  #verifiedAt: UtcMs | null = null;
  /** When to write again what could not be written (monotonic). */
  #nextWriteMs = 0;

  constructor(parts: EmergencyStopParts) {
    this.#parts = parts;
    this.#record = new ActivationRecord(parts);
    this.#stage = parts.killSwitch.engaged() ? 'latched' : 'armed';
  }

  /** Engages. When this returns the latch holds; the rest goes on in the background. Never throws. */
  activate(reason: string, by: string, from: StopOrigin = 'unknown'): KillSwitchView {
    const { killSwitch, timers } = this.#parts;
    const pressedMs = timers.monotonicMs();
    const { latch, durable, failure } = killSwitch.latch(reason, by, from);
    if (!this.#record.isOpen) this.#record.open(latch, durable, pressedMs, timers.monotonicMs());
    this.#again = true;
    this.#run();
    // What was sent is on its way: time for telling it.
    this.#record.pressed({ reason, by, from });
    this.#latched(failure);
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
    if (timers.monotonicMs() >= this.#nextWriteMs) this.#writeAgain();
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
    this.#verifiedAt = null;
    this.#again = false;
    this.#record.reset();
    this.#latched(null);
    this.#changed();
  }

  view(): KillSwitchView {
    const latch = this.#parts.killSwitch.state();
    return {
      engaged: this.engaged,
      at: latch?.at ?? null,
      reason: latch?.reason ?? null,
      stage: this.#stage,
      failures: [...(this.#latchFault === null ? [] : [this.#latchFault]), ...this.#failures, ...this.#left],
      verifiedAt: this.#verifiedAt,
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
    const beganMs = timers.monotonicMs();
    const wasFlat = this.#stage === 'flat';
    const isFlat = wasFlat && (await this.#isStillFlat());
    const tookMs = timers.monotonicMs() - beganMs;
    const hasArrived = wasFlat && !isFlat;
    // Released meanwhile: what there is now is allowed to be there.
    if ((!isFlat || this.#again) && killSwitch.engaged()) await this.#flattenUntilDone(hasArrived);
    const watchMs = timers.monotonicMs() - this.#flatMs < MAY_ARRIVE_MS ? CLOSE_WATCH_MS : WATCH_MS;
    const flatPauseMs = tookMs < SLOW_LOOK_MS ? watchMs : SLOW_TIMES * tookMs;
    const pauseMs = this.#stage === 'flat' ? flatPauseMs : RETRY_MS;
    // Who nudged meanwhile wants it looked at without waiting.
    this.#nextLookMs = Math.min(this.#nextLookMs, timers.monotonicMs() + pauseMs);
  }

  /** A venue that does not answer is asked again at the next turn. */
  async #isStillFlat(): Promise<boolean> {
    const { flattener, clock, log } = this.#parts;
    try {
      const isFlat = await flattener.isFlat();
      if (isFlat) this.#verifiedAt = clock.now();
      return isFlat;
    } catch (error) {
      log.warn({ err: error }, 'the venue cannot be watched');
      return true;
    }
  }

  /** Once more where that was asked for meanwhile. */
  async #flattenUntilDone(hasArrived: boolean): Promise<void> {
    do {
      this.#again = false;
      this.#stage = 'flattening';
      const foundMs = this.#parts.timers.monotonicMs();
      const flattening = this.#flatten();
      // Only when the cancels are on their way: who is told may take his time.
      this.#opened(foundMs);
      this.#changed();
      if (hasArrived) this.#tell(this.#parts.onArrival);
      const outcome = await flattening;
      if (!this.#parts.killSwitch.engaged()) return;
      this.#stage = outcome.flat ? 'flat' : 'failed';
      if (outcome.flat) {
        this.#flatMs = this.#parts.timers.monotonicMs();
        this.#verifiedAt = this.#parts.clock.now();
      }
      this.#failures = outcome.failures;
      this.#left = outcome.left;
      this.#record.ended(outcome);
    } while (this.#again && !this.#closed);
  }

  async #flatten(): Promise<FlattenResult> {
    try {
      return await this.#parts.flattener.flatten();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'flattening failed');
      const failures = [`flattening failed: ${String(error)}`];
      return { flat: false, failures, left: [], symbols: [], cancelsSentMs: null, closesSentMs: null };
    }
  }

  /** A latch that another process, or an earlier run, has set. */
  #opened(foundMs: number): void {
    const latch = this.#parts.killSwitch.state();
    if (this.#record.isOpen || latch === undefined) return;
    this.#record.open(latch, true, foundMs, foundMs);
    this.#record.write();
  }

  #writeAgain(): void {
    const { history, killSwitch, timers } = this.#parts;
    this.#nextWriteMs = timers.monotonicMs() + REWRITE_MS;
    history.retry();
    const latch = this.#latchFault === null ? undefined : killSwitch.state();
    if (latch === undefined) return;
    this.#latched(killSwitch.latch(latch.reason, latch.by, latch.from).failure);
    this.#changed();
  }

  /** A latch that is not on disk would be forgotten by a restart: the trader is told, and it is tried again. */
  #latched(fault: string | null): void {
    const before = this.#latchFault;
    this.#latchFault = fault;
    this.#record.durable(fault === null);
    if (fault === before) return;
    if (fault !== null) this.#parts.log.error({ fault }, 'the kill switch is not on disk');
    try {
      this.#parts.onLatchFault(fault);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a fault of the emergency stop could not be told');
    }
  }

  #changed(): void {
    this.#tell(this.#parts.onChange);
  }

  /** Who is told must not keep the sequence from going on. */
  #tell(news: () => void): void {
    try {
      news();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a change of the emergency stop could not be told');
    }
  }
}
