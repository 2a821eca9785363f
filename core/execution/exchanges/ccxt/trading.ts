import { loadCcxt } from './ccxt-api.ts';
import type { Dialect, TradedKind } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import { genericDialect, lacksOf, type VenueClass } from './generic-dialect.ts';

/** How a kind of market is traded at a venue, or why it cannot be. */
export type Trading =
  | { readonly dialect: Dialect; readonly refusal: null }
  | { readonly dialect: null; readonly refusal: string };

/** Kinds of market that a venue has under another name of ccxt's. */
const ELSEWHERE: Readonly<Record<string, TradedKind>> = { binance: 'perpetual' };

const NUMBERS = 'takes order ids that are numbers alone';
const NO_IDS = 'keeps no order ids of ours as ccxt speaks to it: what an order became would be a guess';
const BY_COST = 'buys at the market by cost and not by amount, though ccxt does not say so';

const all = <T>(ids: readonly string[], of: T): Readonly<Record<string, T>> =>
  Object.fromEntries(ids.map((id) => [id, of]));

/** Where ccxt's word is wrong, or not all of it, by venue and kind of market: why no order goes there. */
const REFUSED: Readonly<Record<string, Partial<Record<TradedKind, string>>>> = {
  hyperliquid: {
    spot: 'takes order ids of a form of its own',
    perpetual: 'takes order ids of a form of its own',
  },
  // ccxt tells each of their orders without our id.
  ...all(
    ['bit2c', 'bitbank', 'bitbns', 'bitopro', 'bitvavo', 'deribit', 'hollaex', 'independentreserve', 'luno'],
    { spot: NO_IDS },
  ),
  digifinex: { spot: NO_IDS, perpetual: NO_IDS },
  // The amount of a purchase goes out as a sum of money, or not at all without one.
  ...all(['coinmate', 'coinsph', 'lbank', 'poloniex', 'toobit', 'xt'], { spot: BY_COST }),
  // Ids with letters are dropped or refused there, and others put in their place: orders would be taken for absent.
  bitfinex: { spot: NUMBERS },
  ndax: { spot: NUMBERS },
  lighter: { perpetual: NUMBERS },
  bybit: { perpetual: 'sets margin for the whole account, which is the trader’s own' },
  bybiteu: { perpetual: 'sets margin for the whole account, which is the trader’s own' },
  bybitid: { perpetual: 'sets margin for the whole account, which is the trader’s own' },
};

/** What is known of a venue, else what ccxt says of it. Undefined where it has no such markets. */
export function tradingOf(api: VenueClass, kind: TradedKind): Trading | undefined {
  const known = dialectOf(api.id, kind);
  if (known !== undefined) return { dialect: known, refusal: null };
  const dialect = genericDialect(api, kind);
  if (dialect === undefined || ELSEWHERE[api.id] === kind) return undefined;
  const refused = REFUSED[api.id]?.[kind];
  const lacks = refused === undefined ? lacksOf(api, kind) : [refused];
  if (lacks.length === 0) return { dialect, refusal: null };
  return { dialect: null, refusal: `${api.name} ${lacks.join(', ')}` };
}

/** The same for a venue by name. Undefined where ccxt does not know it, or it has no such markets. */
export async function tradingAt(id: string, kind: TradedKind): Promise<Trading | undefined> {
  const Venue = (await loadCcxt()).venue(id);
  return Venue === undefined ? undefined : tradingOf(new Venue({}), kind);
}
