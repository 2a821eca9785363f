import {
  baseAmount,
  type Instrument,
  price,
  quoteAmount,
  simulatedInstrument,
} from '../../../core/domain/index.ts';

/** What each market of the nasty venue was last worth before a run begins. */
const FIRST_PRICES: Readonly<Record<string, number>> = {
  'BTC/USDT': 60_000,
  'BTC/USDT:USDT': 60_000,
  'ETH/USDT': 2_500,
  'SOL/USDT:USDT': 150,
};

/** The asset in which some venues take fees, and what it is worth. */
export const THIRD_ASSET = 'BNB';
export const THIRD_ASSET_PRICE = price('600.12');

export function firstPriceOf(symbol: string): number {
  const first = FIRST_PRICES[symbol];
  if (first === undefined) throw new RangeError(`the nasty venue does not list ${symbol}`);
  return first;
}

/** Coarser than a simulated market, so that remainders too small to trade come up. */
export function marketOf(symbol: string): Instrument {
  const instrument = simulatedInstrument(symbol, firstPriceOf(symbol));
  const lot = baseAmount(instrument.lotSize.times(10).toFixed());
  return { ...instrument, lotSize: lot, minAmount: lot, minNotional: quoteAmount(25) };
}
