import type { Action, DecisionOutcome, SafetyLayer } from '../contract/index.ts';
import type { ClientOrderId, DecisionId } from './identity.ts';
import type { BaseAmount } from './money.ts';
import type { OutlookRecord } from './outlook.ts';
import type { Timeframe, UtcMs } from './time.ts';
import type { ConsensusResult, Vote } from './vote.ts';

/** What one safety layer said, with the numbers it used. */
export interface Verdict {
  readonly layer: SafetyLayer;
  readonly allowed: boolean;
  readonly code: string;
  readonly message: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** What a strategy wanted a symbol to have, and what it had. Shares are of the equity. */
export interface ProposalRecord {
  readonly targetShare: number;
  /** What the limits and the voters leave of it. */
  readonly allowedShare: number;
  readonly heldShare: number;
  readonly reason: string;
  /** What the reason is made of. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** The record that every closed bar leaves, whether it traded or not. */
export interface Decision {
  readonly id: DecisionId;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly barOpenTime: UtcMs;
  readonly time: UtcMs;
  readonly close: number;
  readonly consensus: ConsensusResult;
  readonly votes: readonly Vote[];
  readonly verdicts: readonly Verdict[];
  readonly action: Action;
  readonly outcome: DecisionOutcome;
  /** Which strategy decided. Not there in records that are older than the field. */
  readonly strategy?: string;
  readonly reasonCode: string;
  readonly reason: string;
  /** The features the voters saw, by name; null where there is no value. */
  readonly features: Readonly<Record<string, number | null>>;
  readonly positionQuantity: BaseAmount;
  readonly orderIds: readonly ClientOrderId[];
  /** What the strategy proposed; absent where the voters do. */
  readonly proposal?: ProposalRecord;
  /** What was foretold of the volatility ahead; absent where nothing was. */
  readonly outlook?: OutlookRecord;
  /** From the bar's close to the voters' answer, in real time; null where they answered at once. */
  readonly thinkingMs: number | null;
}
