import type { Clock, Exchange, FillCursor, UtcMs, VenueFill } from '../../domain/index.ts';

export interface FillReaderOptions {
  readonly exchange: Pick<Exchange, 'fills' | 'profile'>;
  readonly onFill: (fill: VenueFill) => void;
  readonly clock: Clock;
  /** How long a fill may take to show up among older ones. Default 10 minutes. */
  readonly overlapMs?: number;
}

/** A place in a symbol's list before which everything has been told. */
interface Mark {
  readonly cursor: FillCursor;
  /** Time of the newest fill before it. */
  readonly newest: UtcMs;
  /** From where the list was read up to it. */
  readonly readFrom: UtcMs;
}

/**
 * Reads a symbol's fills page by page. What is older than the overlap is read once, however old the order that asks;
 * what is younger is read again each time, because venues list fills late.
 */
export class FillReader {
  readonly #options: FillReaderOptions;
  readonly #overlapMs: number;
  readonly #marks = new Map<string, Mark>();

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
    const { exchange, onFill, clock } = this.#options;
    const { fillsLookBackMs } = exchange.profile;
    const oldest = fillsLookBackMs === null ? 0 : clock.now() - fillsLookBackMs;
    const from = Math.max(0, oldest, since - this.#overlapMs);
    const mark = this.#marks.get(symbol);
    const goesOn = mark !== undefined && mark.readFrom <= from && mark.newest >= from;
    const readFrom = goesOn ? mark.readFrom : from;
    let cursor = goesOn ? mark.cursor : null;
    for (let more = true; more; ) {
      const page = await exchange.fills({ symbol, cursor, since: from });
      for (const fill of page.fills) onFill(fill);
      more = page.more && page.cursor !== null && page.cursor !== cursor;
      cursor = page.cursor;
      const newest = Math.max(from, ...page.fills.map(({ time }) => time));
      if (cursor !== null && more && newest < clock.now() - this.#overlapMs) {
        this.#marks.set(symbol, { cursor, newest, readFrom });
      }
    }
  }
}
