import type { MarketTerms, OrderType } from '../contract/index.ts';
import {
  type BaseAmount,
  ceilTo,
  floorTo,
  notional,
  type Price,
  type QuoteAmount,
  readable,
  text,
} from './money.ts';

export { parseSymbol } from '../contract/index.ts';

/** What the venue says of a market: its currencies, its state, and the filters every order must pass. */
export interface Instrument extends MarketTerms {
  readonly kind: 'spot' | 'perpetual';
  /** `halted`: in maintenance, it will come back; `delisted`: it will not. The venue takes no order of either. */
  readonly status: 'trading' | 'halted' | 'delisted';
  readonly tickSize: Price;
  /** Amounts are whole multiples of it, in coins: of a contract the venue's step times `contractSize`. */
  readonly lotSize: BaseAmount;
  readonly minAmount: BaseAmount;
  readonly minNotional: QuoteAmount;
  /** Coins per contract; 1 where the venue counts in coins. */
  readonly contractSize: BaseAmount;
  /** A price may differ from the mark by at most this share, where the venue has such a rule. */
  readonly maxPriceDeviation?: number;
}

export interface FilteredOrder {
  readonly amount: BaseAmount;
  readonly limitPrice?: Price;
  readonly stopPrice?: Price;
}

export type FilterResult =
  | { readonly ok: true; readonly order: FilteredOrder }
  | { readonly ok: false; readonly code: FilterFault; readonly message: string };

export type FilterFault = 'below-min-amount' | 'below-min-notional' | 'price-deviation' | 'price-missing';

/**
 * Fits an order to the venue's filters, never in the trader's disfavour: the amount down to the lot, a buy
 * limit down and a sell limit up to the tick; a stop towards the earlier trigger (a sell stop up, a buy stop
 * down). Applied once, before risk approval; applying it again changes nothing.
 */
export function applyFilters(
  instrument: Instrument,
  order: FilteredOrder & {
    readonly side: 'buy' | 'sell';
    readonly type: OrderType;
    readonly reduceOnly: boolean;
  },
  markPrice: Price,
): FilterResult {
  const amount = floorTo(order.amount, instrument.lotSize);
  if (amount.lt(instrument.minAmount) || amount.lte(0)) {
    return fault(
      'below-min-amount',
      `${order.amount.toSignificantDigits(6).toFixed()} ${instrument.base} is below the venue's minimum of ${text(instrument.minAmount)}`,
    );
  }
  const limitPrice =
    order.limitPrice && (order.side === 'buy' ? floorTo : ceilTo)(order.limitPrice, instrument.tickSize);
  const stopPrice =
    order.stopPrice && (order.side === 'buy' ? floorTo : ceilTo)(order.stopPrice, instrument.tickSize);
  const needed = order.type === 'limit' ? limitPrice : order.type === 'stop' ? stopPrice : markPrice;
  if (needed === undefined || needed.lte(0)) {
    return fault('price-missing', `a ${order.type} order on ${instrument.symbol} needs a price above 0`);
  }
  const value = notional(needed, amount);
  // Venues let a position be closed below the minimum only with a reduce-only order on derivatives.
  const exempt = order.reduceOnly && instrument.kind === 'perpetual';
  if (value.lt(instrument.minNotional) && !exempt) {
    return fault(
      'below-min-notional',
      `an order worth ${readable(value)} ${instrument.quote} is below the venue's minimum of ${text(instrument.minNotional)}`,
    );
  }
  const deviation = needed.div(markPrice).minus(1).abs();
  if (instrument.maxPriceDeviation !== undefined && deviation.gt(instrument.maxPriceDeviation)) {
    return fault(
      'price-deviation',
      `${text(needed)} is more than ${instrument.maxPriceDeviation * 100} % away from the mark price ${text(markPrice)}`,
    );
  }
  return {
    ok: true,
    order: {
      amount,
      ...(limitPrice === undefined ? {} : { limitPrice }),
      ...(stopPrice === undefined ? {} : { stopPrice }),
    },
  };
}

function fault(code: FilterFault, message: string): FilterResult {
  return { ok: false, code, message };
}
