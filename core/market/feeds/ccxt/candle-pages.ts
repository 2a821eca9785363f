import { z } from 'zod';
import {
  type Candle,
  parseSymbol,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
  VenueError,
} from '../../../domain/index.ts';
import { readCandleRows } from './candle-rows.ts';
import type { CandleLine } from './candle-venue.ts';
import type { VenueTime } from './venue-time.ts';

export interface CandlePagesOptions {
  readonly line: CandleLine;
  readonly timeframe: Timeframe;
  readonly time: VenueTime;
}

/** Candles from one place on, ascending, the one that is forming among them. */
export interface CandlePage {
  readonly candles: readonly Candle[];
  /** Where the next page begins; null when this is all there is by now. */
  readonly next: UtcMs | null;
}

/** Every venue that says nothing gives as many. */
const USUAL_LIMIT = 500;
/** Enough for a page to lead on from the bar that it holds on to. */
const SMALLEST_PAGE = 4;

/** Asks a venue for candles by REST. */
export class CandlePages {
  readonly timeframeMs: number;
  readonly #options: CandlePagesOptions;

  constructor(options: CandlePagesOptions) {
    this.#options = options;
    this.timeframeMs = TIMEFRAME_MS[options.timeframe];
  }

  /**
   * One page from `from` on.
   *
   * @param anchor opening time of a bar that the venue surely has, at or before `from`: an answer without it is cut,
   * or comes from somewhere that lags. Null where no bar is known; then an empty page means what it says.
   * @throws VenueError
   */
  async page(symbol: string, from: UtcMs, anchor: UtcMs | null): Promise<CandlePage> {
    const { timeframeMs } = this;
    const limit = limitOf(this.#options.line.api.features, symbol);
    // Some venues begin after the time that they are given.
    const since = Math.max(0, (anchor ?? from) - timeframeMs);
    const span = Math.floor((this.#options.time.now() - since) / timeframeMs) + 2;
    const count = Math.max(SMALLEST_PAGE, Math.min(limit, span));
    let rows = await this.#ask(symbol, since, count);
    // That there is nothing is believed when it is said twice.
    if (rows.length === 0 && anchor === null) rows = await this.#ask(symbol, since, count);
    if (anchor !== null && !rows.some(({ openTime }) => openTime === anchor)) {
      throw new VenueError(
        'uncertain',
        `the venue's answer lacks the bar of ${new Date(anchor).toISOString()}`,
      );
    }
    const candles = rows.filter(({ openTime }) => openTime >= from);
    const last = candles.at(-1);
    if (span <= limit) return { candles, next: null };
    // Some venues answer with a stretch of time, in which there may have been no trade.
    return {
      candles,
      next: last === undefined ? since + (limit - 1) * timeframeMs : last.openTime + timeframeMs,
    };
  }

  /** The newest candles. @throws VenueError */
  async newest(symbol: string): Promise<readonly Candle[]> {
    return this.#ask(symbol, undefined, SMALLEST_PAGE);
  }

  /** Everything from `from` up to now. @throws VenueError */
  async all(symbol: string, from: UtcMs, anchor: UtcMs | null): Promise<readonly Candle[]> {
    const candles: Candle[] = [];
    for (let at: UtcMs | null = from, known = anchor; at !== null; ) {
      const page: CandlePage = await this.page(symbol, at, known);
      candles.push(...page.candles);
      // Past a page of silence there is no bar near enough to hold on to.
      known = page.candles.at(-1)?.openTime ?? null;
      at = page.next;
    }
    return candles;
  }

  async #ask(symbol: string, since: UtcMs | undefined, limit: number): Promise<readonly Candle[]> {
    const { line, timeframe, time } = this.#options;
    const reply = await line.calls.make(() => line.api.fetchOHLCV(symbol, timeframe, since, limit));
    const candles = readCandleRows(reply, this.timeframeMs);
    const last = candles.at(-1);
    if (last !== undefined && time.isFuture(last.openTime))
      throw new VenueError('uncertain', 'the venue tells of a bar that is yet to come');
    if (last !== undefined) time.saw(last.openTime);
    return candles;
  }
}

/** What ccxt has written down of a kind of market. */
const Stated = z.object({ fetchOHLCV: z.object({ limit: z.number().int().min(SMALLEST_PAGE) }) });
const Features = z.object({ spot: z.unknown(), swap: z.object({ linear: z.unknown() }).nullish() });

/** Candles on one page. */
function limitOf(features: unknown, symbol: string): number {
  const kinds = Features.safeParse(features).data;
  const stated = Stated.safeParse(parseSymbol(symbol)?.kind === 'spot' ? kinds?.spot : kinds?.swap?.linear);
  return stated.data?.fetchOHLCV.limit ?? USUAL_LIMIT;
}
