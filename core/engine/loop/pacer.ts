import type { MarketEvent, MarketFeed, Timers, UtcMs } from '../../domain/index.ts';

export interface PacerOptions {
  readonly feed: MarketFeed;
  readonly handle: (event: MarketEvent) => void | Promise<void>;
  readonly timers: Timers;
  /**
   * Market milliseconds per real millisecond; infinite for as fast as possible; null for a real market, whose events come
   * when they happen: one that comes late must not hold up those after it.
   */
  readonly pace: number | null;
}

/** After so long without running, the machine slept or was overloaded: the schedule starts anew, without a burst. */
const LATENESS_LIMIT_MS = 1_000;
/** Other tasks (kill switch, UI) get their turn at least this often. */
const TURN_MS = 8;

/** Runs a feed's events through a handler, each when its market time is due. */
export class Pacer {
  readonly #options: PacerOptions;
  #anchor: { readonly real: number; readonly market: UtcMs } | undefined;
  #turnStarted = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  /** Resolves at the end of the data or when `signal` aborts, after the event in hand is handled. */
  async run(signal: AbortSignal): Promise<void> {
    const { feed, handle, timers } = this.#options;
    this.#turnStarted = timers.monotonicMs();
    while (!signal.aborted) {
      const event = await feed.next(signal);
      if (event === undefined) return;
      // Bars and gaps follow the step that made them known: they are due at once.
      if (event.kind === 'step') await this.#untilDue(event.candle.openTime + event.durationMs, signal);
      if (signal.aborted) return;
      await handle(event);
    }
  }

  async #untilDue(market: UtcMs, signal: AbortSignal): Promise<void> {
    const { timers, pace } = this.#options;
    const now = timers.monotonicMs();
    const due = pace === null ? now : this.#due(market, now, pace);
    if (due <= now && now - this.#turnStarted <= TURN_MS) return;
    await timers.wait(Math.max(0, due - now), signal);
    this.#turnStarted = timers.monotonicMs();
  }

  #due(market: UtcMs, now: number, pace: number): number {
    this.#anchor ??= { real: now, market };
    const due = this.#anchor.real + (market - this.#anchor.market) / pace;
    if (now - due > LATENESS_LIMIT_MS) this.#anchor = { real: now, market };
    return due;
  }
}
