import { type CcxtApi, loadCcxt } from './ccxt-api.ts';
import { dialectOf } from './dialect.ts';

/** What a venue can do, as ccxt says, and whether orders to it have been tried here. */
export interface VenueCapabilities {
  readonly id: string;
  readonly name: string;
  readonly markets: readonly ('spot' | 'perpetual')[];
  /** The keys that it asks for, by ccxt's names. */
  readonly credentials: readonly string[];
  readonly hasTestNetwork: boolean;
  /** What comes by itself, and need not be asked for. */
  readonly streams: { readonly candles: boolean; readonly orders: boolean; readonly trades: boolean };
  /** Whether this program sends orders to it. */
  readonly isTraded: boolean;
}

/** Every venue that ccxt knows, by id. */
export async function venueIds(): Promise<readonly string[]> {
  return (await loadCcxt()).exchanges;
}

/** Undefined for a venue that ccxt does not know. */
export async function capabilitiesOf(id: string): Promise<VenueCapabilities | undefined> {
  const Venue = (await loadCcxt()).venue(id);
  return Venue === undefined ? undefined : describe(new Venue({}));
}

function describe({ id, name, has, requiredCredentials, urls }: CcxtApi): VenueCapabilities {
  const dialect = dialectOf(id);
  const can = (call: string): boolean => has[call] === true;
  return {
    id,
    name,
    markets: dialect === undefined ? kindsOf(can) : [dialect.markets],
    credentials: Object.keys(requiredCredentials).filter((key) => requiredCredentials[key] === true),
    hasTestNetwork: dialect?.hasTestNetwork ?? urls.test !== undefined,
    streams: { candles: can('watchOHLCV'), orders: can('watchOrders'), trades: can('watchMyTrades') },
    isTraded: dialect !== undefined,
  };
}

function kindsOf(can: (call: string) => boolean): VenueCapabilities['markets'] {
  return [...(can('spot') ? (['spot'] as const) : []), ...(can('swap') ? (['perpetual'] as const) : [])];
}
