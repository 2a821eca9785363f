import { SeededRandom } from '../domain/index.ts';

/** What the audit found: a strategy that saw the future, or one that depends on where its history starts. */
export interface Audit {
  readonly passed: boolean;
  readonly lookAhead: AuditCheck;
  readonly warmUp: AuditCheck;
}

export interface AuditCheck {
  readonly passed: boolean;
  /** Points in the history at which decisions were taken again. */
  readonly cuts: number;
  readonly decisionsCompared: number;
  /** The first few decisions that came out differently. */
  readonly mismatches: readonly AuditMismatch[];
}

export interface AuditMismatch {
  readonly symbol: string;
  readonly barOpenTime: number;
  readonly expected: string;
  readonly found: string;
}

/** One decision in the short form in which two runs are compared. */
export interface DecisionTrace {
  readonly symbol: string;
  readonly barOpenTime: number;
  readonly outcome: string;
}

const SHOWN_MISMATCHES = 5;

/** Random bar indices for cuts, seeded, ascending, each leaving at least `warmUpBars` before it. */
export function chooseCuts(bars: number, warmUpBars: number, count: number, seed: number): readonly number[] {
  if (bars <= warmUpBars + 1) return [];
  const random = new SeededRandom(seed);
  const cuts = new Set<number>();
  const room = bars - warmUpBars - 1;
  while (cuts.size < Math.min(count, room)) cuts.add(warmUpBars + 1 + Math.floor(random.next() * room));
  return [...cuts].sort((a, b) => a - b);
}

/** Compares decisions taken again with those of the full run, pair by pair. */
export function compareDecisions(
  pairs: Iterable<{ readonly expected: DecisionTrace | undefined; readonly found: DecisionTrace }>,
  cuts: number,
): AuditCheck {
  const mismatches: AuditMismatch[] = [];
  let compared = 0;
  let different = 0;
  for (const { expected, found } of pairs) {
    compared += 1;
    if (expected?.outcome === found.outcome) continue;
    different += 1;
    if (mismatches.length < SHOWN_MISMATCHES) {
      mismatches.push({
        symbol: found.symbol,
        barOpenTime: found.barOpenTime,
        expected: expected?.outcome ?? 'no decision',
        found: found.outcome,
      });
    }
  }
  return { passed: different === 0, cuts, decisionsCompared: compared, mismatches };
}
