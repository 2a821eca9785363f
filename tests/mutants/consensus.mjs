/** What voters leave of a proposal, and what their records have earned them. */

const JUDGE = 'core/consensus/judge.ts';
const RECORD = 'core/consensus/track-record.ts';
const CLUSTERED = 'core/domain/clustered.ts';
const HINDSIGHT = 'core/domain/hindsight.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const CONSENSUS_MUTANTS = [
  {
    name: 'voters that oppose a purchase enlarge it',
    file: JUDGE,
    find: 'Math.max(0, 1 - net / threshold)',
    replace: 'Math.max(0, 1 + net / threshold)',
  },
  {
    name: 'voters that support a purchase enlarge it',
    file: JUDGE,
    find: 'if (!(net > TIE)) {',
    replace: 'if (Math.abs(net) <= TIE) {',
  },
  {
    name: 'one voice stops a purchase without the quorum',
    file: JUDGE,
    find: 'against.length >= settings.quorum',
    replace: 'against.length >= 1',
  },
  {
    name: 'voices without a weight make a quorum',
    file: JUDGE,
    find: "opinions.filter(({ action, voter }) => action === 'SELL' && weights[voter] > 0);",
    replace: "opinions.filter(({ action }) => action === 'SELL');",
  },
  {
    name: 'voters keep a part of what the strategy sells',
    file: JUDGE,
    find: "'the strategy sells: nobody may keep the risk on', 1);",
    replace: "'the strategy sells: nobody may keep the risk on', 1 - support.BUY);",
  },
  {
    name: 'a voter counts with what its record has not earned',
    file: JUDGE,
    find: 'rounded(share * earned * reliability, 3)',
    replace: 'rounded(share * reliability, 3)',
  },
  {
    name: 'the verdict on a set of models takes nothing of its weight',
    file: JUDGE,
    find: 'rounded(share * earned * reliability, 3)',
    replace: 'rounded(share * earned, 3)',
  },
  {
    name: 'who is silent gives its weight to the others',
    file: JUDGE,
    find: 'const all = VOTERS.reduce((sum, voter) => sum + regime[voter], 0);',
    replace: 'const all = opinions.reduce((sum, { voter }) => sum + regime[voter], 0);',
  },
  {
    name: 'how many records are looked at takes nothing off',
    file: RECORD,
    find: 'Math.min(Math.max(trials, LEAST_TRIALS), ERRORS_BY_TRIALS.length) - 1',
    replace: 'LEAST_TRIALS - 1',
  },
  {
    name: 'one standard error is enough of a record',
    file: RECORD,
    find: '1 - (errors * standardError) / slope',
    replace: '1 - standardError / slope',
  },
  {
    name: 'many opinions of few weeks are a record',
    file: RECORD,
    find: 'opinions < LEAST_OPINIONS || weeks < LEAST_WEEKS',
    replace: 'opinions < LEAST_OPINIONS && weeks < LEAST_WEEKS',
  },
  {
    name: 'a voter earns a weight by opposing what made money',
    file: RECORD,
    find: 'if (opposed > 0 && !(opposedMean < 0)) {',
    replace: 'if (opposed > 0 && !(opposedMean < 1)) {',
  },
  {
    name: 'what a voter supported counts as what it opposed',
    file: RECORD,
    find: 'words.filter(({ x }) => x < 0)',
    replace: 'words.filter(({ x }) => x > 0)',
  },
  {
    name: 'of the values of a block only the last one counts',
    file: CLUSTERED,
    find: 'sums.set(block, (sums.get(block) ?? 0) + value)',
    replace: 'sums.set(block, value)',
  },
  {
    name: 'one block makes certain',
    file: CLUSTERED,
    find: 'if (sums.length < 2) return Number.NaN;',
    replace: 'if (sums.length < 2) return 0;',
  },
  {
    name: 'few blocks are as sure as many',
    file: CLUSTERED,
    find: '(squares * sums.length) / (sums.length - 1)',
    replace: 'squares',
  },
  {
    name: 'a case comes to what the market did before it',
    file: HINDSIGHT,
    find: 'if (piece.openTime < time) return null;',
    replace: '',
  },
  {
    name: 'what a case costs is left out of what it came to',
    file: HINDSIGHT,
    find: '1 - exit / price) - cost;',
    replace: '1 - exit / price) - cost * 0;',
  },
  {
    name: 'a case is stopped out at closes only',
    file: HINDSIGHT,
    find: "side === 'buy' ? piece.low <= stopPrice : piece.high >= stopPrice",
    replace: "side === 'buy' ? piece.close <= stopPrice : piece.close >= stopPrice",
  },
  {
    name: 'a price that jumps over a stop fills it at the stop',
    file: HINDSIGHT,
    find: "side === 'buy' ? Math.min(piece.open, stopPrice) : Math.max(piece.open, stopPrice)",
    replace: 'stopPrice',
  },
  {
    name: 'a case is held a bar longer than it is due',
    file: HINDSIGHT,
    find: 'piece.openTime + durationMs >= due',
    replace: 'piece.openTime >= due',
  },
  {
    name: 'who was against an entry counts as for it',
    file: HINDSIGHT,
    find: 'action === own ? confidence : -confidence',
    replace: 'action === own ? confidence : confidence',
  },
];
