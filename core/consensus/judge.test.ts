import { describe, expect, it } from 'vitest';
import { type Action, REGIMES, SettingsSchema, type Voter } from '../contract/index.ts';
import type { Vote } from '../domain/index.ts';
import { judge, NOTHING_EARNED } from './judge.ts';

const settings = SettingsSchema.parse({}).consensus;
const ALL = { bull: 1, bear: 1, ensemble: 1 };

type Said = Partial<Record<Voter, readonly [Action, number]>>;

function votes(said: Said): readonly Vote[] {
  return Object.entries(said).map(([voter, [action, confidence]]) => ({
    kind: 'vote',
    voter: voter as Voter, // the keys of a record of voters
    source: 'rules',
    action,
    confidence,
    thesis: '',
    evidence: [],
    invalidation: '',
    horizonBars: 1,
  }));
}

const judged = (proposed: Action, said: Said, earned = ALL) => {
  const { consensus, share } = judge(proposed, votes(said), 'trending', { settings, earned });
  return { action: consensus.action, code: consensus.reason.code, share: Number(share.toFixed(6)) };
};

// Trending: bull and bear 0.35, the models 0.3; 0.2 stops, with two voters behind it.
describe('a proposed purchase', () => {
  it.each<{ told: string; said: Said; earned?: typeof ALL; code: string; share: number }>([
    { told: 'stands when nobody speaks', said: {}, code: 'proposal-stands', share: 1 },
    {
      told: 'stands when all agree, and is not enlarged',
      said: { bull: ['BUY', 1], bear: ['BUY', 1], ensemble: ['BUY', 1] },
      code: 'proposal-stands',
      share: 1,
    },
    {
      told: 'stands when all hold',
      said: { bull: ['HOLD', 1], bear: ['HOLD', 1] },
      code: 'proposal-stands',
      share: 1,
    },
    {
      told: 'stands when support and opposition are even',
      said: { bull: ['BUY', 0.5], bear: ['SELL', 0.5] },
      code: 'proposal-stands',
      share: 1,
    },
    {
      told: 'is stopped at the threshold',
      said: { bear: ['SELL', 0.4], ensemble: ['SELL', 0.2] },
      code: 'proposal-stopped',
      share: 0,
    },
    {
      told: 'is shrunk in proportion below it',
      said: { bear: ['SELL', 0.2], ensemble: ['SELL', 0.1] },
      code: 'proposal-shrunk',
      share: 0.5,
    },
    {
      told: 'is shrunk, not stopped, by one voice alone',
      said: { bear: ['SELL', 1] },
      code: 'proposal-shrunk',
      share: 0.25,
    },
    {
      told: 'is shrunk by what opposition has left over support',
      said: { bull: ['BUY', 0.4], bear: ['SELL', 0.8] },
      code: 'proposal-shrunk',
      share: 0.3,
    },
    {
      told: 'stands against all of them while none has a record',
      said: { bull: ['SELL', 1], bear: ['SELL', 1], ensemble: ['SELL', 1] },
      earned: NOTHING_EARNED,
      code: 'proposal-stands',
      share: 1,
    },
    {
      told: 'counts each by what its record has earned',
      said: { bear: ['SELL', 0.4], ensemble: ['SELL', 0.2] },
      earned: { bull: 1, bear: 0.5, ensemble: 0.5 },
      code: 'proposal-shrunk',
      share: 0.5,
    },
    {
      told: 'does not hear a confidence that is no number from 0 to 1',
      said: { bear: ['SELL', 7], ensemble: ['SELL', Number.NaN] },
      code: 'proposal-stands',
      share: 1,
    },
  ])('$told', ({ said, earned, code, share }) => {
    expect(judged('BUY', said, earned)).toEqual({ action: share === 0 ? 'HOLD' : 'BUY', code, share });
  });

  it.each(REGIMES)('can be stopped in a %s market', (regime) => {
    const all = votes({ bull: ['SELL', 1], bear: ['SELL', 1], ensemble: ['SELL', 1] });
    expect(judge('BUY', all, regime, { settings, earned: ALL }).share).toBe(0);
  });

  it('shows the weights that make up the sum', () => {
    const said = votes({ bear: ['SELL', 0.5], ensemble: ['SELL', 0.5] });
    const { consensus } = judge('BUY', said, 'trending', { settings, earned: { ...ALL, bear: 0.2 } });
    expect(consensus.weights).toEqual({ bull: 0, bear: 0.35 * 0.2, ensemble: 0.3 });
    expect(consensus.support.SELL).toBeCloseTo(0.5 * (0.07 + 0.3), 12);
  });
});

it('nobody keeps a strategy from selling, or makes it trade', () => {
  const against: Said = { bull: ['BUY', 1], bear: ['BUY', 1], ensemble: ['BUY', 1] };
  expect(judged('SELL', against)).toEqual({ action: 'SELL', code: 'proposal-stands', share: 1 });
  expect(judged('HOLD', against)).toEqual({ action: 'HOLD', code: 'nothing-proposed', share: 0 });
});
