import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock, Timers, UtcMs } from '../domain/index.ts';
import { writeWhole } from '../platform/index.ts';

export const CLOSING_FILE = 'closing-outside.json';

const ClosingSchema = z.object({
  version: z.literal(1),
  at: z.number().int(),
  /** For so long from then on nobody else closes; absent in what older versions wrote. */
  holdsMs: z.number().int().default(0),
});

/** How often whoever closes says that it still does. */
export const CLOSING_BEAT_MS = 1_000;
/** What was not said again for so long holds nobody back: a process that is gone must not keep others from getting out. */
const STALE_MS = 10_000;
/** Whoever has not said it for so long itself stops: soon the others will not wait any more. */
const LATE_MS = 5_000;
/** What was closed may be missing from a venue's lists for so long: by them it would be closed once more. */
export const LISTED_WITHIN_MS = 30_000;

/**
 * When another process closed last what a directory's program has open; null: none does, or has lately. Never throws.
 *
 * @param clock the machine's, as it is set: one that stands still in a suspend shows each process another time.
 */
export function closingElsewhere(directory: string, clock: Clock): UtcMs | null {
  return closingOf(directory, clock)?.at ?? null;
}

/** With how much longer nobody else closes. */
function closingOf(directory: string, clock: Clock): { readonly at: UtcMs; readonly leftMs: number } | null {
  try {
    const said = ClosingSchema.parse(JSON.parse(readFileSync(join(directory, CLOSING_FILE), 'utf8')));
    const holdsMs = Math.min(Math.max(said.holdsMs, STALE_MS), LISTED_WITHIN_MS);
    const leftMs = holdsMs - Math.abs(clock.now() - said.at);
    return leftMs > 0 ? { at: said.at, leftMs } : null;
  } catch {
    // None, or none that can be read: getting out goes first.
    return null;
  }
}

export interface ClosingRightOptions {
  readonly directory: string;
  /** The machine's, as it is set, by which the others tell how old it is. */
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * The right to close in the place of a program that hangs: two processes that close the same coins sell twice. Held
 * beside the latch as long as it is said again and again; the program, should it wake, closes nothing meanwhile. A folder
 * that cannot be written gives the right all the same: what is open must be closed. After a close it holds the others
 * back until that is in the venue's lists, the next one that closes from outside too.
 */
export class ClosingRight {
  readonly #options: ClosingRightOptions;
  readonly #end = new AbortController();
  #saidMs: number;
  #saidAt: UtcMs;
  /** Until when what another has closed may be missing from the venue's lists (monotonic). */
  readonly #isEarlyUntilMs: number;
  /** The same of whatever was closed last. */
  #unlistedUntilMs: number;

  constructor(options: ClosingRightOptions) {
    this.#options = options;
    const { directory, clock, timers } = options;
    this.#saidMs = timers.monotonicMs();
    this.#saidAt = clock.now();
    this.#isEarlyUntilMs = this.#saidMs + (closingOf(directory, clock)?.leftMs ?? 0);
    this.#unlistedUntilMs = this.#isEarlyUntilMs;
    this.#say();
    void this.#sayAgain();
  }

  /** Whether it is lost because this process stood still itself, be it with the machine, for which only its clock tells. */
  get isLost(): boolean {
    const { clock, timers } = this.#options;
    const unsaidMs = timers.monotonicMs() - this.#saidMs;
    return Math.max(unsaidMs, Math.abs(clock.now() - this.#saidAt)) > LATE_MS;
  }

  /** Whether what another process has closed may be missing from the venue's lists. */
  get isEarly(): boolean {
    return this.#options.timers.monotonicMs() < this.#isEarlyUntilMs;
  }

  /** A close leaves: it may be missing from the venue's lists for a while. */
  closes(): void {
    this.#unlistedUntilMs = this.#options.timers.monotonicMs() + LISTED_WITHIN_MS;
  }

  release(): void {
    this.#end.abort();
    // By now it may be another's.
    if (this.isLost) return;
    if (this.#unlistedMs > 0) this.#say();
    else rmSync(join(this.#options.directory, CLOSING_FILE), { force: true });
  }

  get #unlistedMs(): number {
    return this.#unlistedUntilMs - this.#options.timers.monotonicMs();
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
    this.#saidAt = clock.now();
    const said = { version: 1, at: this.#saidAt, holdsMs: Math.ceil(Math.max(0, this.#unlistedMs)) };
    try {
      writeWhole(path, JSON.stringify(said), { isFlushed: false, isPatient: false });
    } catch {
      // The program may close as well then: see above.
    }
  }
}
