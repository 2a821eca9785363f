import type { Action } from '../../contract/index.ts';
import {
  absolute,
  amountFor,
  applyFilters,
  type BaseAmount,
  ceilTo,
  float,
  floorTo,
  type Position,
  type Price,
  type ProposalRecord,
  planWords,
  type QuoteAmount,
  scale,
  subtract,
  TIMEFRAME_MS,
  ZERO_QUOTE,
} from '../../domain/index.ts';
import { allowedWorth, type LimitsInForce } from '../../safety/index.ts';
import type { ProposingStrategy, TargetProposal } from '../../strategies/index.ts';
import type { BarBrief } from './bar-brief.ts';
import type { EntryTheses } from './entry-theses.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import type { ProposedEntry, TradeDesk } from './trade-desk.ts';

export interface TargetQuestion {
  readonly desk: SymbolDesk;
  readonly brief: BarBrief;
  readonly strategy: ProposingStrategy;
  readonly proposal: TargetProposal;
  readonly position: Position;
  /** What the symbol trades at now. */
  readonly markPrice: Price;
}

/** What a target comes to at this moment: what would have to be done for it, before anybody judges that. */
export interface Wish {
  readonly action: Action;
  readonly record: ProposalRecord;
  readonly stopPrice: Price;
  /** What is to be sold, in whole lots; null where nothing is, or all of it. */
  readonly part: BaseAmount | null;
}

export interface TargetDeskParts {
  readonly limits: Pick<LimitsInForce, 'settings'>;
  readonly trade: Pick<TradeDesk, 'accountFor'>;
  readonly theses: Pick<EntryTheses, 'stopPrice'>;
}

/** Turns a share of the equity that a strategy wants a symbol to have into what is missing, or too much. */
export class TargetDesk {
  readonly #parts: TargetDeskParts;

  constructor(parts: TargetDeskParts) {
    this.#parts = parts;
  }

  /** The limits cut the target first; then it is compared with what is held, and the band keeps small changes away. */
  wish(question: TargetQuestion): Wish {
    const { limits, trade } = this.#parts;
    const { desk, brief, strategy, proposal, position, markPrice } = question;
    const { instrument } = desk;
    const { symbol } = instrument;
    const stopPrice = this.#stopPrice(question);
    const account = trade.accountFor({ desk, strategy: strategy.id, sellsFirst: true });
    const isHeld = desk.isHeld(position, float(markPrice));
    const held = isHeld ? (account.exposures.get(symbol) ?? ZERO_QUOTE) : ZERO_QUOTE;
    const allowed = allowedWorth(
      {
        symbol,
        side: 'buy',
        instrument,
        markPrice,
        atr: brief.averageTrueRange,
        roundTripCost: desk.roundTripCost,
        targetShare: proposal.targetShare,
        stopPrice,
        account,
      },
      limits.settings,
    );
    const equity = float(account.equity);
    const record = {
      targetShare: proposal.targetShare,
      allowedShare: float(allowed) / equity,
      heldShare: float(held) / equity,
      reason: proposedWords(proposal),
      numbers: { ...proposal.numbers, band: proposal.band, stopPrice: float(stopPrice) },
    };
    const wish = (action: Action, part: BaseAmount | null = null): Wish => ({
      action,
      record,
      stopPrice,
      part,
    });
    const isWrongWay = isHeld && position.quantity.isNegative();
    if (isHeld && (isWrongWay || proposal.targetShare === 0)) return wish('SELL');
    const difference = record.allowedShare - record.heldShare;
    if (!(Math.abs(difference) > proposal.band)) return wish('HOLD');
    if (difference > 0) return wish('BUY');
    return wish('SELL', partOf(question, subtract(held, allowed)));
  }

  /** Of a position its own stop, which is not moved; of one that is to be opened, measured from the price. */
  #stopPrice({ desk, proposal, position, markPrice }: TargetQuestion): Price {
    const { instrument } = desk;
    const own = this.#parts.theses.stopPrice(instrument.symbol);
    if (own !== null && desk.isHeld(position, float(markPrice))) return own;
    return ceilTo(scale(markPrice, 1 - proposal.stopShare), instrument.tickSize);
  }
}

/** @param share of what is missing that the voters leave. */
export function proposedEntry(
  { strategy, proposal, brief }: TargetQuestion,
  { record, stopPrice }: Wish,
  share: number,
): ProposedEntry {
  const { stopShare, expectedMove, reason, invalidation, plan } = proposal;
  const { allowedShare, heldShare } = record;
  return {
    targetShare: heldShare + share * (allowedShare - heldShare),
    stopPrice,
    stopShare,
    expectedMove,
    ...(plan === undefined ? {} : { plan }),
    thesis: reason,
    invalidation,
    // Until the next decision.
    horizonBars: Math.ceil(strategy.everyMs / TIMEFRAME_MS[brief.timeframe]),
  };
}

/** Why, and how the position is to be led. */
function proposedWords({ reason, plan }: TargetProposal): string {
  return plan === undefined ? reason : `${reason}. Once held: ${planWords(plan, null)}`;
}

/** What to sell of a position, or null for all of it: a rest that the venue would not let us sell is none. */
function partOf(
  { desk: { instrument }, position, markPrice }: TargetQuestion,
  worth: QuoteAmount,
): BaseAmount | null {
  const amount = floorTo(amountFor(worth, markPrice), instrument.lotSize);
  const rest = subtract(absolute(position.quantity), amount);
  const sale = { amount: rest, side: 'sell', type: 'market', reduceOnly: true } as const;
  return applyFilters(instrument, sale, markPrice).ok ? amount : null;
}

/** What a strategy proposes where a symbol is held that is not among the chosen ones. */
export const NOT_CHOSEN: TargetProposal = {
  kind: 'target',
  targetShare: 0,
  band: 0,
  stopShare: 0.1,
  expectedMove: 0,
  reason: 'the symbol is not among those to trade: nothing of it is to be held',
  invalidation: 'choosing it again',
  numbers: {},
};
