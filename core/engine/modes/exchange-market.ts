import type { Settings } from '../../contract/index.ts';
import { parseSymbol, TIMEFRAME_MS, TraderError } from '../../domain/index.ts';
import {
  CcxtExchange,
  DIALECTS,
  type Dialect,
  type HardenedCcxt,
  hearStrays,
  openCcxt,
  readingsOf,
  tradingAt,
} from '../../execution/index.ts';
import { CcxtFeed, patiently } from '../../market/index.ts';
import { accountQuote } from '../assembly/open-account.ts';
import { environmentName, exchangeSecret, type Secrets } from '../installation/secrets.ts';
import { listenToMarket } from './listen-to-market.ts';
import { venueLookBack } from './look-back.ts';
import { endOf, type Market, type MarketOptions, warmUpOf } from './market.ts';
import { openingFault } from './opening-fault.ts';
import { StoredFeed } from './stored-feed.ts';
import { bindAccount, requireSameAccount } from './venue-binding.ts';
import { BARRIER_MS, connectionOf, openingOf, venueClock } from './venue-line.ts';

/** Of perpetuals, until the trader chooses. */
const LEVERAGE = 3;
/** Of what a venue takes in a minute, the part of the line for prices; the rest is the orders'. */
const PRICES_SHARE = 0.25;

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
  const { timeframe } = settings;
  const dialect = await requireDialect(settings, symbols);
  requireMarkets(dialect, symbols);
  requireSameAccount(options.state, settings);
  keep({ close: await hearStrays(process, log) });
  const connection = { ...connectionOf(settings), dialect, clock: options.wallClock, timers, log };
  // Prices come by a line of their own: no order waits behind a question about candles.
  const open = await openCcxt({ ...connection, share: PRICES_SHARE });
  const { venue, line, keyNames } = await openOrderLine({ ...options, share: 1 - PRICES_SHARE });
  keep(venue);
  const opening = openingOf(options);
  const { signal = new AbortController().signal, onProgress = () => undefined } = opening;
  await patiently({ timers, signal, onProgress }, () => venue.open(opening)).catch((error: unknown) => {
    throw openingFault(error, settings, keyNames);
  });
  bindAccount(options.state, settings);
  const clock = venueClock(options.wallClock, () => venue.clockOffsetMs() ?? 0);
  const candles = new CcxtFeed({ ccxt: open, timeframe, clock, timers, log });
  const feed = keep(new StoredFeed(candles, history, timeframe));
  await feed.open(opening);
  const lookBack = await venueLookBack(options, candles);
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
    lookBack,
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
  /** Of what the venue takes in a minute, where other lines ask as well. Default: all. */
  readonly share?: number;
};

export interface OrderLine {
  readonly venue: CcxtExchange;
  readonly line: HardenedCcxt;
  /** What the venue asks for of a key, by ccxt's names. */
  readonly keyNames: readonly string[];
}

/**
 * The line by which orders go to a venue, with the keys of the secret store: the program's, and that of whoever closes
 * from outside what a program that hangs has open. Nothing was asked of the venue yet.
 *
 * @throws TraderError where no order can go there, or a key is missing.
 */
export async function openOrderLine(options: OrderLineOptions): Promise<OrderLine> {
  const { settings, symbols, secrets, share = 1, wallClock: clock, timers, log } = options;
  const { exchange, simulation: costs } = settings;
  const dialect = await requireDialect(settings, symbols);
  const connection = { ...connectionOf(settings), dialect, clock, timers, log };
  // What a venue asks for, its class knows.
  const { api } = await openCcxt(connection);
  const credentials = requireCredentials(exchange.id, api.requiredCredentials, secrets);
  const line = await openCcxt({ ...connection, credentials, share });
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
  return { venue, line, keyNames: Object.keys(credentials) };
}

async function requireDialect(
  { mode, exchange }: OrderLineOptions['settings'],
  symbols: readonly string[],
): Promise<Dialect> {
  const { id, unproven } = exchange;
  const kind = parseSymbol(symbols[0] ?? '')?.kind === 'perpetual' ? 'perpetual' : 'spot';
  // Of another kind of market than is asked for, to be refused by what it has.
  const trading =
    (await tradingAt(id, kind)) ?? (await tradingAt(id, kind === 'spot' ? 'perpetual' : 'spot'));
  if (trading === undefined)
    throw new TraderError(
      'bad-input',
      `exchange.id: ccxt knows no ${id} that can be traded: see \`tradebot venues\``,
    );
  const { dialect, refusal } = trading;
  if (dialect === null)
    throw new TraderError(
      'bad-input',
      `exchange.id: no order can go to ${id}: ${refusal}. It can be traded on paper`,
    );
  if (mode === 'live' && !dialect.isProven && !unproven) {
    const first =
      'try it in sandbox mode first, or with as little as you can lose, and set exchange.unproven to true';
    throw new TraderError(
      'bad-input',
      `exchange.unproven: orders to ${id} are as ccxt says and were never tried by this program: ${first}`,
    );
  }
  return dialect;
}

function requireMarkets({ id, markets }: Dialect, symbols: readonly string[]): void {
  for (const symbol of symbols) {
    const kind = parseSymbol(symbol)?.kind;
    if (kind === markets) continue;
    // Some venues have each kind of market under a name of its own.
    const other = DIALECTS.find((each) => each.markets === kind && sharesName(each.id, id));
    const instead =
      other === undefined
        ? `: here it is traded in ${WORDS[markets]}`
        : `: for it set exchange.id to ${other.id}`;
    throw new TraderError('bad-input', `symbols: ${id} trades no ${symbol}${instead}`);
  }
}

const WORDS = { spot: 'spot markets alone', perpetual: 'perpetuals alone' } as const;

const sharesName = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

/** What a venue asks for, from the secret store. @throws TraderError where one is missing. */
export function requireCredentials(
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
