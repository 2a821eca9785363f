import type { Voter } from '../contract/index.ts';
import type { Analyst } from '../domain/index.ts';

/** Stands in for an analyst that was switched off: it abstains and says so. */
export function silentAnalyst(voter: Voter): Analyst {
  return {
    opine: () => ({ kind: 'abstention', voter, source: 'rules', code: 'off', message: 'switched off' }),
  };
}
