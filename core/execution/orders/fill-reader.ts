import {
  type Clock,
  type Exchange,
  faultOf,
  type UtcMs,
  VenueError,
  type VenueFill,
} from '../../domain/index.ts';
import type { FillMarks } from './fill-marks.ts';

export interface FillReaderOptions {
  readonly exchange: Pick<Exchange, 'fills' | 'profile'>;
  readonly onFill: (fill: VenueFill) => void;
  readonly clock: Clock;
  readonly marks: FillMarks;
  /** How long a fill may take to show up among older ones. Default 10 minutes. */
  readonly overlapMs?: number;
}

/** More than any account fills between two readings; what is read so far is not read again. */
const MOST_PAGES = 2_000;

/**
 * Reads a symbol's fills page by page. What is older than the overlap is read once, however old the order that asks
 * and however often the program starts; what is younger is read again each time, because venues list fills late.
 */
export class FillReader {
  readonly #options: FillReaderOptions;
  readonly #overlapMs: number;

  constructor(options: FillReaderOptions) {
    this.#options = options;
    this.#overlapMs = options.overlapMs ?? 600_000;
  }

  /**
   * Tells every fill of a symbol since a moment, less the overlap, but for those that were surely told before, and for
   * those that the venue's list no longer reaches.
   *
   * @throws VenueError when the venue does not answer; what it told before that stays told.
   */
  async read(symbol: string, since: UtcMs): Promise<void> {
    try {
      await this.#read(symbol, since);
    } finally {
      this.#options.marks.keep(symbol);
    }
  }

  async #read(symbol: string, since: UtcMs): Promise<void> {
    const { exchange, onFill, clock, marks } = this.#options;
    const { fillsLookBackMs } = exchange.profile;
    const oldest = fillsLookBackMs === null ? 0 : clock.now() - fillsLookBackMs;
    const from = Math.max(0, oldest, since - this.#overlapMs);
    const mark = marks.of(symbol);
    const goesOn = mark !== undefined && mark.readFrom <= from && mark.newest >= from;
    const readFrom = goesOn ? mark.readFrom : from;
    let cursor = goesOn ? mark.cursor : null;
    let pages = 0;
    for (let more = true; more; ) {
      pages += 1;
      if (pages > MOST_PAGES) throw endless(symbol);
      const page = await exchange.fills({ symbol, cursor, since: from }).catch((error: unknown) => {
        if (cursor === mark?.cursor && faultOf(error) === 'rejected') return null;
        throw error;
      });
      if (page === null) {
        // The venue no longer knows the place that we had come to.
        marks.forget(symbol);
        return this.#read(symbol, since);
      }
      for (const fill of page.fills) onFill(fill);
      more = page.more && page.cursor !== null && page.cursor !== cursor;
      cursor = page.cursor;
      const newest = Math.max(from, ...page.fills.map(({ time }) => time));
      if (cursor !== null && more && newest < clock.now() - this.#overlapMs) {
        marks.set(symbol, { cursor, newest, readFrom });
      }
    }
  }
}

/** A venue that always has more would be asked for ever, and while its answers come at once nothing else would run. */
function endless(symbol: string): VenueError {
  return new VenueError(
    'uncertain',
    `the list of ${symbol}'s fills has no end: ${MOST_PAGES} pages were read`,
  );
}
