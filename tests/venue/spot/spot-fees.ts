import { Decimal as DecimalJs } from 'decimal.js';
import { type AssetAmount, asAsset, type BaseAmount, type QuoteAmount } from '../../../core/domain/index.ts';
import type { VenueAccount } from '../accounts/venue-account.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { Side } from '../matching/order-book.ts';

const BPS = 10_000;
const DISCOUNT = 0.75;
const DECIMALS = 8;

export interface Fee {
  readonly asset: string;
  readonly amount: AssetAmount;
}

/** What the venue keeps of a fill: of what is received, or of the third asset while the account has enough of it. */
export function spotFee(
  account: VenueAccount,
  market: VenueMarket,
  fill: {
    readonly side: Side;
    readonly amount: BaseAmount;
    readonly quote: QuoteAmount;
    readonly isMaker: boolean;
  },
  thirdAssetPrice: (asset: string, quote: string) => DecimalJs | undefined,
): Fee {
  const { terms, holdings } = account;
  const rate = (fill.isMaker ? terms.makerBps : terms.takerBps) / BPS;
  const { base, quote } = market.symbol;
  if (terms.feeAsset !== null) {
    const price = thirdAssetPrice(terms.feeAsset, quote);
    if (price !== undefined) {
      const amount = roundedDown(fill.quote.times(rate).times(DISCOUNT).div(price));
      if (holdings.of(terms.feeAsset).free.gte(amount)) return { asset: terms.feeAsset, amount };
    }
  }
  return fill.side === 'buy'
    ? { asset: base, amount: roundedDown(asAsset(fill.amount).times(rate)) }
    : { asset: quote, amount: roundedDown(asAsset(fill.quote).times(rate)) };
}

// Decimal.js forgets the unit of what it rounds; the callers name the asset beside it.
const roundedDown = (amount: DecimalJs): AssetAmount =>
  amount.toDecimalPlaces(DECIMALS, DecimalJs.ROUND_DOWN) as AssetAmount;
