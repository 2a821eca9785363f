import { counted, type Voter } from '../contract/index.ts';
import { type BlockedPair, blockedMean, blockedSlope, type VoteSource } from '../domain/index.ts';

/** Fewer opinions, or of fewer weeks, are no record. */
export const LEAST_OPINIONS = 30;
export const LEAST_WEEKS = 26;
const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * How many standard errors a slope must lie above 0, by how many records are looked at: one-sided, 5 % of the normal
 * distribution divided by their number (Bonferroni), because the best of many is good by chance.
 */
const ERRORS_BY_TRIALS = [1.645, 1.96, 2.128, 2.241, 2.326, 2.394, 2.45, 2.498, 2.539, 2.576] as const;
/** So many there are at least: Bull, Bear and the models. */
const LEAST_TRIALS = 3;

/** What a voter's opinions on a strategy's purchases have come to, and what weight that earns it. */
export interface TrackRecord {
  readonly voter: Voter;
  readonly source: VoteSource;
  readonly opinions: number;
  readonly weeks: number;
  /** Gain after costs for one more point of support, as a fraction; NaN before there is one. */
  readonly slope: number;
  readonly standardError: number;
  /** How many standard errors are taken off. */
  readonly errors: number;
  readonly opposed: number;
  /** Mean gain after costs of what it opposed; NaN where it opposed nothing. */
  readonly opposedMean: number;
  /** 0 to 1. */
  readonly earned: number;
  /** How that came about, with its numbers. */
  readonly why: string;
}

/**
 * What a voter has earned: `max(0, 1 - errors x standard error / slope)`, the slope being that of what purchases came to on
 * what the voter had said of them. Who always says the same has no slope: it told nothing apart. Nothing is earned either
 * while its record is short, or where what it opposed made money all the same.
 *
 * @param words on the entries of one strategy of which it is known what they came to: by week, what the voter said of each
 *   (-1 to 1) and what it came to.
 */
export function trackRecord(
  voter: Voter,
  source: VoteSource,
  words: readonly BlockedPair[],
  trials = LEAST_TRIALS,
): TrackRecord {
  const { count: opinions, blocks: weeks, slope, standardError } = blockedSlope(words);
  const against = words.filter(({ x }) => x < 0).map(({ block, y }) => ({ block, value: y }));
  const { count: opposed, mean: opposedMean } = blockedMean(against);
  const errors =
    ERRORS_BY_TRIALS[Math.min(Math.max(trials, LEAST_TRIALS), ERRORS_BY_TRIALS.length) - 1] ?? Number.NaN;
  const record = { voter, source, opinions, weeks, slope, standardError, errors, opposed, opposedMean };
  return { ...record, ...earnedBy(record) };
}

/** The block that a moment lies in: what is decided in one week overlaps, over all symbols. */
export function weekOf(time: number): number {
  return Math.floor(time / WEEK_MS);
}

function earnedBy(record: Omit<TrackRecord, 'earned' | 'why'>): Pick<TrackRecord, 'earned' | 'why'> {
  const { opinions, weeks, slope, standardError, errors, opposed, opposedMean } = record;
  const nothing = (why: string) => ({ earned: 0, why });
  if (opinions < LEAST_OPINIONS || weeks < LEAST_WEEKS) {
    return nothing(
      `${opinions} of ${LEAST_OPINIONS} opinions and ${weeks} of ${LEAST_WEEKS} weeks that a record takes`,
    );
  }
  if (!Number.isFinite(slope))
    return nothing(`said the same of all ${opinions} purchases: nothing told apart`);
  const sum = `1 - ${errors} x ${percent(standardError)} / ${percent(slope)}`;
  const base = `${counted(opinions, 'opinion')} in ${counted(weeks, 'week')}`;
  if (!(slope > 0)) return nothing(`slope ${percent(slope)} in ${base}: what it supported did no better`);
  const earned = Math.max(0, 1 - (errors * standardError) / slope);
  if (earned === 0) return nothing(`${sum} is not above 0 (${base}): may be chance`);
  if (opposed > 0 && !(opposedMean < 0)) {
    return nothing(
      `the ${opposed} purchases that it opposed came to ${percent(opposedMean)} each: opposing them cost money`,
    );
  }
  return { earned, why: `${sum} = ${earned.toFixed(3)} (${base})` };
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}
