import type { AccountEvent } from './account.ts';
import type { Fill } from './fill.ts';
import { asBase, negate } from './money.ts';
import { type CoinRelease, type Position, releaseCoins } from './position.ts';

/**
 * Which fills and account events reach a symbol's position. Whoever folds the ledger asks here, so that the account and
 * its trade history never differ.
 */

/** Whether a fill moved the trader's own coins, which are no business of ours: on spot, whatever was not our order. */
export function isOfOtherHands({ purpose }: Pick<Fill, 'purpose'>, isSpot: boolean): boolean {
  return purpose === 'external' && isSpot;
}

/** The symbol whose position an account event may change; null: it changes none. */
export function symbolTouchedBy({ kind, asset, symbol }: AccountEvent, quote: string): string | null {
  return kind === 'fee' ? symbol : `${asset}/${quote}`;
}

/** Coins that went by another way than a trade, out of a position that holds them; null: it gives none. */
export function releaseBy(
  { amount, quoteValue }: AccountEvent,
  position: Position | undefined,
): CoinRelease | null {
  if (position === undefined || !amount.isNegative() || !position.quantity.gt(0)) return null;
  return releaseCoins(position, asBase(negate(amount)), negate(quoteValue));
}
