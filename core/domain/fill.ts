import type { OrderPurpose, Side } from '../contract/index.ts';
import type { ClientOrderId, TradeId } from './identity.ts';
import type { AssetAmount, BaseAmount, Price, QuoteAmount } from './money.ts';
import type { UtcMs } from './time.ts';

/** What the venue took for a fill, in whatever asset it took it; negative is a rebate. */
export interface Fee {
  readonly asset: string;
  readonly amount: AssetAmount;
  /** The fee's worth in quote currency at the time of the fill. */
  readonly quoteValue: QuoteAmount;
}

/** One execution, as the venue reported it. Positions and P&L are folds over fills and nothing else. */
export interface Fill {
  readonly tradeId: TradeId;
  readonly clientOrderId: ClientOrderId;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: OrderPurpose;
  readonly price: Price;
  readonly amount: BaseAmount;
  readonly fee: Fee;
  readonly liquidity: 'maker' | 'taker';
  readonly time: UtcMs;
}
