import type { FillCursor, FillPage, UtcMs, VenueFill } from '../../../domain/index.ts';
import type { FillPagingByTime } from './dialect.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { listOf } from './reading.ts';

export interface FillReading {
  readonly ccxt: HardenedCcxt;
  /** Reads rows of trades, once everything that it takes to read them is known. */
  readonly read: (rows: readonly unknown[]) => Promise<readonly VenueFill[]>;
  readonly isUrgent?: boolean;
}

/** A moment up to which trades were read, and those of that very moment. */
interface Place {
  readonly at: UtcMs;
  readonly seen: readonly string[];
}

const STORED = /^at:(\d+)((?: \S+)*)$/;

/**
 * Reads trades stretch by stretch, where they are numbered in no order that is known. A full answer may lack either end
 * of its stretch, by venue: it is asked for again, half as long, until all of it fits.
 */
export class FillStretches {
  readonly #options: FillReading;
  readonly #paging: FillPagingByTime;

  constructor(options: FillReading, paging: FillPagingByTime) {
    this.#options = options;
    this.#paging = paging;
  }

  async page(symbol: string, cursor: FillCursor | null, from: UtcMs, askedAt: UtcMs): Promise<FillPage> {
    const { limit, windowMs } = this.#paging;
    const { at, seen } = placeOf(cursor) ?? { at: from, seen: [] };
    let stretchMs = windowMs ?? Math.max(1, askedAt - at);
    let fills = await this.#ask(symbol, at, stretchMs, askedAt);
    while (this.#paging.hasEnd && fills.length >= limit && stretchMs > 1) {
      stretchMs = Math.floor(stretchMs / 2);
      fills = await this.#ask(symbol, at, stretchMs, askedAt);
    }
    const end = at + stretchMs;
    const isLast = end >= askedAt;
    const isFull = fills.length >= limit;
    const fresh = fills.filter((fill) => fill.time >= at && !seen.includes(nameOf(fill)));
    const newest = fresh.at(-1)?.time;
    if (newest !== undefined) {
      const there = fresh.filter(({ time }) => time === newest).map(nameOf);
      const place = { at: newest, seen: newest === at ? [...seen, ...there] : there };
      return { fills: fresh, cursor: cursorOf(place), more: !isLast || isFull };
    }
    if (isLast) return { fills: [], cursor, more: false };
    return { fills: [], cursor: cursorOf({ at: end, seen: [] }), more: true };
  }

  /** Oldest first. The stretch that reaches to this moment has no end: more may have happened since. */
  async #ask(symbol: string, at: UtcMs, stretchMs: number, askedAt: UtcMs): Promise<readonly VenueFill[]> {
    const { ccxt, read, isUrgent } = this.#options;
    const end = at + stretchMs;
    const params = {
      ...this.#paging.params,
      ...(this.#paging.hasEnd && end < askedAt ? { until: end } : {}),
    };
    const ask = (): Promise<unknown> => ccxt.api.fetchMyTrades(symbol, at, this.#paging.limit, params);
    const reply = await ccxt.calls.make(ask, isUrgent);
    return (await read(listOf(reply, (row) => row))).toSorted(byTime);
  }
}

/** Of one moment in the order of their numbers, where they are numbers. */
function byTime(a: VenueFill, b: VenueFill): number {
  return a.time - b.time || Number(a.tradeId) - Number(b.tradeId) || 0;
}

/** Both sides of a trade may be the account's, and only one of them told yet. */
function nameOf({ tradeId, side }: VenueFill): string {
  return `${side}:${tradeId}`;
}

/** Undefined for no place of this list's. */
function placeOf(cursor: FillCursor | null): Place | undefined {
  const [, at, ids = ''] = STORED.exec(cursor ?? '') ?? [];
  if (at === undefined) return undefined;
  return { at: Number(at), seen: ids.split(' ').slice(1).map(decodeURIComponent) };
}

function cursorOf({ at, seen }: Place): FillCursor {
  return [`at:${at}`, ...seen.map(encodeURIComponent)].join(' ');
}
