import { describe, expect, it } from 'vitest';
import type { VoteView } from '../../../core/contract/index.ts';
import { voteCards } from './voices.ts';

const silent = (voter: VoteView['voter'], message: string): VoteView => ({
  kind: 'abstention',
  voter,
  source: 'rules',
  code: 'warming-up',
  message,
});

describe('vote cards', () => {
  it('are one a voice', () => {
    const votes = [silent('bull', 'too little'), silent('bear', 'missing'), silent('ensemble', 'too little')];
    expect(voteCards(votes).map(({ name }) => name)).toEqual(['Bull', 'Bear', 'Ensemble']);
  });

  it('say for Bull and Bear together that neither has anything to say', () => {
    const votes = [silent('bull', 'too little'), silent('bear', 'too little')];
    expect(voteCards(votes)).toMatchObject([{ name: 'Bull and Bear', vote: { voter: 'bull' } }]);
  });
});
