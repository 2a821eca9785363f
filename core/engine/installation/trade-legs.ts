import type { TradeColumn } from './trade-layouts.ts';

/** A line of a file of trades; a column that it has not is empty. */
export interface Row {
  /** In the file, from 0. */
  readonly index: number;
  readonly of: (column: TradeColumn) => string;
}

/**
 * The trades of a file that tells each of a spot market in two lines: what it did to the coins, and to the money they were
 * paid in. Each of the two may have the fee. Lines of what is no trade, such as a transfer, are left out.
 */
export function withoutLegs(rows: readonly Row[]): readonly Row[] {
  const ofMoney = new Map<string, Row[]>();
  for (const row of rows) {
    if (!isSpot(row) || isOfCoins(row)) continue;
    const alike = ofMoney.get(placeOf(row));
    if (alike === undefined) ofMoney.set(placeOf(row), [row]);
    else alike.push(row);
  }
  return rows.flatMap((row): readonly Row[] => {
    if (isTransfer(row) || (isSpot(row) && !isOfCoins(row))) return [];
    if (!isSpot(row)) return [row];
    const others = ofMoney.get(placeOf(row)) ?? [];
    const at = others.findIndex((money) => isWorth(money, row));
    const [other] = at < 0 ? [] : others.splice(at, 1);
    if (other === undefined || !isNothing(row.of('fee'))) return [row];
    return [{ ...row, of: (column) => (FEE_COLUMNS.has(column) ? other : row).of(column) }];
  });
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

function isWorth({ of: money }: Row, { of: coins }: Row): boolean {
  const worth = Number(coins('amount')) * Number(coins('price'));
  return Math.abs(Number(money('amount')) - worth) <= Math.max(worth, 1) * 1e-9;
}

function isNothing(fee: string): boolean {
  return fee === '' || Number(fee) === 0;
}
