import { type Action, type ConsensusSettings, type Regime, VOTERS, type Voter } from '../contract/index.ts';
import type { ConsensusReason, ConsensusResult, Opinion, Support, Vote } from '../domain/index.ts';

type Weights = Record<Voter, number>;

/** Weights that are shared out add up to 1 but for what binary makes of it. */
const TIE = 1e-12;

/**
 * What the votes come to. Weights are the regime's, shrunk by what each voter's record warrants and renormalised over
 * those that did not abstain;
 * `support(a)` is the sum of weight times confidence over the voters with action a. BUY or SELL wins when its
 * support exceeds its opposite's by the regime's threshold and enough voters spoke; everything else is HOLD.
 * Unanimous confidence 1 gives a support of 1, so every threshold can be reached. A confidence that is not a
 * number from 0 to 1 counts as an abstention: a broken answer never trades. A voter without weight is heard and shown, and
 * changes nothing: it makes no quorum either.
 *
 * @param votes at most one a voter; a second vote of the same voter is ignored.
 */
export function decide(
  votes: readonly Vote[],
  regime: Regime,
  settings: ConsensusSettings,
  quorum = settings.quorum,
): ConsensusResult {
  const opinions = soundOpinions(votes);
  const weights = renormalise(settings.weights[regime], opinions);
  const counted = opinions.filter(({ voter }) => weights[voter] > 0);
  const support = supportOf(opinions, weights);
  const threshold = settings.thresholds[regime];
  const best = support.BUY >= support.SELL ? 'BUY' : 'SELL';
  const margin = Math.abs(support.BUY - support.SELL);
  const result = (action: Action, code: ConsensusReason, message: string): ConsensusResult => {
    return { action, reason: { code, message }, regime, support, threshold, weights, margin };
  };

  if (counted.length < quorum) {
    const without = opinions.filter(({ voter }) => !(weights[voter] > 0)).map(({ voter }) => voter);
    const besides = without.length === 0 ? '' : `; ${without.join(' and ')} without weight`;
    const message = `${counted.length} of ${quorum} voters needed had an opinion${besides}`;
    return result('HOLD', 'no-quorum', message);
  }
  if (counted.every(({ action }) => action === 'HOLD')) {
    return result('HOLD', 'unanimous-hold', 'every voter says HOLD');
  }
  const sum = `${best} leads by ${margin.toFixed(2)}, ${threshold.toFixed(2)} needed in a ${regime} market`;
  // Nothing but an actual lead may act, whatever the threshold is set to.
  if (margin < threshold - TIE || margin === 0) return result('HOLD', 'below-threshold', sum);
  return result(best, 'agreed', sum);
}

function isSound(vote: Vote): boolean {
  return vote.kind === 'vote' && vote.confidence >= 0 && vote.confidence <= 1;
}

/** The votes that count, one a voter, in the fixed order. */
export function soundOpinions(votes: readonly Vote[]): readonly Opinion[] {
  const sound: Opinion[] = [];
  // In the voters' fixed order, so that float sums do not depend on who answered first.
  for (const voter of VOTERS) {
    const own = votes.find((vote) => vote.voter === voter && isSound(vote));
    if (own?.kind === 'vote') sound.push(own);
  }
  return sound;
}

function renormalise(weights: Weights, opinions: readonly Opinion[]): Weights {
  const own = ({ voter, reliability = 1 }: Opinion): number => weights[voter] * reliability;
  const total = opinions.reduce((sum, opinion) => sum + own(opinion), 0);
  const share = (voter: Voter): number => {
    const opinion = opinions.find((each) => each.voter === voter);
    if (opinion === undefined) return 0;
    return total === 0 ? 0 : own(opinion) / total;
  };
  return { bull: share('bull'), bear: share('bear'), ensemble: share('ensemble') };
}

function supportOf(opinions: readonly Opinion[], weights: Weights): Support {
  const support = { BUY: 0, SELL: 0, HOLD: 0 };
  for (const { voter, action, confidence } of opinions) support[action] += weights[voter] * confidence;
  return support;
}
