import {
  absolute,
  add,
  type BaseAmount,
  floorTo,
  type Instrument,
  notional,
  price,
  subtract,
  ZERO_BASE,
} from '../../../core/domain/index.ts';
import type { NastyVenue } from '../nasty-venue.ts';

/** Whether the venue would take an order that closes so much. Less is dust, which nobody can protect or close. */
export function isTradable(venue: NastyVenue, symbol: string, units: BaseAmount): boolean {
  return isWorthIt(venue, symbol, units, venue.priceOf(symbol));
}

/**
 * Whether the venue would take a stop that closes so much. Coins that are worth enough now may be worth too little
 * where they are to be sold.
 */
export function isProtectable(venue: NastyVenue, symbol: string, units: BaseAmount): boolean {
  const stop = venue.sent.findLast(({ intent }) => intent.symbol === symbol && intent.type === 'stop');
  const now = venue.priceOf(symbol);
  return isWorthIt(venue, symbol, units, Math.min(now, stop?.intent.stopPrice?.toNumber() ?? now));
}

function isWorthIt(venue: NastyVenue, symbol: string, units: BaseAmount, at: number): boolean {
  const { lotSize, minAmount, minNotional, kind } = listed(venue, symbol);
  const amount = floorTo(absolute(units), lotSize);
  if (amount.lt(minAmount) || amount.isZero()) return false;
  return kind === 'perpetual' || notional(price(at), amount).gte(minNotional);
}

/** How much of it the venue would take: whole lots. */
export function inLots(venue: NastyVenue, symbol: string, units: BaseAmount): BaseAmount {
  return floorTo(absolute(units), listed(venue, symbol).lotSize);
}

/** What is truly open of a symbol, signed: our coins of a spot market, the account's position of a perpetual. */
export function trueUnits(venue: NastyVenue, symbol: string): BaseAmount {
  return listed(venue, symbol).kind === 'spot' ? venue.account.ours(symbol) : venue.account.position(symbol);
}

/** What the venue's own orders of ours would close of a position: resting stops, and closes at work. */
export function coverOf({ matcher }: NastyVenue, symbol: string, units: BaseAmount): BaseAmount {
  const side = units.isPositive() ? 'sell' : 'buy';
  return matcher.working
    .filter(({ origin, terms }) => origin.hand === 'ours' && terms.symbol === symbol && terms.side === side)
    .filter(({ origin }) => origin.purpose !== 'entry')
    .reduce((sum, { remaining }) => add(sum, remaining), ZERO_BASE);
}

/** What our own orders bought less what they sold, whatever others did to the same position. */
export function netOfOurs({ matcher }: NastyVenue, symbol: string): BaseAmount {
  return matcher.fills
    .filter(({ fill, hand }) => hand === 'ours' && fill.symbol === symbol)
    .reduce((sum, { fill }) => (fill.side === 'buy' ? add : subtract)(sum, fill.amount), ZERO_BASE);
}

function listed({ markets }: NastyVenue, symbol: string): Instrument {
  const market = markets.get(symbol);
  if (market === undefined) throw new RangeError(`${symbol} is not listed`);
  return market;
}
