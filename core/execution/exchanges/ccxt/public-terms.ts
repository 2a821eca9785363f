import { z } from 'zod';
import type { Instrument } from '../../../domain/index.ts';
import type { CcxtApi } from './ccxt-api.ts';
import { readMarket } from './markets.ts';

/** What a venue says of a market to everybody. */
export interface PublicTerms {
  readonly instrument: Instrument;
  /** For whom nothing else was agreed on; null where ccxt does not say. */
  readonly makerFeeBps: number | null;
  readonly takerFeeBps: number | null;
}

const Share = z
  .union([z.string().min(1), z.number()])
  .transform((share) => Number(share) * 10_000)
  .pipe(z.number().finite())
  .nullable()
  .catch(null);
const Fees = z.object({ maker: Share, taker: Share });

/** Undefined where the venue lists no such market, or one that an account here cannot hold. Its markets are loaded. */
export function publicTerms({ markets, precisionMode }: CcxtApi, symbol: string): PublicTerms | undefined {
  const market = markets?.[symbol];
  const instrument = market === undefined ? undefined : readMarket(symbol, market, precisionMode);
  if (instrument === undefined) return undefined;
  const { maker, taker } = Fees.parse(market);
  return { instrument, makerFeeBps: maker, takerFeeBps: taker };
}
