import type { ConsensusSettings, SafetySettings, StrategyId, Timeframe } from '../contract/index.ts';
import type { PositionPlan, UtcMs } from '../domain/index.ts';
import type { HourlyBars } from './hourly-bars.ts';
import type { HourlyCloses } from './hourly-closes.ts';

/** A way of deciding: what it reads, when it decides, and what it proposes and why. */
export type Strategy = VotedStrategy | ProposingStrategy;

interface StrategyFacts {
  readonly id: StrategyId;
  /** What it does and does not do, in one sentence for the trader. */
  readonly label: string;
  readonly data: StrategyData;
  /** Limits that its positions need, in place of the usual defaults; what the trader has set is what holds. */
  readonly limits: StrategyLimits;
}

export type StrategyLimits = Partial<
  Pick<SafetySettings, 'maxStrategyExposure' | 'maxGroupExposure' | 'maxOpenRisk'>
>;

export interface StrategyData {
  /** The bars that it reads, whatever the chart shows; `chart`: the chart's own. */
  readonly timeframe: Timeframe | 'chart';
  /** How much history before a decision can change it; null: as much as its features need. */
  readonly historyMs: number | null;
}

/** What the voters agree on at each bar is the proposal. */
export interface VotedStrategy extends StrategyFacts {
  readonly kind: 'voted';
  readonly voters: { readonly models: boolean; readonly analysts: boolean };
  /** How many voters must have an opinion before it acts. */
  quorum(settings: Pick<ConsensusSettings, 'quorum'>): number;
}

/** Proposes by itself, at times of its own: how much of the equity a symbol should have. The voters judge that. */
export interface ProposingStrategy extends StrategyFacts {
  readonly kind: 'proposing';
  /** It decides on the first bar that closes at or after each whole multiple of this, in UTC. */
  readonly everyMs: number;
  /** Tells one file of the trader's from another of the same name. */
  readonly version?: string;
  /** When that is, in words. */
  readonly when: string;
  /** It stands in for one that cannot be used: why, and what to do. It proposes nothing. */
  readonly fault?: string;
  /**
   * Pure: the same prices up to `at` give the same proposal, whatever came later.
   *
   * @throws StrategyFault where a strategy of the trader's own fails.
   */
  propose(history: HourlyCloses, question: ProposalQuestion): Proposal;
}

export interface ProposalQuestion {
  readonly symbol: string;
  /** The moment decided on; nothing after it may be read. */
  readonly at: UtcMs;
  /** How many symbols share the equity, also those that have no price yet. */
  readonly symbols: number;
  /** The symbol's hourly bars; what ends after `at` is kept from the strategy. */
  readonly bars: HourlyBars;
}

export type Proposal = TargetProposal | NoProposal;

export interface TargetProposal {
  readonly kind: 'target';
  /** Share of the equity that the symbol should have, before any limit; 0: nothing. */
  readonly targetShare: number;
  /** What is held may differ from the target by this share of the equity before anything is traded. */
  readonly band: number;
  /** How far below the first fill from flat the stop goes, as a fraction of that price. */
  readonly stopShare: number;
  /** What it expects of what is bought, as a fraction of the price: measured, before costs; null: nothing was measured. */
  readonly expectedMove: number | null;
  readonly reason: string;
  /** What would end it. */
  readonly invalidation: string;
  /** What the reason is made of. */
  readonly numbers: Readonly<Record<string, number>>;
  /** How a position that this opens is to be led; absent: by its first stop and the strategy's next answers. */
  readonly plan?: PositionPlan;
}

export interface NoProposal {
  readonly kind: 'none';
  readonly code: 'warming-up' | 'bars-too-long' | 'no-opinion' | 'strategy-failed';
  readonly reason: string;
}

/**
 * The time that a bar decides on, or null when it decides nothing: the last multiple of `everyMs` that has passed since
 * the bar before it closed. A bar that is missing at that time leaves the decision to the next one.
 */
export function decisionTime(everyMs: number, previousEnd: UtcMs, end: UtcMs): UtcMs | null {
  const latest = Math.floor(end / everyMs) * everyMs;
  return latest > previousEnd ? latest : null;
}
