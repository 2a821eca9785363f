import type { FillPurpose } from '../../../core/contract/index.ts';
import {
  assetAmount,
  type BaseAmount,
  type Fee,
  type Instrument,
  notional,
  type Price,
  quoteAmount,
  rounded,
  scale,
  text,
  type VenueFill,
} from '../../../core/domain/index.ts';
import type { Traits } from '../scenario.ts';
import { THIRD_ASSET, THIRD_ASSET_PRICE } from './markets.ts';
import type { Hand, TrueOrder } from './true-order.ts';

/** One execution in the venue's own records. */
export interface TrueFill {
  /** Its place among all fills of the venue, from 1. */
  readonly sequence: number;
  /** With the fee as it is, whenever that is told. */
  readonly fill: VenueFill & { readonly fee: Fee };
  readonly feeToldLater: boolean;
  /** Null for what the venue did by itself. */
  readonly order: TrueOrder | null;
  readonly hand: Hand;
  /** What a ledger must call it. */
  readonly purpose: FillPurpose;
}

/** How the fill is told while its fee is not. */
export function toldFill({ fill, feeToldLater }: TrueFill): VenueFill {
  return feeToldLater ? { ...fill, fee: null } : fill;
}

export const TAKER_FEE_BPS = 10;
export const MAKER_FEE_BPS = 2;
const BPS = 10_000;
const FEE_DECIMALS = 8;

/** What the venue takes for an execution: in quote currency, in the coins that were bought, or in an asset of its own. */
export function feeOf(
  { feeIn }: Pick<Traits, 'feeIn'>,
  { kind, base, quote }: Instrument,
  executed: {
    readonly side: 'buy' | 'sell';
    readonly price: Price;
    readonly amount: BaseAmount;
    readonly liquidity: 'maker' | 'taker';
  },
): Fee {
  const { side, price, amount, liquidity } = executed;
  const rate = (liquidity === 'maker' ? MAKER_FEE_BPS : TAKER_FEE_BPS) / BPS;
  if (feeIn === 'coins' && kind === 'spot' && side === 'buy') {
    const coins = rounded(scale(amount, rate), FEE_DECIMALS);
    return { asset: base, amount: assetAmount(text(coins)), quoteValue: notional(price, coins) };
  }
  const value = rounded(scale(notional(price, amount), rate), FEE_DECIMALS);
  if (feeIn !== 'third') return { asset: quote, amount: assetAmount(text(value)), quoteValue: value };
  const units = rounded(assetAmount(value.div(THIRD_ASSET_PRICE).toFixed()), FEE_DECIMALS);
  return {
    asset: THIRD_ASSET,
    amount: units,
    quoteValue: quoteAmount(units.times(THIRD_ASSET_PRICE).toFixed()),
  };
}
