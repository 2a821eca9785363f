export { SimulatedExchange, type SimulatedExchangeOptions } from './simulated-exchange.ts';
export type { FeeAsset } from './terms.ts';
export { UnkeptVenue } from './unkept-venue.ts';
