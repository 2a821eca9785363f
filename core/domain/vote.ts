import type { Action, ModelOutput, Regime, Voter } from '../contract/index.ts';

export type VoteSource = 'rules' | 'llm' | 'models';

/** Evidence that was struck out. */
export interface StruckEvidence {
  readonly text: string;
  /** What the brief has instead. */
  readonly why: string;
}

/** A voter's opinion on one closed bar. */
export interface Opinion {
  readonly kind: 'vote';
  readonly voter: Voter;
  readonly source: VoteSource;
  readonly action: Action;
  /** 0 to 1. */
  readonly confidence: number;
  readonly thesis: string;
  readonly evidence: readonly string[];
  /** What a language model cited as evidence and its brief does not have; absent: nothing. */
  readonly struck?: readonly StruckEvidence[];
  /** What would prove the thesis wrong. */
  readonly invalidation: string;
  readonly horizonBars: number;
  /** How much of the voter's weight its record warrants, 0 to 1; all of it when absent. */
  readonly reliability?: number;
  /** What each model said, for the ensemble's vote. */
  readonly models?: readonly ModelOutput[];
  /** Keys of the calls of a language model behind the vote, in the order of asking. */
  readonly calls?: readonly string[];
}

/**
 * An opinion as a plain value, with other parts. Not by spreading it: one that makes its words when they are read has them
 * not as properties of its own.
 */
export function opinionWith(opinion: Opinion, other: Partial<Omit<Opinion, 'kind'>>): Opinion {
  const { thesis, evidence, invalidation, horizonBars } = opinion;
  return { ...opinion, thesis, evidence, invalidation, horizonBars, ...other };
}

/** A voter that has nothing it may say, with a typed reason. It never guesses. */
export interface Abstention {
  readonly kind: 'abstention';
  readonly voter: Voter;
  readonly source: VoteSource;
  readonly code: AbstentionCode;
  readonly message: string;
  /** Keys of the calls of a language model that led to it. */
  readonly calls?: readonly string[];
}

export const ABSTENTION_CODES = [
  'off',
  'warming-up',
  'missing-features',
  'no-model-installed',
  'model-not-valid-yet',
  'model-expired',
  'drifted',
  'no-skill',
  'out-of-distribution',
  'parity-failed',
  'budget-exhausted',
  'replay-miss',
  'timeout',
  'broken-answer',
  'unfounded',
  'not-configured',
  'unauthorised',
  'payment-required',
  'model-not-found',
  'request-refused',
  'rate-limited',
  'unavailable',
  'refused',
  'failed',
] as const;
export type AbstentionCode = (typeof ABSTENTION_CODES)[number];

export type Vote = Opinion | Abstention;

export type Support = Readonly<Record<Action, number>>;

/** What the votes came to, with everything needed to do the sum again. */
export interface ConsensusResult {
  readonly action: Action;
  readonly reason: { readonly code: ConsensusReason; readonly message: string };
  readonly regime: Regime;
  readonly support: Support;
  readonly threshold: number;
  /** Each voter's weight after renormalising over those that did not abstain; 0 for those that did. */
  readonly weights: Readonly<Record<Voter, number>>;
  /** Confidence behind the action: the winning margin. */
  readonly margin: number;
  /** Of what each weight is made, where voters judge a proposal; absent where they share all of it. */
  readonly parts?: Readonly<Record<Voter, WeightParts>>;
}

/** Of what a voter's weight is made: the product of the first three, rounded. */
export interface WeightParts {
  /** Its share of the regime's weights. */
  readonly regime: number;
  /** What its measured record has earned, 0 to 1. */
  readonly earned: number;
  /** What its makers' verdict leaves of it, 0 to 1. */
  readonly reliability: number;
  readonly weight: number;
  /** How much is earned and why, with its numbers. */
  readonly why: string;
}

export type ConsensusReason =
  | 'agreed'
  | 'no-quorum'
  | 'below-threshold'
  | 'unanimous-hold'
  | 'warming-up'
  /** Of what a strategy proposes: nothing, or what the voters leave of it. */
  | 'nothing-proposed'
  | 'proposal-stands'
  | 'proposal-shrunk'
  | 'proposal-stopped';
