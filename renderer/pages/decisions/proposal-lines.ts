import type { ProposalView } from '../../../core/contract/index.ts';
import { fixed, percent, price, words } from '../../format/index.ts';

export interface ProposalLine {
  readonly label: string;
  readonly value: string;
}

/** Of the numbers that a strategy gives, those with words of their own, in the order in which they read as a sum. */
const NUMBERS: readonly {
  readonly name: string;
  readonly label: string;
  readonly write: (value: number) => string;
}[] = [
  { name: 'sign7d', label: 'Of 7 days', write: direction },
  { name: 'sign14d', label: 'Of 14 days', write: direction },
  { name: 'sign28d', label: 'Of 28 days', write: direction },
  { name: 'signal', label: 'Signal', write: share },
  { name: 'volatility', label: 'Volatility a year', write: share },
  { name: 'scale', label: 'Left by volatility', write: share },
];
/** Said elsewhere. */
const LEFT_OUT = new Set(['band', 'stopPrice']);

/** What a proposal is made of, what it comes to, and what is held: shares are of the equity. */
export function proposalLines({
  targetShare,
  allowedShare,
  heldShare,
  numbers,
}: ProposalView): readonly ProposalLine[] {
  const known = NUMBERS.flatMap(({ name, label, write }) => {
    const value = numbers[name];
    return value === undefined ? [] : [{ label, value: write(value) }];
  });
  const others = Object.entries(numbers)
    .filter(([name]) => !LEFT_OUT.has(name) && !NUMBERS.some((one) => one.name === name))
    .map(([name, value]) => ({ label: words(name), value: fixed(value, 4) }));
  const stop = numbers['stopPrice'];
  return [
    ...known,
    ...others,
    { label: 'Target', value: share(targetShare) },
    { label: 'Within the limits', value: share(allowedShare) },
    { label: 'Held', value: share(heldShare) },
    ...(stop === undefined || (targetShare === 0 && heldShare === 0)
      ? []
      : [{ label: 'Stop', value: price(stop) }]),
  ];
}

/** What it would trade, before any voter or safety layer is asked. */
export function wouldTrade({ targetShare, allowedShare, heldShare, numbers }: ProposalView): string {
  const difference = allowedShare - heldShare;
  const band = numbers['band'] ?? 0;
  if (targetShare === 0) return heldShare === 0 ? 'Nothing: none is to be held' : 'Sells all that is held';
  if (!(Math.abs(difference) > band)) {
    return `Nothing: within ${share(band)} of the equity of its target`;
  }
  return `${difference > 0 ? 'Buys' : 'Sells'} for ${share(Math.abs(difference))} of the equity`;
}

function direction(sign: number): string {
  return sign > 0 ? 'up' : sign < 0 ? 'down' : 'level';
}

function share(fraction: number): string {
  return percent(fraction * 100, 1);
}
