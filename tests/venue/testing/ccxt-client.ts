import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type ccxt from 'ccxt';
import type { Exchange } from 'ccxt';
import type { Venue } from '../venue.ts';

type Binance = typeof ccxt.pro.binance;
type BinanceUsdm = typeof ccxt.pro.binanceusdm;

export type Settings = Readonly<Record<string, unknown>>;

/** One class from its own file: the whole of ccxt takes four times as long to load. */
async function classOf<T>(file: string): Promise<T> {
  const entry = createRequire(import.meta.url).resolve('ccxt');
  const root = join(dirname(entry), '..');
  // A module's shape is known from the package's own types, which name the same class.
  const module = (await import(pathToFileURL(join(root, 'js/src/pro', file)).href)) as {
    readonly default: T;
  };
  return module.default;
}

/** Every address of a class replaced, whatever its depth; the paths stay. */
function replaced(urls: unknown, venue: Pick<Venue, 'restUrl' | 'wsUrl'>): unknown {
  if (typeof urls === 'string')
    return urls.replace(/^https?:\/\/[^/]+/, venue.restUrl).replace(/^wss?:\/\/[^/]+/, venue.wsUrl);
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [name, replaced(value, venue)]));
}

async function prepared<T extends Exchange>(exchange: T, venue: Venue): Promise<T> {
  // ccxt's own type of urls is a loose record; only strings in it are changed.
  exchange.urls['api'] = replaced(exchange.urls['api'], venue) as (typeof exchange.urls)['api'];
  // The class's clock is the venue's, as a test of minutes in seconds needs.
  exchange.milliseconds = () => venue.now();
  // Sockets without TLS need it once (a trap of ccxt).
  await exchange.loadHttpProxyAgent();
  return exchange;
}

const keysOf = (venue: Venue): Settings => ({
  ...{ apiKey: venue.apiKey, secret: venue.secret, enableRateLimit: false },
});

/** ccxt's own class for spot, unmodified, talking to a venue on this machine. */
export async function spotClient(venue: Venue, settings: Settings = {}): Promise<InstanceType<Binance>> {
  const Class = await classOf<Binance>('binance.js');
  return prepared(new Class({ ...keysOf(venue), ...settings }), venue);
}

/** The same for USD-M futures. */
export async function futuresClient(
  venue: Venue,
  settings: Settings = {},
): Promise<InstanceType<BinanceUsdm>> {
  const Class = await classOf<BinanceUsdm>('binanceusdm.js');
  return prepared(new Class({ ...keysOf(venue), ...settings }), venue);
}
