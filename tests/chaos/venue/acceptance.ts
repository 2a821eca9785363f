import {
  absolute,
  add,
  asBase,
  asQuote,
  type BaseAmount,
  type Instrument,
  notional,
  type Price,
  scale,
  text,
  type VenueProfile,
  ZERO_BASE,
} from '../../../core/domain/index.ts';
import type { Traits } from '../scenario.ts';
import type { TrueAccount } from './true-account.ts';
import type { OrderTerms, TrueOrder } from './true-order.ts';

/** What a venue looks at before it takes an order. */
export interface AcceptanceView {
  readonly market: Instrument;
  readonly price: Price;
  readonly halted: boolean;
  /** Why stops are not taken now; null when they are. The text may be empty: some venues give no reason. */
  readonly stopRefusal: string | null;
  readonly working: readonly TrueOrder[];
  readonly known: readonly TrueOrder[];
  readonly account: TrueAccount;
  readonly profile: VenueProfile;
  readonly traits: Traits;
}

/** Margin of a perpetual: a position may be worth so many times the cash. */
const LEVERAGE = 5;
/** What a market buy is charged at most above the price. */
const MARKET_MARGIN = 1.002;

/** Why the venue does not take an order; null when it does. */
export function refusalOf(terms: OrderTerms, view: AcceptanceView): string | null {
  const { symbol, type } = terms;
  if (view.halted) return `${symbol} is in maintenance`;
  return (
    idRefusal(terms, view) ??
    filterRefusal(terms, view) ??
    (type === 'stop' ? stopRefusal(terms, view) : null) ??
    (terms.postOnly === true ? takingRefusal(terms, view) : null) ??
    balanceRefusal(terms, view)
  );
}

function idRefusal(
  { clientOrderId }: OrderTerms,
  { working, known, profile }: AcceptanceView,
): string | null {
  if (clientOrderId === null) return null;
  const { maxLength, uniqueAmong } = profile.clientOrderId;
  if (clientOrderId.length > maxLength) return `client order id ${clientOrderId} is longer than ${maxLength}`;
  const among = uniqueAmong === 'open-orders' ? working : known;
  const taken = among.some(({ terms }) => terms.clientOrderId === clientOrderId);
  return taken ? `client order id ${clientOrderId} is in use` : null;
}

function filterRefusal(terms: OrderTerms, { market, price }: AcceptanceView): string | null {
  const { amount, limitPrice, stopPrice, reduceOnly } = terms;
  if (!amount.mod(market.lotSize).isZero() || amount.lt(market.minAmount)) {
    return `${text(amount)} does not fit the lot of ${text(market.lotSize)}`;
  }
  const offTick = [limitPrice, stopPrice].find(
    (each) => each !== null && !each.mod(market.tickSize).isZero(),
  );
  if (offTick != null) return `${text(offTick)} is not on the tick of ${text(market.tickSize)}`;
  const value = notional(limitPrice ?? stopPrice ?? price, amount);
  const exempt = reduceOnly && market.kind === 'perpetual';
  return value.lt(market.minNotional) && !exempt ? `${text(value)} is below the minimum notional` : null;
}

function stopRefusal(terms: OrderTerms, view: AcceptanceView): string | null {
  const { symbol, side, stopPrice } = terms;
  if (!view.profile.nativeStops) return 'this venue has no stop orders';
  if (view.stopRefusal !== null) return view.stopRefusal;
  if (stopPrice === null) return 'a stop needs a stop price';
  const stops = view.working.filter((order) => order.isRestingStop && order.terms.symbol === symbol);
  if (stops.length >= view.profile.maxStops) return `${symbol} has ${stops.length} stops already`;
  const wouldTrigger = side === 'sell' ? view.price.lte(stopPrice) : view.price.gte(stopPrice);
  return wouldTrigger && view.traits.lateStop === 'refused' ? 'the stop would trigger immediately' : null;
}

/** At its own price an order already takes here: there is one price and no spread. */
function takingRefusal({ side, limitPrice }: OrderTerms, { price }: AcceptanceView): string | null {
  const takes = limitPrice !== null && (side === 'buy' ? price.lte(limitPrice) : price.gte(limitPrice));
  return takes ? 'a post-only order would immediately match and take' : null;
}

function balanceRefusal(terms: OrderTerms, view: AcceptanceView): string | null {
  const { symbol, side, amount, limitPrice, reduceOnly } = terms;
  const { market, account, working, price } = view;
  const { kind, base, quote } = market;
  if (kind === 'perpetual') {
    const position = account.position(symbol);
    if (reduceOnly)
      return closableOf(position, side).isZero() ? 'a reduce-only order has nothing to reduce' : null;
    const exposure = notional(price, add(absolute(position), amount));
    return exposure.gt(scale(asQuote(account.total(quote)), LEVERAGE)) ? 'insufficient margin' : null;
  }
  if (side === 'sell') return asBase(account.free(base, working)).lt(amount) ? `insufficient ${base}` : null;
  const cost = scale(notional(limitPrice ?? price, amount), MARKET_MARGIN);
  return asQuote(account.free(quote, working)).lt(cost) ? `insufficient ${quote}` : null;
}

/** How much of a position an order of this side would close. */
export function closableOf(position: BaseAmount, side: 'buy' | 'sell'): BaseAmount {
  const opposite = side === 'sell' ? position.gt(0) : position.lt(0);
  return opposite ? absolute(position) : ZERO_BASE;
}
