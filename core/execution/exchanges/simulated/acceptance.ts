import {
  applyFilters,
  type BaseAmount,
  type Instrument,
  maximum,
  minimum,
  notional,
  type OrderIntent,
  type Price,
  type QuoteAmount,
  subtract,
  text,
  ZERO_BASE,
} from '../../../domain/index.ts';
import { SIMULATED_PROFILE } from './profile.ts';

const { clientOrderId: ID_RULE, maxStops: MAX_STOPS } = SIMULATED_PROFILE;

/** What the venue weighs when an order arrives. */
export interface AcceptanceView {
  readonly instrument: Instrument;
  /** The market's price, or the best guess at it; null when there has been none. */
  readonly mark: Price | null;
  /** How much of the position the order could close. */
  readonly closable: BaseAmount;
  /** Coins that no working sell order has a claim on. */
  freeCoins(): BaseAmount;
  /** Cash that no working order and no margin has a claim on. */
  freeCash(): QuoteAmount;
  /** Stops of this symbol that work already. */
  readonly workingStops: number;
  /** What one coin would cost at most, fee included, were the order to execute from this price. */
  worstCost(from: Price): Price;
}

/** Why the venue does not take an order, or undefined when it does. */
export function refusalOf(intent: OrderIntent, view: AcceptanceView): string | undefined {
  const { instrument, closable } = view;
  const { clientOrderId, amount, side, type, reduceOnly } = intent;
  if (instrument.status !== 'trading') return `${intent.symbol} is ${instrument.status} at the venue`;
  if (clientOrderId.length > ID_RULE.maxLength) {
    return `the client order id ${clientOrderId} is longer than ${ID_RULE.maxLength} characters`;
  }
  if (type === 'stop' && view.workingStops >= MAX_STOPS) {
    return `${intent.symbol} has ${MAX_STOPS} stops already, and no room for another`;
  }
  const reference = intent.limitPrice ?? intent.stopPrice ?? view.mark;
  if (reference === null) return `there has been no price of ${intent.symbol} yet`;

  const misfit = misfitOf(intent, instrument, view.mark ?? reference);
  if (misfit !== undefined) return misfit;
  if (reduceOnly && closable.isZero()) return 'a reduce-only order may not open a position';

  if (instrument.kind === 'spot' && side === 'sell') {
    const needed = reduceOnly ? minimum(amount, closable) : amount;
    const free = view.freeCoins();
    return needed.gt(free)
      ? `insufficient balance: ${text(needed)} ${instrument.base} needed, ${text(free)} free`
      : undefined;
  }
  const opening = reduceOnly ? ZERO_BASE : maximum(ZERO_BASE, subtract(amount, closable));
  const cost = notional(view.worstCost(reference), opening);
  const free = view.freeCash();
  return cost.gt(free)
    ? `insufficient balance: ${cost.toFixed(2)} ${instrument.settle} needed, ${free.toFixed(2)} free`
    : undefined;
}

function misfitOf(intent: OrderIntent, instrument: Instrument, mark: Price): string | undefined {
  const { side, type, reduceOnly, amount, limitPrice, stopPrice } = intent;
  const asked = {
    side,
    type,
    reduceOnly,
    amount,
    ...(limitPrice === null ? {} : { limitPrice }),
    ...(stopPrice === null ? {} : { stopPrice }),
  };
  const fitted = applyFilters(instrument, asked, mark);
  if (!fitted.ok) return fitted.message;
  if (!fitted.order.amount.eq(amount))
    return `${text(amount)} is not a whole number of lots of ${text(instrument.lotSize)}`;
  const isOnTick = (given: Price | null): boolean =>
    given === null || given.mod(instrument.tickSize).isZero();
  if (isOnTick(limitPrice) && isOnTick(stopPrice)) return undefined;
  return `the price is not on the tick of ${text(instrument.tickSize)}`;
}
