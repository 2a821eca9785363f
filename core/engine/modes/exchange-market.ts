import type { Settings } from '../../contract/index.ts';
import { parseSymbol, TIMEFRAME_MS, TraderError } from '../../domain/index.ts';
import {
  CcxtExchange,
  DIALECTS,
  type Dialect,
  dialectOf,
  type HardenedCcxt,
  hearStrays,
  openCcxt,
  readingsOf,
} from '../../execution/index.ts';
import { CcxtFeed, patiently } from '../../market/index.ts';
import { accountQuote } from '../assembly/open-account.ts';
import { environmentName, exchangeSecret, type Secrets } from '../installation/secrets.ts';
import { listenToMarket } from './listen-to-market.ts';
import { endOf, type Market, type MarketOptions, warmUpOf } from './market.ts';
import { openingFault } from './opening-fault.ts';
import { StoredFeed } from './stored-feed.ts';
import { bindAccount, requireSameAccount } from './venue-binding.ts';
import { BARRIER_MS, connectionOf, openingOf, venueClock } from './venue-line.ts';

/** Of perpetuals, until the trader chooses. */
const LEVERAGE = 3;

/** The market of a mode that trades at a venue. @throws TraderError when it cannot be had. */
export async function openExchangeMarket(options: MarketOptions): Promise<Market> {
  try {
    return await openAtVenue(options);
  } catch (error) {
    throw openingFault(error, options.settings);
  }
}

async function openAtVenue(options: MarketOptions): Promise<Market> {
  const { settings, symbols, history, timers, log, keep } = options;
  const { exchange, timeframe } = settings;
  const dialect = requireDialect(exchange.id);
  requireMarkets(dialect, symbols);
  requireSameAccount(options.state, settings);
  keep({ close: await hearStrays(process, log) });
  const connection = { ...connectionOf(settings), dialect, clock: options.wallClock, timers, log };
  // Prices come by a line of their own: no order waits behind a question about candles.
  const open = await openCcxt(connection);
  const { venue, line } = await openOrderLine(options);
  keep(venue);
  const opening = openingOf(options);
  const { signal = new AbortController().signal, onProgress = () => undefined } = opening;
  await patiently({ timers, signal, onProgress }, () => venue.open(opening));
  bindAccount(options.state, settings);
  const clock = venueClock(options.wallClock, () => venue.clockOffsetMs() ?? 0);
  const feed = keep(
    new StoredFeed(new CcxtFeed({ ccxt: open, timeframe, clock, timers, log }), history, timeframe),
  );
  await feed.open(opening);
  const warmUp = warmUpOf(feed, symbols);
  const instruments = new Map(
    symbols.flatMap((symbol) => {
      const instrument = venue.instrument(symbol);
      return instrument === undefined ? [] : [[symbol, instrument] as const];
    }),
  );
  return {
    feed,
    warmUp,
    venue,
    clock,
    drive: null,
    speed: 1,
    waitForSlowVoters: false,
    barrierMs: BARRIER_MS,
    notes: [],
    keyRights: () => venue.keyRights(),
    readings: () => readingsOf(line),
    instruments,
    recentMarket: listenToMarket(options, { line: open, instruments, clock }),
    startTime: endOf(warmUp, TIMEFRAME_MS[timeframe], symbols),
  };
}

export type OrderLineOptions = Pick<MarketOptions, 'symbols' | 'secrets' | 'wallClock' | 'timers' | 'log'> & {
  readonly settings: Pick<Settings, 'mode' | 'exchange' | 'simulation'>;
};

/**
 * The line by which orders go to a venue, with the keys of the secret store: the program's, and that of whoever closes
 * from outside what a program that hangs has open. Nothing was asked of the venue yet.
 *
 * @throws TraderError where no order can go there, or a key is missing.
 */
export async function openOrderLine(
  options: OrderLineOptions,
): Promise<{ readonly venue: CcxtExchange; readonly line: HardenedCcxt }> {
  const { settings, symbols, secrets, wallClock: clock, timers, log } = options;
  const { exchange, simulation: costs } = settings;
  const dialect = requireDialect(exchange.id);
  const connection = { ...connectionOf(settings), dialect, clock, timers, log };
  // What a venue asks for, its class knows.
  const { api } = await openCcxt(connection);
  const credentials = requireCredentials(exchange.id, api.requiredCredentials, secrets);
  const line = await openCcxt({ ...connection, credentials });
  const quote = accountQuote(symbols);
  const venue = new CcxtExchange({
    ccxt: line,
    dialect,
    clock,
    timers,
    log,
    quote,
    leverage: LEVERAGE,
    costs,
  });
  return { venue, line };
}

function requireDialect(id: string): Dialect {
  const dialect = dialectOf(id);
  if (dialect !== undefined) return dialect;
  const known = DIALECTS.map((each) => each.id).join(', ');
  throw new TraderError(
    'bad-input',
    `exchange.id: orders to ${id} have not been tried: choose one of ${known}`,
  );
}

function requireMarkets({ id, markets }: Dialect, symbols: readonly string[]): void {
  for (const symbol of symbols) {
    const kind = parseSymbol(symbol)?.kind;
    if (kind === markets) continue;
    const other = DIALECTS.find((dialect) => dialect.markets === kind);
    const instead = other === undefined ? '' : `: for it set exchange.id to ${other.id}`;
    throw new TraderError('bad-input', `symbols: ${id} trades no ${symbol}${instead}`);
  }
}

function requireCredentials(
  exchange: string,
  required: Readonly<Record<string, boolean>>,
  secrets: Secrets,
): Readonly<Record<string, string>> {
  const names = Object.keys(required).filter((name) => required[name] === true);
  return Object.fromEntries(
    names.map((name) => {
      const secret = exchangeSecret(exchange, name);
      const value = secrets.read(secret);
      if (value !== undefined) return [name, value];
      throw new TraderError(
        'bad-input',
        `${secret} is missing: \`tradebot keys set ${secret}\`, or ${environmentName(secret)} in the environment`,
      );
    }),
  );
}
