import type { VenueProfile } from '../../../domain/index.ts';

/** What the simulated venue can do. It keeps every order and fill for ever and never forgets one. */
export const SIMULATED_PROFILE: VenueProfile = {
  clientOrderId: { maxLength: 18, uniqueAmong: 'all-orders' },
  account: 'ours',
  nativeStops: true,
  stopsBecomeOrders: false,
  maxStops: 5,
  goodTillDate: true,
  absence: { answers: 1, windowMs: 0 },
  fillsLookBackMs: null,
};
