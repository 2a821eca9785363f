import type { FillPurpose, Side } from '../contract/index.ts';
import type { EntryExpectation } from './entry-expectation.ts';
import type { ClientOrderId, TradeId, VenueOrderId } from './identity.ts';
import type { AssetAmount, BaseAmount, Price, QuoteAmount } from './money.ts';
import type { UtcMs } from './time.ts';

/** What the venue took for a fill, in whatever asset it took it; negative is a rebate. */
export interface Fee {
  readonly asset: string;
  readonly amount: AssetAmount;
  /** The fee's worth in quote currency at the time of the fill. */
  readonly quoteValue: QuoteAmount;
}

/**
 * By what an execution is known: where an account trades with itself, both of its sides carry the one id of the trade.
 * Venues number the trades of each symbol anew.
 */
export function executionKey({ symbol, tradeId, side }: Pick<Fill, 'symbol' | 'tradeId' | 'side'>): string {
  return [symbol, tradeId, side].join(' ');
}

/**
 * One execution, as the venue reported it and matched to what it was for. Positions and P&L are folds over fills and
 * nothing else.
 */
export interface Fill {
  readonly tradeId: TradeId;
  /** The order of ours that it belongs to; null for `external`: liquidations, trades by hand. */
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: VenueOrderId | null;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: FillPurpose;
  readonly price: Price;
  readonly amount: BaseAmount;
  /** Null while the venue has not told it: an account event of kind `fee` does later. */
  readonly fee: Fee | null;
  readonly liquidity: 'maker' | 'taker';
  readonly time: UtcMs;
  /** Of an entry of ours: what its order was expected to cost. */
  readonly expected?: EntryExpectation;
}
