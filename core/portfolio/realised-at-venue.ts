import {
  add,
  type BaseAmount,
  type Fill,
  flatPosition,
  foldFill,
  type Position,
  type QuoteAmount,
  ZERO_QUOTE,
} from '../domain/index.ts';

/** Fills that a later told one may still belong before. */
const KEPT = 500;

interface Settled {
  readonly position: Position;
  readonly closedPnl: QuoteAmount;
}

export interface RealisedSoFar {
  readonly settled: Settled;
  readonly fills: readonly Fill[];
}

/**
 * What a derivative has brought, as its venue counts it: at average cost, in the order in which it traded. Fills are told
 * in another one when a line is slow, or when it takes a question to learn whose one is, and the average cost of what is
 * held depends on the order. One told after more than 500 newer ones counts as the oldest of those.
 */
export class RealisedAtVenue {
  readonly #lotSize: BaseAmount;
  /** What no fill is put before any more. */
  #settled: Settled;
  /** Ascending in the venue's order. */
  readonly #fills: Fill[];

  /** @param from what an earlier process had counted. */
  constructor(symbol: string, lotSize: BaseAmount, from: RealisedSoFar | null = null) {
    this.#lotSize = lotSize;
    this.#settled = from?.settled ?? { position: flatPosition(symbol), closedPnl: ZERO_QUOTE };
    this.#fills = [...(from?.fills ?? [])];
  }

  /** To go on from. */
  soFar(): RealisedSoFar {
    return { settled: this.#settled, fills: [...this.#fills] };
  }

  add(fill: Fill): void {
    const fills = this.#fills;
    const before = fills.findLastIndex((each) => !tradedBefore(fill, each));
    fills.splice(before + 1, 0, fill);
    if (fills.length === 2 * KEPT) this.#settled = this.#after(fills.splice(0, KEPT));
  }

  /** Of all fills, before fees. */
  get pnl(): QuoteAmount {
    const { position, closedPnl } = this.#after(this.#fills);
    return add(closedPnl, position.realisedPnl);
  }

  #after(fills: readonly Fill[]) {
    let { position, closedPnl } = this.#settled;
    for (const fill of fills) {
      const folded = foldFill(position, fill, null, this.#lotSize);
      position = folded.position;
      if (folded.closed !== undefined) closedPnl = add(closedPnl, folded.closed.grossPnl);
    }
    return { position, closedPnl };
  }
}

/** Venues number a market's trades upwards, and of one trade settle first what had been waiting. */
function tradedBefore(a: Fill, b: Fill): boolean {
  if (a.time !== b.time) return a.time < b.time;
  const [one, other] = [a.tradeId, b.tradeId];
  if (one === other) return a.liquidity === 'maker' && b.liquidity === 'taker';
  return one.length === other.length ? one < other : one.length < other.length;
}
