/** Market data of real venues, through ccxt. */
export { type CandlePage, CandlePages, type CandlePagesOptions } from './candle-pages.ts';
export type { CandleLine, CandleVenue } from './candle-venue.ts';
export { CcxtFeed, type CcxtFeedOptions } from './ccxt-feed.ts';
export { type LiveLine, LiveMarket, type LiveMarketOptions, type LiveVenue } from './live-market.ts';
export { type LoadVenueTask, loadVenue } from './load-venue.ts';
export { type PatientTask, patiently } from './patiently.ts';
export { VenueTime, type VenueTimeOptions } from './venue-time.ts';
