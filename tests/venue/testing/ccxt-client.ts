import ccxt, { type Exchange } from 'ccxt';
import type { Venue } from '../venue.ts';

/** Every address of a class replaced, whatever its depth; the paths stay. */
function replaced(urls: unknown, venue: Pick<Venue, 'restUrl' | 'wsUrl'>): unknown {
  if (typeof urls === 'string')
    return urls.replace(/^https?:\/\/[^/]+/, venue.restUrl).replace(/^wss?:\/\/[^/]+/, venue.wsUrl);
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [name, replaced(value, venue)]));
}

export type Settings = Readonly<Record<string, unknown>>;

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
export const spotClient = (
  venue: Venue,
  settings: Settings = {},
): Promise<InstanceType<typeof ccxt.pro.binance>> =>
  prepared(new ccxt.pro.binance({ ...keysOf(venue), ...settings }), venue);

/** The same for USD-M futures. */
export const futuresClient = (
  venue: Venue,
  settings: Settings = {},
): Promise<InstanceType<typeof ccxt.pro.binanceusdm>> =>
  prepared(new ccxt.pro.binanceusdm({ ...keysOf(venue), ...settings }), venue);
