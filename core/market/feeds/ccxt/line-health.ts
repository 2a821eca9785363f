import type { Connection, Logger, Timers } from '../../../domain/index.ts';

export interface LineHealthOptions {
  readonly symbol: string;
  readonly timers: Timers;
  readonly log: Logger;
  /** Data counts as gone when nothing was heard for so long, in any way. */
  readonly goneMs: number;
}

/** Whether a symbol's data is coming, and since when it is not. */
export class LineHealth {
  readonly #options: LineHealthOptions;
  #heardAt: number;
  #fault = '';
  #isGone = false;

  constructor(options: LineHealthOptions) {
    this.#options = options;
    this.#heardAt = options.timers.monotonicMs();
  }

  get connection(): Connection {
    const { symbol, timers, goneMs } = this.#options;
    const silentMs = timers.monotonicMs() - this.#heardAt;
    if (silentMs <= goneMs) return { state: 'connected', message: '' };
    const why = this.#fault === '' ? '' : `: ${this.#fault}`;
    const message = `no market data of ${symbol} for ${Math.round(silentMs / 1_000)} s${why}`;
    return { state: 'disconnected', message };
  }

  /** The venue has said something of the symbol. */
  heard(): void {
    this.#heardAt = this.#options.timers.monotonicMs();
    this.#fault = '';
  }

  failed(error: unknown, what: string): void {
    const { log, symbol } = this.#options;
    this.#fault = error instanceof Error ? error.message : String(error);
    log.debug({ symbol, err: error }, what);
  }

  /** Logs once that the data has gone, and once that it is back. To be called every so often. */
  tell(): void {
    const { log, symbol } = this.#options;
    const { state, message } = this.connection;
    const isGone = state !== 'connected';
    if (isGone === this.#isGone) return;
    this.#isGone = isGone;
    if (isGone) log.warn({ symbol }, message);
    else log.info({ symbol }, 'market data is coming again');
  }
}
