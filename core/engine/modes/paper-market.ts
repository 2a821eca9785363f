import type { Settings } from '../../contract/index.ts';
import {
  float,
  type Instrument,
  parseSymbol,
  quoteAmount,
  TIMEFRAME_MS,
  TraderError,
} from '../../domain/index.ts';
import {
  type HardenedCcxt,
  openCcxt,
  type PublicTerms,
  publicAccess,
  publicTerms,
  readingsOf,
  SimulatedExchange,
  venueIds,
} from '../../execution/index.ts';
import { CcxtFeed, LiveMarket } from '../../market/index.ts';
import { every } from '../loop/every.ts';
import { endOf, type Market, type MarketOptions, warmUpOf } from './market.ts';
import { openingFault } from './opening-fault.ts';
import { StoredFeed } from './stored-feed.ts';
import { bindAccount, requireSameAccount } from './venue-binding.ts';
import { BARRIER_MS, connectionOf, openingOf, venueClock } from './venue-line.ts';

/** How often what has arrived by then takes from the book, and what is due ends. */
const SETTLE_MS = 50;

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
  const dialect = publicAccess(exchange.id, parseSymbol(symbols[0] ?? '')?.kind);
  const line = await openCcxt({
    ...{ ...connectionOf(settings), dialect, clock: options.wallClock, timers, log },
  });
  let offsetMs = 0;
  const clock = venueClock(options.wallClock, () => offsetMs);
  const feed = keep(
    new StoredFeed(new CcxtFeed({ ccxt: line, timeframe, clock, timers, log }), history, timeframe),
  );
  const opening = openingOf(options);
  await feed.open(opening);
  offsetMs = await offsetOf(line, options);
  const terms = termsOf(line, symbols);
  const fees = feesOf(terms, settings);
  const venue = keep(
    new SimulatedExchange({
      id: `${exchange.id} on paper`,
      instruments: new Map([...terms].map(([symbol, { instrument }]) => [symbol, instrument])),
      settings: { ...simulation, ...fees },
      capital: quoteAmount(settings.capital),
      clock,
      store: options.venueStore,
    }),
  );
  await venue.open(opening);
  bindAccount(options.state, settings);
  showMarket(options, { line, venue, terms, clock });
  onProgress?.(
    `${line.api.name}: orders stay on paper, reach its book after ${simulation.latencyMs} ms, ` +
      `and pay ${fees.makerFeeBps} (maker) or ${fees.takerFeeBps} (taker) basis points`,
  );
  const warmUp = warmUpOf(feed, symbols);
  return {
    feed,
    warmUp,
    venue,
    clock,
    drive: null,
    speed: 1,
    waitForSlowVoters: false,
    barrierMs: BARRIER_MS,
    keyRights: null,
    readings: () => readingsOf(line),
    instruments: new Map([...terms].map(([symbol, { instrument }]) => [symbol, instrument])),
    startTime: endOf(warmUp, TIMEFRAME_MS[timeframe], symbols),
  };
}

interface PaperLine {
  readonly line: HardenedCcxt;
  readonly venue: SimulatedExchange;
  readonly terms: ReadonlyMap<string, PublicTerms>;
  readonly clock: Market['clock'];
}

/** Lets what happens at the real venue happen to the orders on paper, until the program ends. */
function showMarket({ timers, log, keep }: MarketOptions, { line, venue, terms, clock }: PaperLine): void {
  const stop = new AbortController();
  const live = new LiveMarket({
    line,
    contractSizes: new Map([...terms].map(([symbol, { instrument }]) => [symbol, coinsPerUnit(instrument)])),
    clock,
    timers,
    log,
    onBook: (symbol, book) => venue.showBook(symbol, book),
    onTrade: (symbol, trade) => venue.showTrade(symbol, trade),
  });
  keep({
    close() {
      stop.abort();
      return live.close();
    },
  });
  live.start();
  const onFailure = (error: unknown): void =>
    log.error({ err: error }, 'an order on paper could not be filled');
  void every(timers, { everyMs: SETTLE_MS, run: () => venue.settle(), onFailure }, stop.signal);
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

/** ccxt counts books and trades of derivatives in contracts. */
function coinsPerUnit({ contractSize }: Instrument): number {
  return float(contractSize);
}

async function offsetOf({ api, calls }: HardenedCcxt, { wallClock }: MarketOptions): Promise<number> {
  const before = wallClock.now();
  const told = Number(await calls.make(() => api.fetchTime()).catch(() => Number.NaN));
  // Half the way there and back is taken for the way back.
  return Number.isFinite(told) ? Math.round(told - (before + wallClock.now()) / 2) : 0;
}
