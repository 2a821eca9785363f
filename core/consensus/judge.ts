import { type Action, type ConsensusSettings, type Regime, VOTERS, type Voter } from '../contract/index.ts';
import type {
  ConsensusReason,
  ConsensusResult,
  Opinion,
  Vote,
  VoteSource,
  WeightParts,
} from '../domain/index.ts';
import { soundOpinions, supportOf } from './decide.ts';

/** How much of its weight a voter's measured record has earned it, 0 to 1, and how that came about. */
export interface Earned {
  readonly earned: number;
  readonly why: string;
}

export type Records = (voter: Voter, source: VoteSource) => Earned;

/** Nobody has a record: all are heard and shown, and none counts. */
export const NOTHING_EARNED: Records = () => ({ earned: 0, why: 'no record is kept' });

export interface JudgingRule {
  readonly settings: ConsensusSettings;
  readonly records: Records;
}

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
 * What the voters leave of what a strategy proposes, by the rule that docs/voting.md writes down with its cases. A voter
 * counts with its share of the regime's weights, of all three voters whether they speak or not, times what its record has
 * earned it. Weights and confidences are rounded before they are added, so that the sum on screen is the sum.
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
  { settings, records }: JudgingRule,
): Judgement {
  const opinions = soundOpinions(votes);
  const parts = partsOf(opinions, settings.weights[regime], records);
  const weights = { bull: parts.bull.weight, bear: parts.bear.weight, ensemble: parts.ensemble.weight };
  const support = supportOf(opinions, weights);
  const threshold = settings.thresholds[regime];
  const net = support.SELL - support.BUY;
  const result = (action: Action, code: ConsensusReason, message: string, share: number): Judgement => {
    const consensus = { action, reason: { code, message }, regime, support, threshold, weights, parts };
    return { consensus: { ...consensus, margin: Math.abs(net) }, share };
  };
  if (proposed === 'HOLD')
    return result('HOLD', 'nothing-proposed', 'the strategy proposes to change nothing', 0);
  if (proposed === 'SELL') {
    return result('SELL', 'proposal-stands', 'the strategy sells: nobody may keep the risk on', 1);
  }
  const counted = VOTERS.filter((voter) => weights[voter] > 0);
  const against = opinions.filter(({ action, voter }) => action === 'SELL' && weights[voter] > 0);
  const sum = `opposition ${told(support.SELL)} less support ${told(support.BUY)} is ${told(net)}, ${threshold.toFixed(2)} stops in a ${regime} market`;
  if (!(net > TIE)) {
    const message = counted.length === 0 ? 'no voter has a weight: nobody has earned one yet' : sum;
    return result('BUY', 'proposal-stands', message, 1);
  }
  const hasQuorum = against.length >= settings.quorum;
  const least = hasQuorum ? 0 : LEAST_WITHOUT_QUORUM;
  const proportion = Math.max(0, 1 - net / threshold);
  const left = Math.max(least, proportion);
  if (left < TIE) return result('HOLD', 'proposal-stopped', `the voters stop it: ${sum}`, 0);
  const floor =
    proportion < least ? `; ${against.length} of the ${settings.quorum} voices that stopping takes` : '';
  return result(
    'BUY',
    'proposal-shrunk',
    `the voters shrink it to ${(100 * left).toFixed(0)} %: ${sum}${floor}`,
    left,
  );
}

type Weights = Readonly<Record<Voter, number>>;

function partsOf(
  opinions: readonly Opinion[],
  regime: Weights,
  records: Records,
): Readonly<Record<Voter, WeightParts>> {
  const all = VOTERS.reduce((sum, voter) => sum + regime[voter], 0);
  const own = (voter: Voter): WeightParts => {
    const opinion = opinions.find((each) => each.voter === voter);
    const share = all > 0 ? rounded(regime[voter] / all) : 0;
    if (opinion === undefined)
      return { regime: share, earned: 0, reliability: 1, weight: 0, why: 'said nothing' };
    const { earned: precise, why } = records(voter, opinion.source);
    const [earned, reliability] = [rounded(precise), opinion.reliability ?? 1];
    return { regime: share, earned, reliability, weight: rounded(share * earned * reliability), why };
  };
  return { bull: own('bull'), bear: own('bear'), ensemble: own('ensemble') };
}

/** In thousandths, as it is shown. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function told(support: number): string {
  return String(Number(support.toFixed(5)));
}
