import type { NastyVenue } from '../nasty-venue.ts';

/** Nothing is sent twice: no id leaves again that may have arrived, none is taken twice, no decision enters twice. */
export function sentOnce({ sent, matcher }: NastyVenue): readonly string[] {
  const ours = matcher.orders.filter(({ origin }) => origin.hand === 'ours' && origin.parent === null);
  const entries = ours.filter(({ origin }) => origin.purpose === 'entry' && origin.decisionId !== null);
  return [
    ...twice(sent.filter(({ mayArrive }) => mayArrive).map(({ intent }) => intent.clientOrderId)).map(
      (id) => `order ${id} left twice`,
    ),
    ...twice(ours.map(({ terms }) => terms.clientOrderId)).map((id) => `order ${id} was taken twice`),
    ...twice(entries.map(({ origin }) => origin.decisionId)).map((id) => `decision ${id} was entered twice`),
  ];
}

function twice<T>(values: readonly T[]): readonly T[] {
  const seen = new Set<T>();
  const again = new Set<T>();
  for (const value of values) (seen.has(value) ? again : seen).add(value);
  return [...again];
}
