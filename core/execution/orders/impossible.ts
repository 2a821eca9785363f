import {
  ACCOUNT_EVENT_KINDS,
  type AccountEvent,
  type Order,
  text,
  type VenueFill,
} from '../../domain/index.ts';

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

/**
 * Why money cannot have moved as a venue tells it, or null. The same holds: and what the ledger cannot take would keep
 * everything after it from being written.
 */
export function faultOfAccountEvent({ kind, amount, quoteValue, time }: AccountEvent): string | null {
  // What an account opens with is for us to say, once.
  if (kind === 'opening' || !ACCOUNT_EVENT_KINDS.includes(kind)) return `it is of the kind ${kind}`;
  if (!amount.isFinite()) return `its amount is ${text(amount)}`;
  if (!quoteValue.isFinite()) return `its worth is ${text(quoteValue)}`;
  return Number.isFinite(time) ? null : `its time is ${time}`;
}
