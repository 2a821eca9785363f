import type { ExecutionSettings } from '../../core/contract/index.ts';
import type { Dice } from './dice.ts';

/** A band, intervals and an end of a size that a few bars of one minute have room for. */
export function executionOf(dice: Dice): Partial<ExecutionSettings> {
  if (dice.chance(0.6)) return {};
  return {
    entry: 'maker-first',
    bandBps: dice.pick([5, 20, 100]),
    repriceMs: dice.pick([500, 2_000, 5_000]),
    timeoutMs: dice.pick([4_000, 15_000, 45_000]),
    afterTimeout: dice.pick(['taker', 'give-up']),
  };
}
