import type { ConsensusResult, PositionBrief } from '../domain/index.ts';

export type ExitCode = 'opposite-consensus' | 'horizon-reached';

export interface ExitReason {
  readonly code: ExitCode;
  readonly message: string;
}

/**
 * Why an open position should be closed now, or null. Stops are not among the reasons: they rest at the venue and
 * need no decision.
 */
export function exitReason(position: PositionBrief, consensus: ConsensusResult): ExitReason | null {
  if (position.direction === 'flat') return null;
  const opposite = position.direction === 'long' ? 'SELL' : 'BUY';
  if (consensus.action === opposite) {
    return { code: 'opposite-consensus', message: `the voters turned: ${consensus.reason.message}` };
  }
  const { entry, barsHeld, openReturn } = position;
  if (entry !== null && barsHeld >= entry.horizonBars && openReturn <= 0) {
    const held = `held ${barsHeld} bars, the thesis was given ${entry.horizonBars}`;
    return { code: 'horizon-reached', message: `${held} and the position is not in profit` };
  }
  return null;
}
