import type { Candle, MarketEvent } from '../../../domain/index.ts';

type Step = Extract<MarketEvent, { readonly kind: 'step' }>;

/**
 * Events that wait for whoever pulls them. Pieces of one bar that nobody has taken yet become one, so that a consumer
 * that is held up finds no more than the bars it has missed.
 */
export class EventQueue {
  #events: MarketEvent[] = [];
  #wake: (() => void) | null = null;
  #isEnded = false;
  readonly #timeframeMs: number;

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  push(event: MarketEvent): void {
    if (this.#isEnded) return;
    const last = this.#events.findLastIndex(({ symbol }) => symbol === event.symbol);
    const before = this.#events[last];
    if (before?.kind === 'step' && event.kind === 'step' && this.#isSameBar(before, event)) {
      this.#events[last] = joined(before, event);
    } else this.#events.push(event);
    this.#wake?.();
  }

  /** The next event, in the order in which they came; undefined at the end, or when the signal aborts. */
  async next(signal: AbortSignal): Promise<MarketEvent | undefined> {
    while (this.#events.length === 0 && !this.#isEnded && !signal.aborted) await this.#something(signal);
    return this.#events.shift();
  }

  /** Nothing comes any more, and what was not taken is dropped. */
  end(): void {
    this.#isEnded = true;
    this.#events = [];
    this.#wake?.();
  }

  #something(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#wake = null;
        before?.();
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake);
    });
  }

  #isSameBar(one: Step, other: Step): boolean {
    const barOf = ({ candle }: Step): number => Math.floor(candle.openTime / this.#timeframeMs);
    return barOf(one) === barOf(other);
  }
}

function joined(one: Step, other: Step): Step {
  const candle: Candle = {
    openTime: one.candle.openTime,
    open: one.candle.open,
    high: Math.max(one.candle.high, other.candle.high),
    low: Math.min(one.candle.low, other.candle.low),
    close: other.candle.close,
    volume: one.candle.volume + other.candle.volume,
  };
  const durationMs = other.candle.openTime + other.durationMs - one.candle.openTime;
  return { kind: 'step', symbol: one.symbol, candle, durationMs };
}
