import { text } from '../../../core/domain/index.ts';
import type { EngineUnderTest } from '../engine-port.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import { coverOf, inLots, isProtectable, isTradable, netOfOurs, trueUnits } from './open-units.ts';

/** At rest nothing of ours works that belongs to no position, and no entry outlives its time. */
export function noOrphans(venue: NastyVenue): readonly string[] {
  const now = venue.time.now();
  return venue.matcher.working
    .filter(({ origin }) => origin.hand === 'ours')
    .flatMap(({ terms, origin }) => {
      const units = trueUnits(venue, terms.symbol);
      const reduces = !units.isZero() && units.isPositive() === (terms.side === 'sell');
      if (origin.purpose !== 'entry') {
        return reduces ? [] : [`order ${terms.clientOrderId} for ${origin.purpose} works without a position`];
      }
      const expired = terms.expiresAt !== null && terms.expiresAt < now;
      return expired ? [`entry ${terms.clientOrderId} works beyond its time`] : [];
    });
}

/** At rest every unit is under a stop of its size at the venue, or watched, or shows as unprotected. */
export function protectedAtRest(
  venue: NastyVenue,
  engine: Pick<EngineUnderTest, 'protectionOf' | 'alarmed'>,
): readonly string[] {
  return [...venue.markets.keys()].flatMap((symbol) => {
    const units = trueUnits(venue, symbol);
    if (!isProtectable(venue, symbol, units)) return [];
    const cover = coverOf(venue, symbol, units);
    const lots = inLots(venue, symbol, units);
    if (cover.eq(lots)) return [];
    const shown = engine.protectionOf(symbol);
    if (cover.gt(lots)) return [`stops of ${text(cover)} rest over ${text(units)} of ${symbol}`];
    if (shown === 'engine' || (shown === 'none' && engine.alarmed(symbol))) return [];
    return [`${text(units)} of ${symbol} are protected by ${text(cover)} at the venue; shown is ${shown}`];
  });
}

/** At rest nothing is in doubt, but for what a foreign order that works stands against. */
export function noTroubles(venue: NastyVenue, engine: Pick<EngineUnderTest, 'troubles'>): readonly string[] {
  const foreign = venue.matcher.working
    .filter(
      ({ origin, terms }) => origin.hand !== 'ours' && venue.markets.get(terms.symbol)?.kind === 'perpetual',
    )
    .map(({ terms }) => terms.symbol);
  return engine
    .troubles()
    .filter((trouble) => !foreign.some((symbol) => trouble.includes(symbol)))
    .map((trouble) => `still in doubt: ${trouble}`);
}

/** Symbols with something of ours that the engine has promised to close when the price gets to its stop. */
export function promised(
  venue: NastyVenue,
  engine: Pick<EngineUnderTest, 'protectionOf'>,
): readonly string[] {
  return [...venue.markets.keys()].filter(
    (symbol) =>
      isTradable(venue, symbol, trueUnits(venue, symbol)) &&
      !netOfOurs(venue, symbol).isZero() &&
      engine.protectionOf(symbol) !== 'none',
  );
}

/** After the price went far beyond every stop: what was promised to be closed is closed. */
export function closedByStops(venue: NastyVenue, symbols: readonly string[]): readonly string[] {
  return symbols
    .map((symbol) => ({ symbol, units: trueUnits(venue, symbol) }))
    .filter(({ symbol, units }) => isTradable(venue, symbol, units))
    .map(({ symbol, units }) => `${text(units)} of ${symbol} are still open far beyond their stop`);
}
