import type { Connection, MarketEvent, Timers } from '../../domain/index.ts';
import type { FeedHealth } from '../../safety/index.ts';

/** Market data without a message for so long counts as stale. */
const STALE_AFTER_MS = 30_000;
/** So many steps of a paced feed may be missing before its data counts as stale. */
const MISSED_STEPS = 2;

/** How one symbol's market data is. */
export interface DataHealth extends FeedHealth {
  readonly symbol: string;
  readonly connected: boolean;
}

export interface DataAgeParts {
  readonly symbols: readonly string[];
  readonly timers: Timers;
  readonly connection: (symbol: string) => Connection;
  /** Market time per real time where the engine sets a feed's pace; null where the feed comes in its own. */
  readonly pace: number | null;
}

/**
 * How old each symbol's market data is, on the wall: since its last event arrived, whatever was done with it. While
 * the feed itself is held up for somebody's thinking, its data does not age: nothing newer was asked for.
 */
export class DataAge {
  readonly #parts: DataAgeParts;
  readonly #arrivedMs = new Map<string, number>();
  /** How long a symbol may be silent. */
  readonly #allowedMs = new Map<string, number>();
  #heldMs = 0;
  #heldSinceMs: number | null = null;

  constructor(parts: DataAgeParts) {
    this.#parts = parts;
  }

  /** Notes an event, before it is handled. */
  arrived(event: MarketEvent): void {
    const { pace } = this.#parts;
    this.#arrivedMs.set(event.symbol, this.#now());
    if (event.kind !== 'step' || pace === null) return;
    // At 1x the next minute's step is a minute away: that is the market's pace and no silence.
    this.#allowedMs.set(event.symbol, Math.max(STALE_AFTER_MS, (MISSED_STEPS * event.durationMs) / pace));
  }

  /** The feed waits for work to be done: until then its data does not age. */
  async hold(work: Promise<void>): Promise<void> {
    this.#heldSinceMs = this.#parts.timers.monotonicMs();
    try {
      await work;
    } finally {
      this.#heldMs += this.#parts.timers.monotonicMs() - this.#heldSinceMs;
      this.#heldSinceMs = null;
    }
  }

  of(symbol: string): DataHealth {
    const arrived = this.#arrivedMs.get(symbol);
    const ageMs = arrived === undefined ? Number.POSITIVE_INFINITY : this.#now() - arrived;
    const stale = ageMs > (this.#allowedMs.get(symbol) ?? STALE_AFTER_MS);
    const connected = this.#parts.connection(symbol).state === 'connected';
    return { symbol, stale, ageMs, connected };
  }

  /** The symbol whose data is oldest. @throws TypeError without any symbol. */
  oldest(): DataHealth {
    const [first, ...others] = this.#parts.symbols.map((symbol) => this.of(symbol));
    if (first === undefined) throw new TypeError('there is no symbol');
    return others.reduce((oldest, each) => (each.ageMs > oldest.ageMs ? each : oldest), first);
  }

  /** Monotonic time less what the feed was held up. */
  #now(): number {
    return (this.#heldSinceMs ?? this.#parts.timers.monotonicMs()) - this.#heldMs;
  }
}
