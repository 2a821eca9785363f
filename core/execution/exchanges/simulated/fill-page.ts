import type { FillCursor, FillPage, FillQuery, SimulatedVenueStore } from '../../../domain/index.ts';

/**
 * A page out of one symbol's fills. The cursor is a place among them, which only ever grow at their end: a page costs
 * what is on it, however many there are. A cursor of other fills is no place: the page then begins at `since`.
 *
 * @param count how many the symbol has.
 */
export function fillPage(
  store: Pick<SimulatedVenueStore, 'fills' | 'fillsBefore'>,
  count: number,
  { symbol, cursor, since }: FillQuery,
  pageSize: number,
): FillPage {
  const from = placeOf(cursor, count) ?? store.fillsBefore(symbol, since);
  const end = Math.min(from + pageSize, count);
  const fills = from === end ? [] : store.fills(symbol, from, end - from);
  return { fills, cursor: String(end), more: end < count };
}

function placeOf(cursor: FillCursor | null, count: number): number | undefined {
  const place = cursor === null ? Number.NaN : Number(cursor);
  return Number.isInteger(place) && place >= 0 && place <= count ? place : undefined;
}
