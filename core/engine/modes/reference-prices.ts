import { z } from 'zod';
import { StateDocument, type StateStore } from '../../domain/index.ts';

const PricesSchema = z.record(z.string(), z.number().positive());

/** By symbol: the price from which a simulated market's filters were derived. */
export type ReferencePrices = Readonly<Record<string, number>>;

/** Filters must not change over a restart, so the prices they were derived from are kept. */
export function referencePrices(state: StateStore): StateDocument<ReferencePrices> {
  return new StateDocument<ReferencePrices>(state, 'reference-prices', {
    version: 1,
    initial: {},
    parse: (stored) => PricesSchema.safeParse(stored).data,
  });
}
