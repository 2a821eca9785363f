import { sum, ZERO_BASE } from '../../../core/domain/index.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import type { TrueOrder } from '../venue/true-order.ts';

/**
 * Nothing is sent twice: no id leaves again that may have arrived, none is taken twice, no decision enters twice. An entry
 * that makes first has one order after the other, and buys no more with all of them than with the first alone.
 */
export function sentOnce({ sent, matcher }: NastyVenue): readonly string[] {
  const ours = matcher.orders.filter(({ origin }) => origin.hand === 'ours' && origin.parent === null);
  const entries = ours.filter(({ origin }) => origin.purpose === 'entry' && origin.decisionId !== null);
  return [
    ...twice(sent.filter(({ mayArrive }) => mayArrive).map(({ intent }) => intent.clientOrderId)).map(
      (id) => `order ${id} left twice`,
    ),
    ...twice(ours.map(({ terms }) => terms.clientOrderId)).map((id) => `order ${id} was taken twice`),
    ...[...Map.groupBy(entries, ({ origin }) => origin.decisionId)]
      .filter(([, orders]) => isEnteredTwice(orders))
      .map(([decision]) => `decision ${decision} was entered twice`),
  ];
}

/** @param orders of one decision, in the order in which the venue took them. */
function isEnteredTwice(orders: readonly TrueOrder[]): boolean {
  const [first, ...further] = orders;
  if (first === undefined || further.length === 0) return false;
  if (orders.some(({ terms }) => terms.type !== 'limit')) return true;
  const besides = further.some(({ acceptedAt }, index) => {
    const endedAt = orders[index]?.endedAt ?? Number.POSITIVE_INFINITY;
    return endedAt > acceptedAt;
  });
  const filled = sum(
    ZERO_BASE,
    orders.map(({ now }) => now.filledAmount),
  );
  return besides || filled.gt(first.terms.amount);
}

function twice<T>(values: readonly T[]): readonly T[] {
  const seen = new Set<T>();
  const again = new Set<T>();
  for (const value of values) (seen.has(value) ? again : seen).add(value);
  return [...again];
}
