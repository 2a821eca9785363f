import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock, Timers, UtcMs } from '../domain/index.ts';

export const CLOSING_FILE = 'closing-outside.json';

const ClosingSchema = z.object({ version: z.literal(1), at: z.number().int() });

/** How often whoever closes says that it still does. */
export const CLOSING_BEAT_MS = 1_000;
/** What was not said again for so long holds nobody back: a process that is gone must not keep others from getting out. */
const STALE_MS = 10_000;
/** Whoever has not said it for so long itself stops: soon the others will not wait any more. */
const LATE_MS = 5_000;

/** Since when another process closes what a directory's program has open; null: none does. Never throws. */
export function closingElsewhere(directory: string, clock: Clock): UtcMs | null {
  try {
    const { at } = ClosingSchema.parse(JSON.parse(readFileSync(join(directory, CLOSING_FILE), 'utf8')));
    return Math.abs(clock.now() - at) < STALE_MS ? at : null;
  } catch {
    // None, or none that can be read: getting out goes first.
    return null;
  }
}

export interface ClosingRightOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * The right to close in the place of a program that hangs: two processes that close the same coins sell twice. Held
 * beside the latch as long as it is said again and again; the program, should it wake, closes nothing meanwhile. A folder
 * that cannot be written gives the right all the same: what is open must be closed.
 */
export class ClosingRight {
  readonly #options: ClosingRightOptions;
  readonly #end = new AbortController();
  #saidMs: number;

  constructor(options: ClosingRightOptions) {
    this.#options = options;
    this.#saidMs = options.timers.monotonicMs();
    this.#say();
    void this.#sayAgain();
  }

  /** Whether it is lost because this process stood still itself. */
  get isLost(): boolean {
    return this.#options.timers.monotonicMs() - this.#saidMs > LATE_MS;
  }

  release(): void {
    this.#end.abort();
    rmSync(join(this.#options.directory, CLOSING_FILE), { force: true });
  }

  async #sayAgain(): Promise<void> {
    const { timers } = this.#options;
    const { signal } = this.#end;
    for (;;) {
      await timers.wait(CLOSING_BEAT_MS, signal);
      // Who stood still for too long does not take it back.
      if (signal.aborted || this.isLost) return;
      this.#say();
    }
  }

  #say(): void {
    const { directory, clock, timers } = this.#options;
    const path = join(directory, CLOSING_FILE);
    this.#saidMs = timers.monotonicMs();
    try {
      writeFileSync(`${path}.tmp`, JSON.stringify({ version: 1, at: clock.now() }), { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
    } catch {
      // The program may close as well then: see above.
    }
  }
}
