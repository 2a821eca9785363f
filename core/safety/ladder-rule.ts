import {
  counted,
  type LadderStep,
  type LadderView,
  RUNG_WORDS,
  RUNGS,
  type Rung,
} from '../contract/index.ts';
import type { UtcMs } from '../domain/index.ts';

/** What the books of a mode have of a strategy: finished round trips, and the days from the first entry to the last exit. */
export interface TradedSoFar {
  readonly days: number;
  readonly trades: number;
}

/** A backtest of a strategy with its audit. */
export interface AuditEvidence {
  readonly at: UtcMs;
  readonly passed: boolean;
  readonly days: number;
  readonly resultHash: string;
}

export interface LadderFacts {
  readonly strategy: string;
  readonly version: string | null;
  readonly rung: Rung;
  readonly since: UtcMs | null;
  /** The newest of this version; null: there is none. */
  readonly audit: AuditEvidence | null;
  readonly paper: TradedSoFar;
  readonly live: TradedSoFar;
}

/** What each rung asks before the next one. */
export const LADDER_RULE = {
  backtest: { days: 365 },
  paper: { days: 28, trades: 10 },
  'small-live': { days: 28, trades: 10 },
} as const;

/** Where a strategy stands. A rung is climbed by the trader's hand alone, one at a time, and only when nothing is missing. */
export function ladderOf(facts: LadderFacts): LadderView {
  const { strategy, version, rung, since } = facts;
  const steps = [
    auditStep(facts.audit),
    tradedStep('paper', facts.paper),
    tradedStep('small-live', facts.live),
  ];
  const place = RUNGS.indexOf(rung);
  const next = RUNGS[place + 1] ?? null;
  // What was shown once on a lower rung, and is not shown any more, is asked for again.
  const missing = next === null ? [] : steps.slice(0, place + 1).filter(({ met }) => !met);
  return {
    strategy,
    version,
    rung,
    since,
    steps,
    next,
    missing: missing.map(({ asks, has }) => `${asks}: ${has}`),
  };
}

function auditStep(audit: AuditEvidence | null): LadderStep {
  const { days } = LADDER_RULE.backtest;
  const asks = `a backtest of ${days} days or more whose audit passes`;
  if (audit === null) return { rung: 'backtest', asks, has: 'none yet, see tradebot backtest', met: false };
  const has = `${counted(audit.days, 'day')}, its audit ${audit.passed ? 'passed' : 'FAILED'}, result ${audit.resultHash.slice(0, 12)}`;
  return { rung: 'backtest', asks, has, met: audit.passed && audit.days >= days };
}

function tradedStep(rung: 'paper' | 'small-live', { days, trades }: TradedSoFar): LadderStep {
  const rule = LADDER_RULE[rung];
  return {
    rung,
    asks: `${rule.days} days and ${rule.trades} finished trades of ${RUNG_WORDS[rung]}`,
    has: `${counted(Math.floor(days), 'day')} and ${counted(trades, 'trade')}`,
    met: days >= rule.days && trades >= rule.trades,
  };
}
