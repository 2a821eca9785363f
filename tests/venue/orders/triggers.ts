import type { Price } from '../../../core/domain/index.ts';
import type { Side } from '../matching/order-book.ts';

/** Whether a price is where a conditional order waits for it: stops against the market, take-profits with it. */
export function wouldTrigger(
  price: Price,
  order: { readonly type: string; readonly side: Side; readonly stopPrice?: Price },
): boolean {
  if (order.stopPrice === undefined) return false;
  const waitsForRise = (order.side === 'buy') !== order.type.startsWith('TAKE_PROFIT');
  return waitsForRise ? price.gte(order.stopPrice) : price.lte(order.stopPrice);
}
