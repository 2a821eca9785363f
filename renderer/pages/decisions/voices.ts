import type { VoteView } from '../../../core/contract/index.ts';
import { VOTER_WORDS } from '../../format/index.ts';

export interface VoteCard {
  readonly name: string;
  readonly vote: VoteView;
}

/** A card a voice: where Bull and Bear have nothing of their own to say, one card says so for both. */
export function voteCards(votes: readonly VoteView[]): readonly VoteCard[] {
  const [bull, bear] = [votes.find(isBy('bull')), votes.find(isBy('bear'))];
  const silent = bull !== undefined && bear !== undefined && saySame(bull, bear);
  return votes
    .filter(({ voter }) => !(silent && voter === 'bear'))
    .map((vote) => ({
      name:
        silent && vote.voter === 'bull'
          ? `${VOTER_WORDS.bull} and ${VOTER_WORDS.bear}`
          : VOTER_WORDS[vote.voter],
      vote,
    }));
}

function isBy(voter: VoteView['voter']): (vote: VoteView) => boolean {
  return (vote) => vote.voter === voter;
}

function saySame(one: VoteView, other: VoteView): boolean {
  return (
    one.kind === 'abstention' &&
    other.kind === 'abstention' &&
    one.source === other.source &&
    one.message === other.message
  );
}
