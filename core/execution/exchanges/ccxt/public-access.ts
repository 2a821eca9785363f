import { dialectOf, type VenueAccess } from './dialect.ts';
import type { ErrorCodes } from './faults.ts';

const NOTHING: ReadonlySet<string> = new Set();
const NO_CODES: ErrorCodes = {
  code: 'code',
  message: 'msg',
  well: NOTHING,
  refusesWith200: false,
  orderUnknown: NOTHING,
  unauthorised: NOTHING,
  rateLimited: NOTHING,
  uncertain: NOTHING,
  outOfTime: NOTHING,
  alreadySo: NOTHING,
};
const UNTRIED: Omit<VenueAccess, 'id'> = { hasTestNetwork: false, codes: NO_CODES, lists: {}, options: {} };

/**
 * Bybit, as far as a question about prices goes: its refusals come with HTTP 200, and some of its own failures look like
 * refusals. Orders are another matter there: the answer to one only says that it has arrived.
 */
const BYBIT: VenueAccess = {
  id: 'bybit',
  hasTestNetwork: true,
  codes: {
    ...NO_CODES,
    code: 'retCode',
    message: 'retMsg',
    well: new Set(['0']),
    refusesWith200: true,
    rateLimited: new Set(['10006']),
    uncertain: new Set(['10000', '10016', '10019', '429', '10429']),
  },
  lists: {
    'instruments-info': 'result.list',
    kline: 'result.list',
    'recent-trade': 'result.list',
    orderbook: 'result.b',
  },
  // Options and inverse contracts are not traded here, and cost ten more questions at each opening.
  options: { fetchMarkets: { types: ['spot', 'linear'] } },
};

/** Venues that are asked and not traded at, and whose words are known. */
const ASKED: readonly VenueAccess[] = [BYBIT];

/** How a venue is asked, and not traded at: one of which nothing is known but what ccxt says will do. */
export function publicAccess(id: string, kind: string | undefined): VenueAccess {
  const tried = dialectOf(id);
  if (tried !== undefined && tried.markets === kind) return tried;
  return ASKED.find((access) => access.id === id) ?? { ...UNTRIED, id };
}
