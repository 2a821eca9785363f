import type { ExcursionView } from '../../core/contract/index.ts';
import { fixed, NOTHING, percent } from '../format/index.ts';

/** How far a trade went against the trader, or in his favour: in R where it had a stop, else in percent. */
export function excursionText(
  excursion: ExcursionView | null,
  direction: 'adverse' | 'favourable',
): { readonly text: string; readonly title: string } {
  if (excursion === null) return { text: NOTHING, title: 'not noted' };
  const [pct, r] =
    direction === 'adverse'
      ? [excursion.adversePct, excursion.adverseR]
      : [excursion.favourablePct, excursion.favourableR];
  if (r === null) return { text: percent(pct), title: 'no stop: in percent only' };
  return { text: `${fixed(r, 2)} R`, title: percent(pct) };
}
