import { absolute, text, type UtcMs } from '../../../core/domain/index.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import { isTradable, netOfOurs, trueUnits } from './open-units.ts';

/** After the latch nothing leaves but what reduces. */
export function onlyReduces({ sent }: NastyVenue, latchedAt: UtcMs | null): readonly string[] {
  if (latchedAt === null) return [];
  return sent
    .filter(({ intent, leftAt }) => leftAt > latchedAt && !(intent.reduceOnly && intent.purpose !== 'entry'))
    .map(({ intent }) => `order ${intent.clientOrderId} left after the latch and does not reduce`);
}

/** What closes is marked as reducing, latch or not. */
export function closesReduce({ sent }: NastyVenue): readonly string[] {
  return sent
    .filter(({ intent }) => intent.purpose !== 'entry' && !intent.reduceOnly)
    .map(({ intent }) => `order ${intent.clientOrderId} for ${intent.purpose} may open a position`);
}

/** Once everything has come to rest under the latch, nothing of ours is open and nothing works. */
export function staysFlat(venue: NastyVenue): readonly string[] {
  const { matcher, markets, scenario } = venue;
  const working = matcher.working
    .filter(({ origin }) => origin.hand === 'ours')
    .map(({ terms }) => `order ${terms.clientOrderId} works though the emergency stop is engaged`);
  const open = [...markets.keys()]
    .map((symbol) => ({ symbol, units: trueUnits(venue, symbol) }))
    .filter(({ symbol, units }) => isTradable(venue, symbol, units))
    // In a shared account what a human holds by hand is his.
    .filter(({ symbol }) => scenario.profile.account === 'ours' || !netOfOurs(venue, symbol).isZero())
    .map(
      ({ symbol, units }) =>
        `${text(absolute(units))} of ${symbol} are open though the emergency stop is engaged`,
    );
  return [...working, ...open];
}
