import { BYBIT_ACCESS } from './bybit.ts';
import type { VenueAccess } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import { CCXT_CLASSES } from './faults.ts';

const UNTRIED: Omit<VenueAccess, 'id'> = {
  hasTestNetwork: false,
  codes: CCXT_CLASSES,
  lists: {},
  options: {},
};

/** Venues of which a question about prices loads more than one kind of market. */
const ASKED: readonly VenueAccess[] = [BYBIT_ACCESS];

/** How a venue is asked, and not traded at: one of which nothing is known but what ccxt says will do. */
export function publicAccess(id: string, kind: string | undefined): VenueAccess {
  const asked = ASKED.find((access) => access.id === id);
  return asked ?? dialectOf(id, kind) ?? { ...UNTRIED, id };
}
