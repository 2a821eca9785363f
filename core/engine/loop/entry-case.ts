import type { StrategyId } from '../../contract/index.ts';
import {
  type Decision,
  type EntryCase,
  float,
  type Opinion,
  stancesOn,
  TIMEFRAME_MS,
  type Vote,
} from '../../domain/index.ts';
import type { TargetQuestion, Wish } from './target-desk.ts';

/** What a strategy wanted to buy, as it is looked at again later. */
export interface WantedEntry {
  readonly price: number;
  readonly stopPrice: number;
  /** Of the equity. */
  readonly share: number;
  /** What the voters left of it, 0 to 1. */
  readonly left: number;
  /** For how long it is looked at. */
  readonly horizonMs: number;
}

/** One decision later everything is proposed anew; over some of them a purchase shows what it is worth. */
const DECISIONS_LOOKED_AT = 7;

export function wantedEntry({ strategy, markPrice }: TargetQuestion, wish: Wish, left: number): WantedEntry {
  const { allowedShare, heldShare } = wish.record;
  return {
    price: float(markPrice),
    stopPrice: float(wish.stopPrice),
    share: allowedShare - heldShare,
    left,
    horizonMs: DECISIONS_LOOKED_AT * strategy.everyMs,
  };
}

/** What belongs to a decision and is not in its record. */
export interface EntryCaseParts {
  /** Null where the voters propose. */
  readonly wanted: WantedEntry | null;
  readonly cost: number;
  readonly votes: readonly Vote[];
  readonly strategy: StrategyId;
}

/** The entry that a decision wanted, whatever became of it; null where it wanted none. */
export function caseOfEntry(decision: Decision, parts: EntryCaseParts): EntryCase | null {
  const { id, symbol, time, verdicts, orderIds, outcome } = decision;
  const wanted = parts.wanted ?? votersEntry(decision, parts.votes);
  if (wanted === null) return null;
  const { price, share, left, horizonMs } = wanted;
  const side = parts.wanted === null && decision.action === 'SELL' ? 'sell' : 'buy';
  return {
    decisionId: id,
    symbol,
    strategy: parts.strategy,
    side,
    time,
    price,
    stopPrice: wanted.stopPrice,
    cost: parts.cost,
    due: time + horizonMs,
    share,
    left,
    traded: outcome === 'traded' && orderIds.length > 0,
    refusedBy: verdicts.filter(({ allowed }) => !allowed).map(({ layer }) => layer),
    stances: stancesOn(side, parts.votes),
  };
}

/**
 * An entry of the voters' own is one on which every safety layer was asked; a way out asks the throttle alone. Its thesis is that of
 * the surest among those who wanted it, and where nothing is sized no stop is known.
 */
function votersEntry(
  { action, verdicts, close, timeframe }: Decision,
  votes: readonly Vote[],
): (Omit<WantedEntry, 'stopPrice'> & { readonly stopPrice: null }) | null {
  if (action === 'HOLD' || verdicts.length < 2) return null;
  const leader = votes
    .filter((vote): vote is Opinion => vote.kind === 'vote' && vote.action === action)
    .reduce<Opinion | null>(
      (best, vote) => (best !== null && best.confidence >= vote.confidence ? best : vote),
      null,
    );
  if (leader === null) return null;
  return {
    price: close,
    stopPrice: null,
    share: 0,
    left: 1,
    horizonMs: leader.horizonBars * TIMEFRAME_MS[timeframe],
  };
}
