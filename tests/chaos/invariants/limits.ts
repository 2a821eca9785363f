import { absolute, minimum, text } from '../../../core/domain/index.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import { CAPITAL } from '../scenario.ts';
import { netOfOurs, trueUnits } from './open-units.ts';

/** Shares of the capital that a symbol and all of them may take: the settings' own. */
const SYMBOL_SHARE = 0.3;
const TOTAL_SHARE = 0.6;
/** Prices move, and deposits come, between a decision and its fill. Twice the limit is out of the question. */
const TOLERANCE = 1.4;
/** Calls that may be made, in flight or out of need, while the venue wants to be left alone. */
const CALLS_DURING_BAN = 30;

/** Nothing of ours grows beyond the limits, nobody else's coins are sold, and the venue's patience is respected. */
export function withinLimits(venue: NastyVenue): readonly string[] {
  const violations: string[] = [];
  let total = 0;
  for (const symbol of venue.markets.keys()) {
    // What a human closes by hand is open no more, whoever opened it.
    const units = minimum(absolute(netOfOurs(venue, symbol)), absolute(trueUnits(venue, symbol)));
    const worth = units.toNumber() * venue.priceOf(symbol);
    total += worth;
    if (worth > Number(CAPITAL) * SYMBOL_SHARE * TOLERANCE) {
      violations.push(`${text(units)} of ${symbol} are more than its limit`);
    }
    const coins = venue.account.ours(symbol);
    if (coins.lt(0)) violations.push(`${text(absolute(coins))} of ${symbol} were sold that are not ours`);
  }
  if (total > Number(CAPITAL) * TOTAL_SHARE * TOLERANCE)
    violations.push('all positions together are more than the limit');
  if (venue.line.mostCallsDuringBan > CALLS_DURING_BAN) {
    violations.push('the venue was called on and on though it had said how long to wait');
  }
  return violations;
}
