import type { Voter } from '../contract/index.ts';
import type { Abstention } from '../domain/index.ts';

/** Stands in for an analyst that was switched off: it abstains and says so. */
export function silentAnalyst(voter: Voter): { opine(): Abstention } {
  return {
    opine: () => ({ kind: 'abstention', voter, source: 'rules', code: 'off', message: 'switched off' }),
  };
}
