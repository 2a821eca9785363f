import type { Action } from '../../core/contract/index.ts';
import type { UtcMs } from '../../core/domain/index.ts';
import { Dice } from './dice.ts';
import type { Scenario } from './scenario.ts';

/** What the voters want: for each symbol and bar something of its own, whatever the process that asks, and nothing at rest. */
export function wishesOf({ seed, faultsEnd }: Pick<Scenario, 'seed' | 'faultsEnd'>) {
  const dice = new Dice(seed).fork('wishes');
  return (symbol: string, barOpenTime: UtcMs, now: UtcMs): Action => {
    if (now >= faultsEnd) return 'HOLD';
    return dice.fork(`${symbol} ${barOpenTime}`).pick<Action>(['BUY', 'BUY', 'BUY', 'SELL', 'SELL', 'HOLD']);
  };
}

/** What a strategy wants held in their place: more, less, nothing, or as it is. */
export function targetsOf({ seed, faultsEnd }: Pick<Scenario, 'seed' | 'faultsEnd'>) {
  const dice = new Dice(seed).fork('targets');
  return (symbol: string, barOpenTime: UtcMs, now: UtcMs): number | null => {
    if (now >= faultsEnd) return null;
    return dice.fork(`${symbol} ${barOpenTime}`).pick([0.28, 0.2, 0.12, 0.06, 0, null]);
  };
}
