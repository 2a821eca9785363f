import {
  type Candle,
  type Connection,
  type Logger,
  type MarketEvent,
  TIMEFRAME_MS,
  type Timeframe,
  type Timers,
  unlessAborted,
  VenueError,
} from '../../../domain/index.ts';
import { BackOff } from './back-off.ts';
import { BarBuilder } from './bar-builder.ts';
import { BarPieces, type Piece } from './bar-pieces.ts';
import type { CandlePages } from './candle-pages.ts';
import { CandleStream } from './candle-stream.ts';
import type { CandleLine } from './candle-venue.ts';
import { LineHealth } from './line-health.ts';
import type { VenueTime } from './venue-time.ts';

export interface SymbolLineOptions {
  readonly line: CandleLine;
  readonly pages: CandlePages;
  readonly time: VenueTime;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly timers: Timers;
  readonly log: Logger;
  /** Bars that closed before. */
  readonly warmUp: readonly Candle[];
  readonly streams: boolean;
  /** How often is asked where nothing is streamed. */
  readonly pollMs: number;
  readonly onEvent: (event: MarketEvent) => void;
  /** The stream says nothing while there is something to say. */
  readonly onDeaf: () => void;
}

const TICK_MS = 500;
const STEP_MS = 1_000;
/** A stream that has been silent for so long is asked after by REST, and what it says next is checked. */
const SILENT_MS = 8_000;
/** Data counts as gone when nothing was heard for so long, in any way. */
const GONE_MS = 20_000;
/** Between two answers that are to agree. */
const AGAIN_MS = 1_500;
const LONGEST_WAIT_MS = 15_000;
/** An answer that takes longer is not waited for. */
const PATIENCE_MS = 30_000;
/** So often in a row an answer has news that the stream did not tell, before the stream counts as deaf. */
const DEAF_AFTER = 2;

/** One symbol's live market data: listened to where the venue streams it, asked for where it does not. */
export class SymbolLine {
  readonly #options: SymbolLineOptions;
  readonly #timeframeMs: number;
  readonly #builder: BarBuilder;
  readonly #pieces: BarPieces;
  readonly #health: LineHealth;
  readonly #stream: CandleStream;
  readonly #backOff = new BackOff(AGAIN_MS, LONGEST_WAIT_MS);
  #asking = false;
  /** When the venue may be asked again, in monotonic milliseconds. */
  #askFrom = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** The bar whose end was asked about. */
  #askedAfter: number | null = null;
  #streamedAt = Number.NEGATIVE_INFINITY;
  #steppedAt = Number.NEGATIVE_INFINITY;
  #deafness = 0;

  constructor(options: SymbolLineOptions) {
    const { symbol, timeframe, warmUp, timers, log, streams, pollMs } = options;
    this.#options = options;
    this.#timeframeMs = TIMEFRAME_MS[timeframe];
    this.#builder = new BarBuilder(this.#timeframeMs, warmUp.at(-1)?.openTime ?? null);
    this.#pieces = new BarPieces(this.#timeframeMs);
    const goneMs = streams ? GONE_MS : Math.max(GONE_MS, 3 * pollMs);
    this.#health = new LineHealth({ symbol, timers, log, goneMs });
    this.#stream = new CandleStream({
      ...options,
      onCandles: (candles) => this.#streamed(candles),
      onBreak: (error) => this.#broke(error),
    });
  }

  get connection(): Connection {
    return this.#health.connection;
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { streams, timers } = this.#options;
    const listening = streams ? this.#stream.run(signal) : null;
    while (!signal.aborted) {
      this.#tick(signal);
      await timers.wait(TICK_MS, signal);
    }
    await listening;
  }

  /** Subscribes again. */
  renew(): void {
    this.#stream.renew();
  }

  #tick(signal: AbortSignal): void {
    this.#health.tell();
    this.#step(false);
    if (this.#asking || this.#now() < this.#askFrom || !this.#isToBeAsked()) return;
    this.#asking = true;
    void this.#ask(signal).finally(() => {
      this.#asking = false;
    });
  }

  #isToBeAsked(): boolean {
    if (this.#builder.isStuck) return true;
    const { streams, pollMs, time } = this.#options;
    const { next, forming } = this.#builder;
    const hasEnded = next !== null && time.now() >= next + this.#timeframeMs + time.settledMs;
    // A bar that is there has to be closed; whether there is one is asked once.
    if (hasEnded && (forming !== null || this.#askedAfter !== next)) return true;
    const quietSince = streams ? Math.max(this.#streamedAt, this.#askedAt) : this.#askedAt;
    return this.#now() - quietSince >= (streams ? SILENT_MS : pollMs);
  }

  /** Never rejects. */
  async #ask(signal: AbortSignal): Promise<void> {
    const { time, timers } = this.#options;
    const { next } = this.#builder;
    this.#askedAt = this.#now();
    const settledUntil = time.now() - time.settledMs;
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const patience = timers.wait(PATIENCE_MS, either).then(() => over.abort());
    try {
      const candles = await unlessAborted(this.#candles(), either);
      if (signal.aborted) return;
      if (candles === undefined) throw new VenueError('unavailable', 'the venue does not answer');
      if (next !== null && settledUntil >= next + this.#timeframeMs) this.#askedAfter = next;
      this.#answered(candles, settledUntil);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    } finally {
      over.abort();
      await patience;
    }
  }

  async #candles(): Promise<readonly Candle[]> {
    const { pages, symbol } = this.#options;
    const { next, anchor } = this.#builder;
    const candles = next === null ? await pages.newest(symbol) : await pages.all(symbol, next, anchor);
    if (candles.length === 0 && anchor === null)
      throw new VenueError('unavailable', 'the venue has no candles of it yet');
    return candles;
  }

  #answered(candles: readonly Candle[], settledUntil: number): void {
    this.#health.heard();
    this.#backOff.reset();
    this.#askFrom = this.#now() + AGAIN_MS;
    this.#listenForDeafness(candles);
    this.#builder.answered({ candles, settledUntil });
    this.#deliver();
    this.#step(true);
  }

  /** A stream that keeps what the venue has, and says nothing of it, has gone deaf. */
  #listenForDeafness(candles: readonly Candle[]): void {
    const { streams, log, symbol, onDeaf } = this.#options;
    const newest = candles.at(-1);
    if (!streams || newest === undefined || this.#now() - this.#streamedAt < SILENT_MS) return;
    const known = this.#builder.newest;
    const isNews =
      known === null ||
      newest.openTime > known.openTime ||
      (isSameBar(newest, known) && newest.volume > known.volume);
    if (!isNews) return;
    this.#deafness += 1;
    if (this.#deafness < DEAF_AFTER) return;
    log.warn({ symbol }, 'the stream of candles has gone deaf: it is opened anew');
    this.#deafness = 0;
    onDeaf();
  }

  #streamed(candles: readonly Candle[]): void {
    const { time } = this.#options;
    if (candles.some(({ openTime }) => time.isFuture(openTime))) {
      this.#broke(new VenueError('uncertain', 'the stream tells of a bar that is yet to come'));
      return;
    }
    if (this.#now() - this.#streamedAt >= SILENT_MS) this.#builder.broke();
    this.#streamedAt = this.#now();
    this.#deafness = 0;
    this.#health.heard();
    this.#builder.streamed(candles);
    this.#deliver();
    this.#step(false);
  }

  #broke(error: unknown): void {
    this.#builder.broke();
    this.#health.failed(error, 'the stream of candles was interrupted');
  }

  #failed(error: unknown): void {
    this.#askFrom = this.#now() + this.#backOff.after(error);
    this.#health.failed(error, 'the venue did not tell its candles');
  }

  #deliver(): void {
    const { symbol, onEvent } = this.#options;
    for (const closed of this.#builder.take()) {
      if (closed.kind === 'gap') {
        onEvent({ ...closed, symbol });
        continue;
      }
      const { candle } = closed;
      onEvent({ kind: 'step', symbol, ...this.#pieces.last(candle) });
      onEvent({ kind: 'bar', symbol, candle });
    }
  }

  /**
   * Tells how the bar at hand goes on, at most once a second.
   *
   * @param evenIfQuiet that nothing happened is told too, since the venue has just said so.
   */
  #step(evenIfQuiet: boolean): void {
    const { symbol, time, onEvent } = this.#options;
    const { forming } = this.#builder;
    if (forming === null || this.#now() - this.#steppedAt < STEP_MS) return;
    if (!evenIfQuiet && !this.#pieces.hasNews(forming)) return;
    const piece: Piece | null = this.#pieces.cut(forming, time.now());
    if (piece === null) return;
    this.#steppedAt = this.#now();
    onEvent({ kind: 'step', symbol, ...piece });
  }

  #now(): number {
    return this.#options.timers.monotonicMs();
  }
}

const isSameBar = (one: Candle, other: Candle): boolean => one.openTime === other.openTime;
