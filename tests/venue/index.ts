/** A local exchange that ccxt's own classes trade on: its market, its money, its clock and its bad days. */
export { type AccountTerms, USUAL_ACCOUNT, type VenueAccount } from './accounts/venue-account.ts';
export { VenueClock } from './clock/venue-clock.ts';
export { FAULTS, type Fault, type FaultName, type FaultStrike } from './faults/fault.ts';
export { seededFaults } from './faults/seeded-faults.ts';
export type { DialectName } from './kinds.ts';
export type { Mood } from './market/population.ts';
export { type FillRecord, isOpen, type OrderRecord, stateOf } from './orders/order-record.ts';
export { Refusal } from './orders/refusal.ts';
export { startVenue, type VenueOptions } from './start-venue.ts';
export type { Venue } from './venue.ts';
