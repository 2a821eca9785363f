import {
  type Candle,
  type Logger,
  TIMEFRAME_MS,
  type Timeframe,
  type Timers,
  unlessAborted,
} from '../../../domain/index.ts';
import { BackOff } from './back-off.ts';
import { readCandleRows } from './candle-rows.ts';
import type { CandleLine } from './candle-venue.ts';

export interface CandleStreamOptions {
  readonly line: CandleLine;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly timers: Timers;
  readonly log: Logger;
  /** Takes what came. Must not throw. */
  readonly onCandles: (candles: readonly Candle[]) => void;
  /** Something may have been missed. */
  readonly onBreak: (error: unknown) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Listens to one symbol's candles, through every failure of the line, until it is stopped. */
export class CandleStream {
  readonly #options: CandleStreamOptions;
  #waiting = new AbortController();

  constructor(options: CandleStreamOptions) {
    this.#options = options;
  }

  /** Gives up waiting for a line that has gone deaf, and subscribes again. */
  renew(): void {
    this.#waiting.abort();
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { timers, onBreak } = this.#options;
    const backOff = new BackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
    while (!signal.aborted) {
      try {
        await this.#listen(signal, backOff);
      } catch (error) {
        if (signal.aborted) return;
        onBreak(error);
        await timers.wait(backOff.after(error), signal);
      }
    }
  }

  /** Takes what comes next. */
  async #listen(signal: AbortSignal, backOff: BackOff): Promise<void> {
    const { line, symbol, timeframe, onCandles } = this.#options;
    this.#waiting = new AbortController();
    const either = AbortSignal.any([signal, this.#waiting.signal]);
    const rows = await unlessAborted(
      line.calls.make(() => line.api.watchOHLCV(symbol, timeframe)),
      either,
    );
    if (either.aborted) return;
    // ccxt changes its rows when more comes: they are read at once.
    onCandles(readCandleRows(rows, TIMEFRAME_MS[timeframe]));
    backOff.reset();
  }
}
