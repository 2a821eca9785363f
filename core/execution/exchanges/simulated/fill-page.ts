import type { FillCursor, FillPage, FillQuery, VenueFill } from '../../../domain/index.ts';

/**
 * A page out of one symbol's fills. The cursor is a place in the list, which only ever grows at its end: a page costs
 * what is on it, however long the list is. A cursor of another list is no place: the page then begins at `since`.
 *
 * @param fills ascending by time.
 */
export function fillPage(fills: readonly VenueFill[], query: FillQuery, pageSize: number): FillPage {
  const from =
    placeOf(query.cursor, fills.length) ?? fills.findLastIndex(({ time }) => time < query.since) + 1;
  const end = Math.min(from + pageSize, fills.length);
  return { fills: fills.slice(from, end), cursor: String(end), more: end < fills.length };
}

function placeOf(cursor: FillCursor | null, length: number): number | undefined {
  const place = cursor === null ? Number.NaN : Number(cursor);
  return Number.isInteger(place) && place >= 0 && place <= length ? place : undefined;
}
