import { type Action, type ConsensusSettings, type Regime, VOTERS, type Voter } from '../contract/index.ts';
import type { ConsensusReason, ConsensusResult, Opinion, Support, Vote } from '../domain/index.ts';

type Weights = Record<Voter, number>;

const THOUSAND = 1_000;
/** Shares add up to a whole number but for what binary makes of it. */
const TIE = 1e-9;

/**
 * What the votes come to. Weights are the regime's, shrunk by what each voter's record warrants and renormalised over
 * those that did not abstain, in thousandths that add up to 1;
 * `support(a)` is the sum of weight times confidence (in hundredths) over the voters with action a, exactly: what is
 * shown and recorded is what was added. BUY or SELL wins when its
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
  const margin = exact(Math.abs(support.BUY - support.SELL));
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
  const sum = `${best} leads by ${margin}, ${threshold.toFixed(2)} needed in a ${regime} market`;
  // Nothing but an actual lead may act, whatever the threshold is set to.
  if (margin < threshold || margin === 0) return result('HOLD', 'below-threshold', sum);
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
  const shares = opinions.map((opinion) => (total === 0 ? 0 : (THOUSAND * own(opinion)) / total));
  const whole = inThousandths(shares);
  const of = (voter: Voter): number =>
    (whole[opinions.findIndex((each) => each.voter === voter)] ?? 0) / THOUSAND;
  return { bull: of('bull'), bear: of('bear'), ensemble: of('ensemble') };
}

/** Whole thousandths with the same sum: what rounding down leaves goes to those that lost most (Hamilton's method). */
function inThousandths(shares: readonly number[]): readonly number[] {
  const whole = shares.map((share) => Math.floor(share + TIE));
  const left =
    Math.round(shares.reduce((sum, share) => sum + share, 0)) - whole.reduce((sum, each) => sum + each, 0);
  const lost = (index: number): number => (shares[index] ?? 0) - (whole[index] ?? 0);
  const first = shares.map((_, index) => index).sort((one, other) => lost(other) - lost(one) || one - other);
  return whole.map((each, index) => each + Number(first.indexOf(index) < left));
}

/** The sum of weight times confidence of each action, of weights in thousandths and confidences in hundredths. */
export function supportOf(opinions: readonly Opinion[], weights: Readonly<Weights>): Support {
  const support = { BUY: 0, SELL: 0, HOLD: 0 };
  for (const { voter, action, confidence } of opinions) {
    support[action] = exact(support[action] + weights[voter] * (Math.round(100 * confidence) / 100));
  }
  return support;
}

/** A weight in thousandths times a confidence in hundredths has five decimals; what binary adds to them is not there. */
function exact(support: number): number {
  return Math.round(support * 100_000) / 100_000;
}
