import type { Page } from '../orders/order-views.ts';
import { Refusal } from '../orders/refusal.ts';
import type { VenueRequest } from '../rest/venue-request.ts';

const USUAL = 500;
const LONGEST = 1_000;

/** A window in time that the venue answers at once. @throws Refusal for a longer one. */
export function windowed(page: Page, longestMs: number): Page {
  const { start, end } = page;
  if (start !== undefined && end !== undefined && end - start > longestMs) throw new Refusal('time-window');
  return page;
}

/** Which part of a long list is asked for. */
export function pageOf(request: VenueRequest, idName: string): Page {
  const [fromId, start, end] = [idName, 'startTime', 'endTime'].map((name) => request.number(name));
  return {
    limit: Math.min(request.number('limit') ?? USUAL, LONGEST),
    ...(fromId === undefined ? {} : { fromId }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}
