import type { KillSwitchView } from '../../contract/index.ts';
import type { Logger } from '../../domain/index.ts';
import type { KillSwitch } from '../../safety/index.ts';

/** What the flattening came to: nothing left, or what could not be done, a line each. */
export interface FlattenOutcome {
  readonly flat: boolean;
  readonly failures: readonly string[];
}

export interface EmergencyStopParts {
  readonly killSwitch: KillSwitch;
  /** Cancels every order, closes every position, verifies against the venue. Idempotent. */
  readonly flatten: () => Promise<FlattenOutcome>;
  readonly onChange: () => void;
  readonly log: Logger;
}

type Stage = KillSwitchView['stage'];

/**
 * The emergency stop from end to end: latch first, synchronously, then flatten. However often and from however many
 * sides it is pressed, one sequence runs; a press during it runs it once more, since something may have opened.
 */
export class EmergencyStop {
  readonly #parts: EmergencyStopParts;
  #stage: Stage;
  #failures: readonly string[] = [];
  #running: Promise<void> | undefined;
  #again = false;

  constructor(parts: EmergencyStopParts) {
    this.#parts = parts;
    this.#stage = parts.killSwitch.engaged() ? 'latched' : 'armed';
  }

  /** Engages. When this returns the latch holds; the rest goes on in the background. Never throws. */
  activate(reason: string, by: string): KillSwitchView {
    const { durable, failure } = this.#parts.killSwitch.latch(reason, by);
    if (!durable && failure !== null) this.#parts.log.error({ failure }, 'the kill switch is not on disk');
    this.#run();
    return this.view();
  }

  /** Looks whether another process, or an earlier run, engaged it, and goes on with what is not done yet. */
  check(): void {
    if (this.#running !== undefined) return;
    const begun = this.#stage === 'latched' || this.#stage === 'failed';
    if (begun || (this.#stage === 'armed' && this.#parts.killSwitch.engaged())) this.#run();
  }

  get engaged(): boolean {
    return this.#stage !== 'armed' || this.#parts.killSwitch.engaged();
  }

  get flattening(): boolean {
    return this.#running !== undefined;
  }

  /** Resolves when no sequence is at work. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** After the latch was removed. */
  rearm(): void {
    this.#stage = 'armed';
    this.#failures = [];
    this.#parts.onChange();
  }

  view(): KillSwitchView {
    const latch = this.#parts.killSwitch.state();
    return {
      engaged: this.engaged,
      at: latch?.at ?? null,
      reason: latch?.reason ?? null,
      stage: this.#stage,
      failures: [...this.#failures],
    };
  }

  #run(): void {
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#flattenUntilDone().finally(() => {
      this.#running = undefined;
      this.#parts.onChange();
    });
  }

  async #flattenUntilDone(): Promise<void> {
    do {
      this.#again = false;
      this.#stage = 'flattening';
      this.#parts.onChange();
      const outcome = await this.#flatten();
      this.#stage = outcome.flat ? 'flat' : 'failed';
      this.#failures = outcome.failures;
    } while (this.#again);
  }

  async #flatten(): Promise<FlattenOutcome> {
    try {
      return await this.#parts.flatten();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'flattening failed');
      return { flat: false, failures: [`flattening failed: ${String(error)}`] };
    }
  }
}
