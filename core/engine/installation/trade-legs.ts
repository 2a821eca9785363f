import type { TradeColumn } from './trade-layouts.ts';
import { withoutGroups } from './without-groups.ts';

/** A line of a file of trades; a column that it has not is empty. */
export interface Row {
  /** In the file, from 0. */
  readonly index: number;
  readonly of: (column: TradeColumn) => string;
}

export interface PairedLegs {
  /** A line a trade. */
  readonly rows: readonly Row[];
  /** Lines of trades whose other line is not there, so that the trade, or its fee, would be lost. */
  readonly alone: readonly Row[];
}

/**
 * The trades of a file that tells each of a spot market in two lines: what it did to the coins, and to the money they were
 * paid in. Each of the two may have the fee. Lines of what is no trade, such as a transfer, are left out.
 */
export function pairedLegs(all: readonly Row[]): PairedLegs {
  const ofMoney = new Map<string, Row[]>();
  for (const row of all) {
    if (isTransfer(row) || !isSpot(row) || isOfCoins(row)) continue;
    const alike = ofMoney.get(placeOf(row));
    if (alike === undefined) ofMoney.set(placeOf(row), [row]);
    else alike.push(row);
  }
  const rows: Row[] = [];
  const alone: Row[] = [];
  for (const row of all) {
    if (isTransfer(row)) continue;
    if (!isSpot(row)) rows.push(row);
    else if (isOfCoins(row)) {
      const others = ofMoney.get(placeOf(row)) ?? [];
      const at = nearest(others, row);
      const [other] = at < 0 ? [] : others.splice(at, 1);
      const hasFee = !isNothing(row.of('fee'));
      if (hasFee) rows.push(row);
      else if (other === undefined) alone.push(row);
      else rows.push({ ...row, of: (column) => (FEE_COLUMNS.has(column) ? other : row).of(column) });
    }
  }
  return { rows, alone: [...alone, ...[...ofMoney.values()].flat()] };
}

const FEE_COLUMNS: ReadonlySet<TradeColumn> = new Set(['fee', 'feeAsset', 'feeValue']);

function isTransfer({ of }: Row): boolean {
  return of('kind').toLowerCase() === 'transfer' || of('symbol') === '';
}

function isSpot({ of }: Row): boolean {
  return of('kind').toLowerCase() === 'spot';
}

function isOfCoins({ of }: Row): boolean {
  return of('symbol').toUpperCase().split('-')[0] === of('balanceUnit').toUpperCase();
}

/** Where the two lines of a trade agree. An order may have several trades at one price. */
function placeOf({ of }: Row): string {
  return [of('order'), of('price'), of('time')].join(' ');
}

/** Which of them is the worth of the coins, to the last of the decimals that it was cut at; -1: none is. */
function nearest(others: readonly Row[], { of: coins }: Row): number {
  const worth = numberOf(coins('amount')) * numberOf(coins('price'));
  let [found, least] = [-1, Math.max(worth * 1e-6, CUT_AT)];
  for (const [index, { of: money }] of others.entries()) {
    const apart = Math.abs(numberOf(money('amount')) - worth);
    // The first of several that are alike: they are in the order in which they were told.
    if (found < 0 ? apart > least : !(apart < least)) continue;
    [found, least] = [index, apart];
    if (apart <= worth * 1e-12) break;
  }
  return found;
}

/** Balances have eight decimals, of which the last may be rounded. */
const CUT_AT = 1.001e-8;

function numberOf(figure: string): number {
  return Number(withoutGroups(figure));
}

function isNothing(fee: string): boolean {
  return fee === '' || numberOf(fee) === 0;
}
