import { quoteAmount, TIMEFRAME_MS } from '../../domain/index.ts';
import { simulatedVenue } from '../assembly/simulated-venue.ts';
import { storedLookBack } from './look-back.ts';
import { endOf, type Market, type MarketOptions, warmUpOf } from './market.ts';
import { openFeed } from './mode.ts';
import { simulatedInstruments } from './simulated-instruments.ts';

/** The market of demo and replay: a venue of our own over simulated or stored prices. */
export async function openSimulatedMarket(options: MarketOptions, defaultSpeed: number): Promise<Market> {
  const { settings, symbols, state, log, keep, onProgress } = options;
  const opening = { symbols, ...(onProgress === undefined ? {} : { onProgress }) };
  const feed = keep(openFeed(options));
  await feed.open(opening);
  const warmUp = warmUpOf(feed, symbols);
  const startTime = endOf(warmUp, TIMEFRAME_MS[settings.timeframe], feed.symbols);
  const instruments = simulatedInstruments(warmUp, state, log);
  const { venue, clock, drive } = simulatedVenue({
    instruments,
    settings: settings.simulation,
    capital: quoteAmount(settings.capital),
    startTime,
    store: options.venueStore,
  });
  keep(venue);
  await venue.open(opening);
  const speed = options.speed ?? defaultSpeed;
  return {
    feed,
    warmUp,
    lookBack: storedLookBack(options, startTime),
    venue,
    clock,
    drive,
    speed,
    // Faster than real time the simulated market can wait for a debate; at 1x it goes on, as a real one does.
    waitForSlowVoters: speed > 1,
    barrierMs: null,
    // The engine says of a market that it drives what that leaves out.
    notes: [],
    keyRights: null,
    readings: null,
    instruments,
    recentMarket: null,
    startTime,
  };
}
