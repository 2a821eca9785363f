import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIONS,
  type ConsensusSettings,
  REGIMES,
  SettingsSchema,
  VOTERS,
  type Voter,
} from '../contract/index.ts';
import type { Opinion, Vote } from '../domain/index.ts';
import { decide } from './decide.ts';

const settings = SettingsSchema.parse({}).consensus;

function opinion(voter: Voter, action: Opinion['action'], confidence: number): Opinion {
  const words = { thesis: 't', evidence: [], invalidation: 'i', horizonBars: 24 };
  return { kind: 'vote', voter, source: 'rules', action, confidence, ...words };
}

function abstention(voter: Voter): Vote {
  return { kind: 'abstention', voter, source: 'models', code: 'no-model-installed', message: 'none' };
}

const regimes = fc.constantFrom(...REGIMES);
const confidences = fc.double({ min: 0, max: 1, noNaN: true });
const ballots = fc
  .tuple(
    ...VOTERS.map(() =>
      fc.option(fc.record({ action: fc.constantFrom(...ACTIONS), confidence: confidences })),
    ),
  )
  .map((drawn) =>
    drawn.map((vote, index): Vote => {
      const voter = VOTERS[index] ?? 'bull';
      return vote === null ? abstention(voter) : opinion(voter, vote.action, vote.confidence);
    }),
  );

describe('the consensus', () => {
  it.each([
    [
      'agreement above the threshold acts',
      [
        ['bull', 'BUY', 0.8],
        ['bear', 'BUY', 0.7],
      ],
      'BUY',
      'agreed',
    ],
    [
      'a lead for SELL acts as well',
      [
        ['bull', 'HOLD', 0.8],
        ['bear', 'SELL', 0.9],
      ],
      'SELL',
      'agreed',
    ],
    [
      'opposites cancel out',
      [
        ['bull', 'BUY', 0.8],
        ['bear', 'SELL', 0.8],
      ],
      'HOLD',
      'below-threshold',
    ],
    ['one voter is no quorum', [['bull', 'BUY', 1]], 'HOLD', 'no-quorum'],
    [
      'HOLD on all sides is HOLD',
      [
        ['bull', 'HOLD', 1],
        ['bear', 'HOLD', 1],
      ],
      'HOLD',
      'unanimous-hold',
    ],
    [
      'a weak lead is not enough',
      [
        ['bull', 'BUY', 0.2],
        ['bear', 'HOLD', 1],
      ],
      'HOLD',
      'below-threshold',
    ],
  ] as const)('%s', (_, votes, action, code) => {
    const result = decide(
      votes.map(([voter, vote, confidence]) => opinion(voter, vote, confidence)),
      'trending',
      settings,
    );
    expect(result).toMatchObject({ action, reason: { code } });
  });

  it('takes a quorum of one where one voter is all there is', () => {
    expect(decide([opinion('ensemble', 'BUY', 1)], 'ranging', settings, 1)).toMatchObject({ action: 'BUY' });
  });

  it.each([Number.NaN, -0.1, 7, Number.POSITIVE_INFINITY])(
    'never trades on a confidence of %s',
    (confidence) => {
      const votes = VOTERS.map((voter) => opinion(voter, 'BUY', confidence));
      expect(decide(votes, 'trending', settings)).toMatchObject({
        action: 'HOLD',
        reason: { code: 'no-quorum' },
      });
    },
  );

  it('counts a voter once', () => {
    const twice = [opinion('bull', 'BUY', 1), opinion('bull', 'BUY', 1)];
    expect(decide(twice, 'trending', settings)).toMatchObject({ reason: { code: 'no-quorum' } });
  });

  it('does not act on a tie even where the threshold is 0', () => {
    const open = { ...settings, thresholds: { trending: 0, ranging: 0, volatile: 0 } };
    const votes = [opinion('bull', 'BUY', 0.5), opinion('bear', 'SELL', 0.5)];
    expect(decide(votes, 'trending', open).action).toBe('HOLD');
  });

  const only = (weights: Partial<Record<Voter, number>>): ConsensusSettings => {
    const own = { bull: 0, bear: 0, ensemble: 0, ...weights };
    return { ...settings, weights: { trending: own, ranging: own, volatile: own } };
  };

  it('lets nobody act whose weight is 0', () => {
    const votes = VOTERS.map((voter) => opinion(voter, 'BUY', 1));
    expect(decide(votes, 'trending', only({}))).toMatchObject({
      action: 'HOLD',
      weights: { bull: 0, bear: 0, ensemble: 0 },
      reason: {
        code: 'no-quorum',
        message: '0 of 2 voters needed had an opinion; bull and bear and ensemble without weight',
      },
    });
  });

  it('makes no quorum of a voter without weight', () => {
    const votes = [opinion('bull', 'BUY', 1), opinion('bear', 'BUY', 1)];
    expect(decide(votes, 'trending', only({ bull: 1 })).action).toBe('HOLD');
    expect(decide(votes, 'trending', only({ bull: 1, bear: 0.1 })).action).toBe('BUY');
  });

  it('comes to the same whatever a voter without weight says', () => {
    fc.assert(
      fc.property(ballots, regimes, (votes, regime) => {
        const rule = only({ bull: 0.4, bear: 0.6 });
        const others = votes.filter(({ voter }) => voter !== 'ensemble');
        expect(decide(votes, regime, rule).action).toBe(decide(others, regime, rule).action);
      }),
    );
  });

  it('reaches a threshold of 1 by unanimous confidence 1, whatever the weights', () => {
    const open = { ...only({ bull: 0.2, bear: 0.35, ensemble: 0.03025352954864502 }) };
    const thresholds = { trending: 1, ranging: 1, volatile: 1 };
    const votes = VOTERS.map((voter) => opinion(voter, 'SELL', 1));
    expect(decide(votes, 'ranging', { ...open, thresholds }).action).toBe('SELL');
  });

  it('#29 its thresholds are reachable in every regime, and unanimous confidence 1 gives 1', () => {
    for (const regime of REGIMES) {
      for (const action of ['BUY', 'SELL'] as const) {
        const votes = VOTERS.map((voter) => opinion(voter, action, 1));
        const result = decide(votes, regime, settings);
        expect(result.action).toBe(action);
        expect(result.support[action]).toBeCloseTo(1, 12);
      }
    }
  });

  it('adds up what is shown: weights in thousandths that come to 1, confidences in hundredths', () => {
    fc.assert(
      fc.property(ballots, regimes, (votes, regime) => {
        const { weights, support, margin } = decide(votes, regime, settings);
        const shown = { BUY: 0, SELL: 0, HOLD: 0 };
        let whole = 0;
        for (const vote of votes) {
          if (vote.kind === 'abstention') continue;
          const thousandths = Number(weights[vote.voter].toFixed(3)) * 1_000;
          expect(weights[vote.voter]).toBe(Math.round(thousandths) / 1_000);
          whole += Math.round(thousandths);
          shown[vote.action] += Math.round(thousandths) * Math.round(vote.confidence * 100);
        }
        expect([0, 1_000]).toContain(whole);
        for (const action of ACTIONS) expect(support[action]).toBe(shown[action] / 100_000);
        expect(margin).toBe(Math.abs(shown.BUY - shown.SELL) / 100_000);
      }),
    );
  });

  it('reaches a threshold exactly where the sum on screen does', () => {
    const votes = [
      opinion('bull', 'BUY', 0.8),
      opinion('bear', 'HOLD', 0.8),
      opinion('ensemble', 'SELL', 0.4),
    ];
    const open = {
      ...only({ bull: 0.5, bear: 0.25, ensemble: 0.25 }),
      thresholds: { ...settings.thresholds, trending: 0.3 },
    };
    expect(decide(votes, 'trending', open)).toMatchObject({
      action: 'BUY',
      margin: 0.3,
      reason: { message: 'BUY leads by 0.3, 0.30 needed in a trending market' },
    });
  });

  it('renormalises the weights over those that did not abstain', () => {
    fc.assert(
      fc.property(ballots, regimes, (votes, regime) => {
        const { weights } = decide(votes, regime, settings);
        const speaking = votes.filter(({ kind }) => kind === 'vote');
        const total = weights.bull + weights.bear + weights.ensemble;
        expect(total).toBeCloseTo(speaking.length === 0 ? 0 : 1, 12);
        for (const vote of votes) if (vote.kind === 'abstention') expect(weights[vote.voter]).toBe(0);
      }),
    );
  });

  it('never lowers an action’s support when a voter for it grows more confident', () => {
    fc.assert(
      fc.property(ballots, regimes, confidences, (votes, regime, raised) => {
        for (const [index, vote] of votes.entries()) {
          if (vote.kind === 'abstention' || vote.confidence > raised) continue;
          const more = votes.with(index, { ...vote, confidence: raised });
          const before = decide(votes, regime, settings).support[vote.action];
          expect(decide(more, regime, settings).support[vote.action]).toBeGreaterThanOrEqual(before - 1e-12);
        }
      }),
    );
  });

  it('does not depend on the order of the votes', () => {
    fc.assert(
      fc.property(ballots, regimes, (votes, regime) => {
        expect(decide(votes.toReversed(), regime, settings)).toEqual(decide(votes, regime, settings));
      }),
    );
  });

  it('acts only with a lead of at least the threshold', () => {
    fc.assert(
      fc.property(ballots, regimes, (votes, regime) => {
        const { action, support, threshold } = decide(votes, regime, settings);
        if (action === 'HOLD') return;
        const opposite = action === 'BUY' ? 'SELL' : 'BUY';
        expect(support[action] - support[opposite]).toBeGreaterThanOrEqual(threshold - 1e-12);
      }),
    );
  });
});

describe('a voter whose record warrants less', () => {
  const weights = (reliability: number) => {
    const ensemble = { ...opinion('ensemble', 'BUY', 1), reliability };
    const result = decide(
      [opinion('bull', 'HOLD', 1), opinion('bear', 'HOLD', 1), ensemble],
      'ranging',
      settings,
    );
    return result.weights;
  };

  it('weighs less before the weights are renormalised', () => {
    const { bull, bear, ensemble } = settings.weights.ranging;
    expect(weights(0.5).ensemble).toBeCloseTo(ensemble / 2 / (bull + bear + ensemble / 2), 12);
    expect(weights(0).ensemble).toBe(0);
    expect(weights(1).ensemble).toBeCloseTo(ensemble, 12);
  });

  it('still decides alone where nobody else speaks', () => {
    const alone = decide([{ ...opinion('ensemble', 'BUY', 0.8), reliability: 0.5 }], 'ranging', settings, 1);
    expect(alone).toMatchObject({ action: 'BUY', weights: { ensemble: 1 } });
  });

  it('never gains by being trusted less', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)];
          expect(weights(less).ensemble).toBeLessThanOrEqual(weights(more).ensemble + 1e-12);
        },
      ),
    );
  });
});
