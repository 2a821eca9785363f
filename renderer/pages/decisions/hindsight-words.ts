import { type EntryHindsight, hindsightPct } from '../../../core/contract/index.ts';
import { dateTime, fixed, percent, price, VOTER_WORDS } from '../../format/index.ts';

/** What became of an entry, and what it came to or would have. */
export function hindsightSentence(one: EntryHindsight): string {
  const { resultPct, due, price: at, stopPrice, costPct, left, traded } = one;
  const stop = stopPrice === null ? '' : `, with a stop at ${price(stopPrice)}`;
  const terms = `from ${price(at)}${stop}, after costs of ${percent(costPct, 2)}`;
  const fate = `The entry was ${fateOf(one)}.`;
  if (resultPct === null) return `${fate} What it comes to is known on ${dateTime(due)}, ${terms}.`;
  const subject = traded && left === 1 ? 'It came to' : 'All of it would have come to';
  return `${fate} ${subject} ${hindsightPct(resultPct)} ${terms}.`;
}

function fateOf({ left, traded, refusedBy }: EntryHindsight): string {
  if (traded) return left < 1 ? `made to ${percent(100 * left, 0)} of what was wanted` : 'made';
  if (left === 0) return 'stopped by the voters';
  return refusedBy.length > 0
    ? `refused by the ${refusedBy.join(' and the ').replaceAll('-', ' ')}`
    : 'not made';
}

/** What each voter had said of it. */
export function stanceWords({ stances }: EntryHindsight): string {
  return stances
    .map(({ voter, stance }) => {
      if (stance === 0) return `${VOTER_WORDS[voter]} was neither for nor against it`;
      return `${VOTER_WORDS[voter]} was ${stance > 0 ? 'for' : 'against'} it (${fixed(Math.abs(stance), 2)})`;
    })
    .join(', ');
}
