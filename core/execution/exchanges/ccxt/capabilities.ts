import { type CcxtApi, loadCcxt } from './ccxt-api.ts';
import type { TradedKind } from './dialect.ts';
import { tradingOf } from './trading.ts';

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
  /** Whether it has a dead-man switch, for each kind of market that is traded; none is ever armed. */
  readonly hasDeadManSwitch: boolean;
  /** Whether this program sends orders to it. */
  readonly isTraded: boolean;
  /** Whether that was tried against a server that speaks as it does, for each kind of market that is traded. */
  readonly isProven: boolean;
  /** Why not, by kind of market that no order goes to. */
  readonly refusals: readonly string[];
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

function describe(api: CcxtApi): VenueCapabilities {
  const { id, name, has, requiredCredentials } = api;
  const can = (call: string): boolean => has[call] === true;
  const kinds = (['spot', 'perpetual'] as const).map((kind) => ({ kind, trading: tradingOf(api, kind) }));
  const dialects = kinds.flatMap(({ trading }) => trading?.dialect ?? []);
  return {
    id,
    name,
    markets: kinds.flatMap(({ kind, trading }) => (trading === undefined ? [] : [kind])),
    credentials: Object.keys(requiredCredentials).filter((key) => requiredCredentials[key] === true),
    hasTestNetwork: dialects.some(({ hasTestNetwork }) => hasTestNetwork),
    streams: { candles: can('watchOHLCV'), orders: can('watchOrders'), trades: can('watchMyTrades') },
    hasDeadManSwitch: dialects.some(({ deadManSwitch }) => deadManSwitch !== 'none'),
    isTraded: dialects.length > 0,
    isProven: dialects.length > 0 && dialects.every(({ isProven }) => isProven),
    refusals: kinds.flatMap(({ kind, trading }) =>
      trading?.refusal ? [`${wordOf(kind)}: ${trading.refusal}`] : [],
    ),
  };
}

const wordOf = (kind: TradedKind): string => (kind === 'spot' ? 'spot' : 'perpetuals');
