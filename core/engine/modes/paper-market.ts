import type { Settings } from '../../contract/index.ts';
import { parseSymbol, quoteAmount, simulationNotes, TIMEFRAME_MS, TraderError } from '../../domain/index.ts';
import {
  type HardenedCcxt,
  hearStrays,
  openCcxt,
  type PublicTerms,
  publicAccess,
  publicTerms,
  readingsOf,
  SimulatedExchange,
  venueIds,
} from '../../execution/index.ts';
import { CcxtFeed, type RecentMarket, VenueTime } from '../../market/index.ts';
import { every } from '../loop/every.ts';
import { listenToMarket } from './listen-to-market.ts';
import { venueLookBack } from './look-back.ts';
import { endOf, type Market, type MarketOptions, warmUpOf } from './market.ts';
import { openingFault } from './opening-fault.ts';
import { StoredFeed } from './stored-feed.ts';
import { bindAccount, requireSameAccount } from './venue-binding.ts';
import { BARRIER_MS, connectionOf, openingOf, venueClock } from './venue-line.ts';

/** How often what has arrived by then takes from the book, and what is due ends. */
const SETTLE_MS = 50;
/** How often it is looked at whether the venue's time is to be measured again. */
const TIME_MS = 5_000;
/** How often it is asked which markets the venue has closed. */
const LISTING_MS = 60_000;

/**
 * The market of paper trading: the prices, the book and the trades of a real venue, and a venue of our own that fills
 * against them. It needs no key and sends no order anywhere. @throws TraderError when it cannot be had.
 */
export async function openPaperMarket(options: MarketOptions): Promise<Market> {
  try {
    return await openOnPaper(options);
  } catch (error) {
    throw openingFault(error, options.settings);
  }
}

async function openOnPaper(options: MarketOptions): Promise<Market> {
  const { settings, symbols, history, timers, log, keep, onProgress } = options;
  const { exchange, timeframe, simulation } = settings;
  if (!(await venueIds()).includes(exchange.id)) {
    throw new TraderError(
      'bad-input',
      `exchange.id: ccxt does not know ${exchange.id}: see \`tradebot venues\``,
    );
  }
  requireSameAccount(options.state, settings);
  keep({ close: await hearStrays(process, log) });
  const dialect = publicAccess(exchange.id, parseSymbol(symbols[0] ?? '')?.kind);
  const line = await openCcxt({
    ...{ ...connectionOf(settings), dialect, clock: options.wallClock, timers, log },
  });
  // The feed measures the venue's time for itself.
  const ofWall = { clock: options.wallClock, timers };
  const candles = new CcxtFeed({ ...ofWall, ccxt: line, timeframe, log });
  const feed = keep(new StoredFeed(candles, history, timeframe));
  const opening = openingOf(options);
  await feed.open(opening);
  const lookBack = await venueLookBack(options, candles);
  const time = new VenueTime({ ...ofWall, line });
  await measure(time, log);
  const clock = venueClock(time, () => 0);
  const terms = termsOf(line, symbols);
  const instruments = new Map([...terms].map(([symbol, { instrument }]) => [symbol, instrument]));
  const fees = feesOf(terms, settings);
  const venue = keep(
    new SimulatedExchange({
      id: `${exchange.id} on paper`,
      instruments,
      settings: { ...simulation, ...fees },
      capital: quoteAmount(settings.capital),
      clock,
      store: options.venueStore,
    }),
  );
  await venue.open(opening);
  bindAccount(options.state, settings);
  const recentMarket = showMarket(options, { line, venue, instruments, clock, time });
  onProgress?.(
    `${line.api.name}: orders stay on paper, reach its book after ${simulation.latencyMs} ms, ` +
      `and pay ${fees.makerFeeBps} (maker) or ${fees.takerFeeBps} (taker) basis points`,
  );
  const warmUp = warmUpOf(feed, symbols);
  return {
    feed,
    warmUp,
    lookBack,
    venue,
    clock,
    drive: null,
    speed: 1,
    waitForSlowVoters: false,
    barrierMs: BARRIER_MS,
    notes: notesOf(terms, settings),
    keyRights: null,
    readings: () => readingsOf(line),
    instruments,
    recentMarket,
    startTime: endOf(warmUp, TIMEFRAME_MS[timeframe], symbols),
  };
}

interface PaperLine {
  readonly line: HardenedCcxt;
  readonly venue: SimulatedExchange;
  readonly instruments: Market['instruments'];
  readonly clock: Market['clock'];
  readonly time: VenueTime;
}

/** Lets what happens at the real venue happen to the orders on paper, until the program ends. */
function showMarket(options: MarketOptions, paper: PaperLine): RecentMarket {
  const { timers, log, keep } = options;
  const { line, venue, instruments, clock, time } = paper;
  const stop = new AbortController();
  const recent = listenToMarket(options, {
    line,
    instruments,
    clock,
    onBook: (symbol, book) => venue.showBook(symbol, book),
    onTrade: (symbol, trade) => venue.showTrade(symbol, trade),
  });
  keep({ close: () => stop.abort() });
  const onFailure = (error: unknown): void =>
    log.error({ err: error }, 'an order on paper could not be filled');
  void every(timers, { everyMs: SETTLE_MS, run: () => venue.settle(), onFailure }, stop.signal);
  void every(timers, { everyMs: TIME_MS, run: () => measure(time, log), onFailure }, stop.signal);
  const look = (): Promise<void> => lookAtListing(paper, log);
  void every(timers, { everyMs: LISTING_MS, run: look, onFailure }, stop.signal);
  return recent;
}

function termsOf({ api }: HardenedCcxt, symbols: readonly string[]): ReadonlyMap<string, PublicTerms> {
  const listed = symbols.flatMap((symbol) => {
    const terms = publicTerms(api, symbol);
    return terms === undefined ? [] : [[symbol, terms] as const];
  });
  if (listed.length > 0) return new Map(listed);
  throw new TraderError(
    'bad-input',
    `symbols: ${api.name} lists none of ${symbols.join(', ')} as a market that can be traded here`,
  );
}

/** The dearest fees of what is traded; the settings' where the venue does not say. */
function feesOf(terms: ReadonlyMap<string, PublicTerms>, { simulation }: Settings) {
  const dearest = (fee: (each: PublicTerms) => number | null, otherwise: number): number =>
    Math.max(...[...terms.values()].map((each) => fee(each) ?? otherwise));
  return {
    makerFeeBps: dearest(({ makerFeeBps }) => makerFeeBps, simulation.makerFeeBps),
    takerFeeBps: dearest(({ takerFeeBps }) => takerFeeBps, simulation.takerFeeBps),
  };
}

function notesOf(terms: ReadonlyMap<string, PublicTerms>, { simulation }: Settings): readonly string[] {
  return [
    `orders on paper reach the book after ${simulation.latencyMs} ms: that is assumed (simulation.latencyMs), not measured`,
    ...simulationNotes([...terms.values()].map(({ instrument }) => instrument)),
  ];
}

/** Asks what time it is there where that is due; what is not told is taken to be as it was. */
async function measure(time: VenueTime, log: MarketOptions['log']): Promise<void> {
  if (!time.isDue) return;
  await time.measure().catch((error: unknown) => log.debug({ err: error }, 'the venue tells no time'));
}

/** What the venue does not tell is taken to be as it was. */
async function lookAtListing(
  { line, venue, instruments }: PaperLine,
  log: MarketOptions['log'],
): Promise<void> {
  const { api, calls } = line;
  try {
    await calls.make(() => api.loadMarkets(true));
  } catch (error) {
    log.debug({ err: error }, 'the venue does not tell its markets');
    return;
  }
  for (const symbol of instruments.keys())
    venue.showStatus(symbol, publicTerms(api, symbol)?.instrument.status ?? 'delisted');
}
