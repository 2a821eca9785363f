import { type Action, type ConsensusSettings, type Regime, VOTERS, type Voter } from '../contract/index.ts';
import type { ConsensusReason, ConsensusResult, Opinion, Support, Vote } from '../domain/index.ts';
import { soundOpinions } from './decide.ts';

/** How much of its weight each voter's measured record has earned it, 0 to 1. */
export type Earned = Readonly<Record<Voter, number>>;

/** No voter has a record of judging proposals: all are heard and shown, and none counts. */
export const NOTHING_EARNED: Earned = { bull: 0, bear: 0, ensemble: 0 };

export interface Judgement {
  readonly consensus: ConsensusResult;
  /** What is left of the proposal, 0 to 1: never more than was proposed. */
  readonly share: number;
}

/** So much of a proposal is left by an opposition without the quorum: stopping takes more than one voice. */
const LEAST_WITHOUT_QUORUM = 0.25;
/** In binary 0.35 x 0.4 + 0.3 x 0.2 is a little less than 0.2. */
const TIE = 1e-12;

/**
 * What the voters leave of what a strategy proposes. A voter counts with the regime's weight times what its record has
 * earned it; weights are not renormalised, so that a voter without a record counts nothing, also when it speaks alone.
 *
 * - Selling, and holding still, is never judged: nobody may keep risk on.
 * - Opposition is what the weights say against the proposal less what they say for it. At the regime's threshold it
 *   stops a purchase, if as many voters as the quorum asks for are behind it; between 0 and the threshold it shrinks it
 *   in proportion; else the proposal stands, also when no voter has a weight.
 * - Nobody enlarges.
 *
 * @param proposed what the strategy wants; HOLD: nothing.
 */
export function judge(
  proposed: Action,
  votes: readonly Vote[],
  regime: Regime,
  { settings, earned }: { readonly settings: ConsensusSettings; readonly earned: Earned },
): Judgement {
  const opinions = soundOpinions(votes);
  const weights = weightsOf(opinions, settings.weights[regime], earned);
  const support = supportOf(opinions, weights);
  const threshold = settings.thresholds[regime];
  const net = support.SELL - support.BUY;
  const result = (action: Action, code: ConsensusReason, message: string, share: number): Judgement => {
    const consensus = { action, reason: { code, message }, regime, support, threshold, weights };
    return { consensus: { ...consensus, margin: Math.abs(net) }, share };
  };
  if (proposed === 'HOLD')
    return result('HOLD', 'nothing-proposed', 'the strategy proposes to change nothing', 0);
  if (proposed === 'SELL') {
    return result('SELL', 'proposal-stands', 'the strategy sells: nobody may keep the risk on', 1);
  }
  const counted = VOTERS.filter((voter) => weights[voter] > 0);
  const sum = `opposition ${support.SELL.toFixed(2)} less support ${support.BUY.toFixed(2)}, ${threshold.toFixed(2)} stops in a ${regime} market`;
  if (!(net > 0)) {
    const message = counted.length === 0 ? 'no voter has a measured record: none has a weight' : sum;
    return result('BUY', 'proposal-stands', message, 1);
  }
  const against = opinions.filter(({ action, voter }) => action === 'SELL' && weights[voter] > 0);
  const least = against.length >= settings.quorum ? 0 : LEAST_WITHOUT_QUORUM;
  const left = Math.max(least, 1 - net / threshold);
  if (left < TIE) return result('HOLD', 'proposal-stopped', `the voters stop it: ${sum}`, 0);
  return result(
    'BUY',
    'proposal-shrunk',
    `the voters shrink it to ${(100 * left).toFixed(0)} %: ${sum}`,
    left,
  );
}

type Weights = Readonly<Record<Voter, number>>;

function weightsOf(opinions: readonly Opinion[], regime: Weights, earned: Earned): Weights {
  const own = (voter: Voter): number => {
    const opinion = opinions.find((each) => each.voter === voter);
    return opinion === undefined ? 0 : regime[voter] * earned[voter] * (opinion.reliability ?? 1);
  };
  return { bull: own('bull'), bear: own('bear'), ensemble: own('ensemble') };
}

function supportOf(opinions: readonly Opinion[], weights: Weights): Support {
  const support = { BUY: 0, SELL: 0, HOLD: 0 };
  for (const { voter, action, confidence } of opinions) support[action] += weights[voter] * confidence;
  return support;
}
