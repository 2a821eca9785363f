/** Venues that trade for money, through ccxt. */
export { AccountProbe } from './account-probe.ts';
export { capabilitiesOf, type VenueCapabilities, venueIds } from './capabilities.ts';
export { CcxtExchange, type CcxtExchangeOptions } from './ccxt-exchange.ts';
export type { Dialect, TradedKind, VenueAccess } from './dialect.ts';
export { DIALECTS, dialectOf } from './dialects.ts';
export { FillHistory } from './fill-history.ts';
export { type CcxtOptions, type HardenedCcxt, openCcxt } from './open-ccxt.ts';
export { publicAccess } from './public-access.ts';
export { type PublicTerms, publicTerms } from './public-terms.ts';
export { hearStrays } from './stray-rejections.ts';
export { type Trading, tradingAt } from './trading.ts';
export { readingsOf } from './venue-readings.ts';
