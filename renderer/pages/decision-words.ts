import type { DecisionView } from '../../core/contract/index.ts';
import { VOTER_WORDS } from '../format/index.ts';
import { NOT_ITS_TIME } from './decision-badge.tsx';

/** Who said what, in a line. */
export function votesLine({ votes }: Pick<DecisionView, 'votes'>): string {
  return votes
    .map((vote) => `${VOTER_WORDS[vote.voter]} ${vote.kind === 'vote' ? vote.action : 'abstains'}`)
    .join(', ');
}

/**
 * Without the bars on which the strategy decided nothing, but for each symbol's latest one: of those there are many, and
 * what was decided would be lost among them.
 *
 * @param decisions oldest first.
 */
export function worthShowing(decisions: readonly DecisionView[]): readonly DecisionView[] {
  const latest = new Map(decisions.map(({ symbol, id }) => [symbol, id]));
  return decisions.filter(
    ({ symbol, id, reasonCode }) => reasonCode !== NOT_ITS_TIME || latest.get(symbol) === id,
  );
}
