import type { AssetAmount, BaseAmount, QuoteAmount } from '../../../core/domain/index.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { Match } from '../matching/matching-engine.ts';
import type { OrderRecord } from './order-record.ts';

/** What a fill did to an account's money. */
export interface FillMoney {
  readonly fee: AssetAmount;
  readonly feeAsset: string;
  readonly realizedPnl: QuoteAmount;
}

/** The money side of trading: coins on spot, margin and positions on futures. */
export interface Funds {
  /** Sets aside what the order needs. @throws Refusal when the account does not have it. */
  reserve(market: VenueMarket, order: OrderRecord): void;
  /** At most so much of it may be filled at once. */
  cap(market: VenueMarket, order: OrderRecord, left: BaseAmount): BaseAmount;
  fill(market: VenueMarket, order: OrderRecord, match: Match, isMaker: boolean): FillMoney;
  /** The side of a match that the population has. */
  fillOther(market: VenueMarket, match: Match, side: 'buy' | 'sell'): void;
  /** Gives back what is still set aside for an order that ended. */
  release(market: VenueMarket, order: OrderRecord): void;
  /** Which assets a fill or an order touched, for the stream. */
  touched(market: VenueMarket, order: OrderRecord): readonly string[];
}
