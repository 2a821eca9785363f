import { absolute, text } from '../../../core/domain/index.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import { CAPITAL } from '../scenario.ts';
import { trueUnits } from './open-units.ts';

/** Prices move, and deposits come, between a decision and its fill. Twice the limit is out of the question. */
const TOLERANCE = 1.4;
/** The settings' own limits: 30 % of the capital in a symbol, 60 % in all of them. */
const SYMBOL_LIMIT = 0.3 * Number(CAPITAL) * TOLERANCE;
const TOTAL_LIMIT = 0.6 * Number(CAPITAL) * TOLERANCE;
/** Calls that may be made, in flight or out of need, while the venue wants to be left alone. */
const CALLS_DURING_BAN = 30;

/** Nothing is entered beyond the limits, nobody else's coins are sold, and the venue's patience is respected. */
export function withinLimits(venue: NastyVenue): readonly string[] {
  const sold = [...venue.markets.keys()]
    .map((symbol) => ({ symbol, coins: venue.account.ours(symbol) }))
    .filter(({ coins }) => coins.lt(0))
    .map(({ symbol, coins }) => `${text(absolute(coins))} of ${symbol} were sold that are not ours`);
  const hammered = venue.line.mostCallsDuringBan > CALLS_DURING_BAN;
  return [
    ...tooMuch(venue),
    ...sold,
    ...(hammered ? ['the venue was called on and on though it had said how long to wait'] : []),
  ];
}

/** Whether the newest fill is an entry that made a position, or all of them, too large. */
function tooMuch(venue: NastyVenue): readonly string[] {
  const last = venue.matcher.fills.at(-1);
  if (last?.purpose !== 'entry') return [];
  const { symbol } = last.fill;
  const worthOf = (each: string): number => absolute(trueUnits(venue, each)).toNumber() * venue.priceOf(each);
  const total = [...venue.markets.keys()].map(worthOf).reduce((sum, worth) => sum + worth, 0);
  const units = `${text(absolute(trueUnits(venue, symbol)))} of ${symbol}`;
  return [
    ...(worthOf(symbol) > SYMBOL_LIMIT ? [`${units} are more than its limit`] : []),
    ...(total > TOTAL_LIMIT ? [`with ${units} all positions together are more than the limit`] : []),
  ];
}
