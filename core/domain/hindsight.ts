import type { SafetyLayer, Side, Voter } from '../contract/index.ts';
import type { Candle } from './candle.ts';
import type { UtcMs } from './time.ts';
import type { Vote, VoteSource } from './vote.ts';

/** What a voter said of an entry: from -1, plainly against it, to 1, plainly for it; 0: it held. */
export interface Stance {
  readonly voter: Voter;
  readonly source: VoteSource;
  readonly stance: number;
}

/** An entry that was wanted, whatever became of it, with all that is needed to say later what it would have come to. */
export interface EntryCase {
  readonly decisionId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly side: Side;
  readonly time: UtcMs;
  /** What it would have been entered at. */
  readonly price: number;
  /** Where its stop would have been; null where none was known. */
  readonly stopPrice: number | null;
  /** Fees, spread and slippage of its round trip, as a fraction of its worth. */
  readonly cost: number;
  /** From when on it can be said what it came to. */
  readonly due: UtcMs;
  /** What was wanted, as a share of the equity. */
  readonly share: number;
  /** What the voters left of that, 0 to 1. */
  readonly left: number;
  readonly traded: boolean;
  /** The safety layers that refused it. */
  readonly refusedBy: readonly SafetyLayer[];
  readonly stances: readonly Stance[];
}

/** An entry and what it came to, or would have. */
export interface JudgedCase extends EntryCase {
  /** Gain less costs as a fraction of its worth; null while its time has not passed. */
  readonly result: number | null;
}

/** So many of the newest are kept. */
export const HINDSIGHT_KEPT = 20_000;

/** Entries that were wanted: the newest `HINDSIGHT_KEPT` of them. */
export interface HindsightStore {
  /** A second case of the same decision is ignored. */
  append(one: EntryCase): void;
  settle(decisionId: string, result: number): void;
  /** All that are kept, oldest first. */
  all(): readonly JudgedCase[];
}

/**
 * What an entry came to by a piece of market that passed after it: held until its stop or its due time, whichever came
 * first, less the costs of a round trip. Null where the piece says nothing of it yet.
 */
export function resultOf(one: EntryCase, piece: Candle, durationMs: number): number | null {
  const { side, price, stopPrice, cost, due, time } = one;
  // What passed before, or while it was decided on, was no part of it.
  if (piece.openTime < time) return null;
  const gainAt = (exit: number): number => (side === 'buy' ? exit / price - 1 : 1 - exit / price) - cost;
  // Bars are missing at its time: the next price is the first at which it could have ended.
  if (piece.openTime >= due) return gainAt(piece.open);
  if (stopPrice !== null) {
    const isTouched = side === 'buy' ? piece.low <= stopPrice : piece.high >= stopPrice;
    // A price that jumps over the stop fills it at the jump's end.
    if (isTouched)
      return gainAt(side === 'buy' ? Math.min(piece.open, stopPrice) : Math.max(piece.open, stopPrice));
  }
  return piece.openTime + durationMs >= due ? gainAt(piece.close) : null;
}

/** What each voter said of an entry on a side. Who abstained has said nothing, nor who gave no sound confidence. */
export function stancesOn(side: Side, votes: readonly Vote[]): readonly Stance[] {
  const own = side === 'buy' ? 'BUY' : 'SELL';
  return votes.flatMap((vote): Stance | [] => {
    if (vote.kind !== 'vote' || !(vote.confidence >= 0 && vote.confidence <= 1)) return [];
    const { voter, source, action, confidence } = vote;
    const stance = action === 'HOLD' ? 0 : action === own ? confidence : -confidence;
    return { voter, source, stance };
  });
}
