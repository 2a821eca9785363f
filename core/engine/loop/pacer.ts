import type { MarketEvent, MarketFeed, Timers, UtcMs } from '../../domain/index.ts';

export interface PacerOptions {
  readonly feed: MarketFeed;
  readonly handle: (event: MarketEvent) => void | Promise<void>;
  readonly timers: Timers;
  /** Market milliseconds per real millisecond; infinite for as fast as possible. */
  readonly speed: number;
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
      const event = await feed.next();
      if (event === undefined) return;
      // Bars and gaps follow the step that made them known: they are due at once.
      if (event.kind === 'step') await this.#untilDue(event.candle.openTime + event.durationMs, signal);
      if (signal.aborted) return;
      await handle(event);
    }
  }

  async #untilDue(market: UtcMs, signal: AbortSignal): Promise<void> {
    const { timers, speed } = this.#options;
    const now = timers.monotonicMs();
    this.#anchor ??= { real: now, market };
    const due = this.#anchor.real + (market - this.#anchor.market) / speed;
    if (due > now) {
      await timers.wait(due - now, signal);
      this.#turnStarted = timers.monotonicMs();
      return;
    }
    if (now - due > LATENESS_LIMIT_MS) this.#anchor = { real: now, market };
    if (now - this.#turnStarted > TURN_MS) {
      await timers.wait(0, signal);
      this.#turnStarted = timers.monotonicMs();
    }
  }
}
