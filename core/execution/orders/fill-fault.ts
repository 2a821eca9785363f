import { type Order, text, type VenueFill } from '../../domain/index.ts';

type Told = Pick<VenueFill, 'symbol' | 'side' | 'price' | 'amount' | 'time'>;

/**
 * Why a fill cannot be, whoever tells of it, or null. Booked, it would be money that nobody paid, for good: the ledger
 * takes nothing back.
 *
 * @param order whose fill it is; undefined when nobody here knows.
 */
export function faultOfFill({ symbol, side, price, amount, time }: Told, order?: Order): string | null {
  if (!amount.gt(0) || !amount.isFinite()) return `its amount is ${text(amount)}`;
  if (!price.gt(0) || !price.isFinite()) return `its price is ${text(price)}`;
  if (!Number.isFinite(time)) return `its time is ${time}`;
  if (order === undefined) return null;
  const { clientOrderId: id } = order;
  if (order.symbol !== symbol) return `its order ${id} is of ${order.symbol}`;
  return order.side === side ? null : `its order ${id} is to ${order.side}`;
}
