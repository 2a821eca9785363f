/** Real time for pacing and waiting; market time comes from the feed. */
export interface Timers {
  /** Milliseconds from some fixed point, never going back. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Zero gives other tasks their turn. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
