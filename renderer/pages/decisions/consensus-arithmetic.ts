import { ACTIONS, type Action, type DecisionView, type Voter } from '../../../core/contract/index.ts';

export interface SupportTerm {
  readonly voter: Voter;
  readonly weight: number;
  readonly confidence: number;
}

/** How one action's support came about: the sum of weight times confidence over those who voted for it. */
export interface SupportLine {
  readonly action: Action;
  readonly terms: readonly SupportTerm[];
  readonly support: number;
}

export interface Consensus {
  readonly lines: readonly SupportLine[];
  /** Whether BUY or SELL has more support, and by how much. */
  readonly leader: 'BUY' | 'SELL';
  readonly margin: number;
  readonly threshold: number;
  readonly enough: boolean;
}

/** The sum that the program did, term by term. */
export function consensusOf({
  votes,
  support,
  threshold,
}: Pick<DecisionView, 'votes' | 'support' | 'threshold'>): Consensus {
  const lines = ACTIONS.map((action) => ({
    action,
    support: support[action],
    terms: votes.flatMap((vote) =>
      vote.kind === 'vote' && vote.action === action
        ? [{ voter: vote.voter, weight: vote.weight, confidence: vote.confidence }]
        : [],
    ),
  }));
  // To the five decimals that are shown: binary makes 0.3 - 0.1 a little less than 0.2.
  const margin = Math.round(100_000 * Math.abs(support.BUY - support.SELL)) / 100_000;
  const leader = support.BUY >= support.SELL ? 'BUY' : 'SELL';
  return { lines, leader, margin, threshold, enough: margin > 0 && margin >= threshold };
}
