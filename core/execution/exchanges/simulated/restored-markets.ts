import type { Instrument, VenueBeginning, VenueOrder } from '../../../domain/index.ts';
import { SymbolMarket } from './symbol-market.ts';
import type { VenueRecords } from './venue-records.ts';
import { type OrderLife, restoredOrder, type WorkingOrder } from './working-order.ts';
import { WorkingOrders } from './working-orders.ts';

/**
 * The listed markets with what works in each, and what works in symbols that are listed no longer: such an order can
 * never fill and holds nothing back, but it is there until it is cancelled or its time is up.
 */
export function restoredMarkets(
  instruments: ReadonlyMap<string, Instrument>,
  stored: VenueBeginning,
  records: VenueRecords,
): { readonly markets: ReadonlyMap<string, SymbolMarket>; readonly unlisted: WorkingOrders } {
  const appliedUntil = (symbol: string): number => stored.appliedUntil.get(symbol) ?? 0;
  const all = stored.orders.map((venue) =>
    restoredOrder(venue, lifeOf(venue, stored), appliedUntil(venue.symbol)),
  );
  const working = (which: (symbol: string) => boolean): WorkingOrders =>
    new WorkingOrders(all.filter(({ venue }: WorkingOrder) => which(venue.symbol)));
  const marketOf = (symbol: string, instrument: Instrument): SymbolMarket =>
    new SymbolMarket(
      instrument,
      working((each) => each === symbol),
      { appliedUntil: appliedUntil(symbol), lastPrice: records.lastFill(symbol)?.price ?? null },
    );
  return {
    markets: new Map([...instruments].map(([symbol, each]) => [symbol, marketOf(symbol, each)])),
    unlisted: working((symbol) => !instruments.has(symbol)),
  };
}

function lifeOf({ venueOrderId, updatedAt }: VenueOrder, stored: VenueBeginning): OrderLife {
  return {
    activeAt: stored.activeAt.get(venueOrderId) ?? updatedAt,
    expiresAt: stored.expiresAt.get(venueOrderId) ?? Number.POSITIVE_INFINITY,
  };
}
