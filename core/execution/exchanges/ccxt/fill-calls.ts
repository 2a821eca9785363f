import type { FillCursor, FillPage, FillQuery, UtcMs, VenueFill } from '../../../domain/index.ts';
import type { FillPaging, FillPagingById } from './dialect.ts';
import { type FillReading, FillStretches } from './fill-stretches.ts';
import { listOf } from './reading.ts';

/** Where the next page begins: after a trade, or at a moment. */
type Place = { readonly afterId: bigint } | { readonly at: UtcMs };

export interface FillCallsOptions extends FillReading {
  readonly paging: FillPaging;
  /** How far back the list reaches; null: for ever. */
  readonly lookBackMs: number | null;
  readonly now: () => UtcMs;
  readonly isListed: (symbol: string) => boolean;
}

/** What a page is asked by, besides its place. */
interface Asked {
  readonly from: UtcMs;
  readonly askedAt: UtcMs;
  readonly isUrgent: boolean;
}

/** Reads a symbol's list of our trades to its end, page by page. */
export class FillCalls {
  readonly #options: FillCallsOptions;

  constructor(options: FillCallsOptions) {
    this.#options = options;
  }

  async page(query: FillQuery, isUrgent = false): Promise<FillPage> {
    const { paging, lookBackMs, now, isListed } = this.#options;
    const { symbol, cursor, since } = query;
    if (!isListed(symbol)) return { fills: [], cursor, more: false };
    const askedAt = now();
    // What is older than the list reaches back would be asked for in vain, window by window.
    const oldest = lookBackMs === null ? 0 : askedAt - lookBackMs;
    const from = Math.max(since, oldest);
    return paging.by === 'id'
      ? this.#pageById(query, { from, askedAt, isUrgent }, paging)
      : new FillStretches({ ...this.#options, isUrgent }, paging).page(symbol, cursor, from, askedAt);
  }

  async #pageById(
    { symbol, cursor }: FillQuery,
    { from, askedAt, isUrgent }: Asked,
    { fromId, limit, windowMs }: FillPagingById,
  ): Promise<FillPage> {
    const { ccxt, read } = this.#options;
    const place = cursor === null ? { at: from } : placeOf(cursor);
    const ask = (): Promise<unknown> =>
      'at' in place
        ? ccxt.api.fetchMyTrades(symbol, place.at, limit)
        : ccxt.api.fetchMyTrades(symbol, undefined, limit, { [fromId]: `${place.afterId + 1n}` });
    const reply = await ccxt.calls.make(ask, isUrgent);
    const fills = (await read(listOf(reply, (row) => row))).toSorted(byId);
    const last = fills.at(-1);
    if (last !== undefined) {
      const more = fills.length >= limit;
      const before = fills.at(-2);
      // The other side of a full page's last trade may be on the next: unless both are here, that begins with it.
      const isCut = more && before !== undefined && before.tradeId !== last.tradeId;
      const { tradeId } = isCut ? before : last;
      return {
        fills: isCut ? fills.slice(0, -1) : fills,
        cursor: cursorOf({ afterId: BigInt(tradeId) }),
        more,
      };
    }
    if ('at' in place && windowMs !== null && place.at + windowMs < askedAt) {
      return { fills, cursor: cursorOf({ at: place.at + windowMs }), more: true };
    }
    return { fills, cursor, more: false };
  }
}

/** A symbol's trades are numbered in their order; several happen within one millisecond. */
function byId(a: VenueFill, b: VenueFill): number {
  return Number(BigInt(a.tradeId) - BigInt(b.tradeId));
}

function placeOf(cursor: FillCursor): Place {
  const [kind, value = '0'] = cursor.split(':');
  return kind === 'at' ? { at: Number(value) } : { afterId: BigInt(value) };
}

function cursorOf(place: Place): FillCursor {
  return 'at' in place ? `at:${place.at}` : `after:${place.afterId}`;
}
