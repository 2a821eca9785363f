import type { Timers } from '../domain/index.ts';

export interface ProtectionWatchOptions {
  readonly timers: Timers;
  /** Whether a symbol needs nothing more than it has at the venue. */
  readonly isGuarded: (symbol: string) => boolean;
  /** A symbol has not been guarded for longer than that may take, or, after that, is again. */
  readonly onChange: (symbol: string, isGuarded: boolean) => void;
}

/** How long a position may be without a stop that the venue has confirmed before the trader is told. */
const LIMIT_MS = 2_000;

/** Tells, once, when a position has been without a stop at the venue for too long, and when it has one again. */
export class ProtectionWatch {
  readonly #options: ProtectionWatchOptions;
  /** Since when symbols are not guarded (monotonic). */
  readonly #since = new Map<string, number>();
  readonly #waiting = new Set<string>();
  readonly #told = new Set<string>();
  readonly #end = new AbortController();

  constructor(options: ProtectionWatchOptions) {
    this.#options = options;
  }

  /** To be called whenever something has changed. */
  look(symbol: string): void {
    const { timers, isGuarded, onChange } = this.#options;
    if (isGuarded(symbol)) {
      this.#since.delete(symbol);
      if (this.#told.delete(symbol)) onChange(symbol, true);
      return;
    }
    if (this.#since.has(symbol)) return;
    this.#since.set(symbol, timers.monotonicMs());
    if (!this.#waiting.has(symbol)) void this.#wait(symbol);
  }

  /** Whether a symbol was not guarded when it was last looked at. */
  isOpen(symbol: string): boolean {
    return this.#since.has(symbol);
  }

  close(): void {
    this.#end.abort();
  }

  async #wait(symbol: string): Promise<void> {
    const { timers, onChange } = this.#options;
    this.#waiting.add(symbol);
    for (let since = this.#since.get(symbol); since !== undefined; since = this.#since.get(symbol)) {
      const leftMs = since + LIMIT_MS - timers.monotonicMs();
      if (leftMs <= 0) {
        this.#told.add(symbol);
        onChange(symbol, false);
        break;
      }
      await timers.wait(leftMs, this.#end.signal);
      if (this.#end.signal.aborted) return;
    }
    this.#waiting.delete(symbol);
  }
}
