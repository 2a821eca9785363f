import type { VenueClock } from '../clock/venue-clock.ts';
import { seededHistory } from './history.ts';
import { type Mood, Population, USUAL } from './population.ts';
import { randomFor } from './seeds.ts';
import { venueSymbol } from './symbols.ts';
import { VenueMarket } from './venue-market.ts';

export interface MarketTerms {
  readonly seed: number;
  readonly clock: VenueClock;
  readonly kind: 'spot' | 'perpetual';
  readonly names: readonly string[];
  readonly mood: Partial<Mood>;
  /** One-minute bars from before the opening. */
  readonly historyBars: number;
}

export interface OpenMarkets {
  /** By the venue's id. */
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly populations: ReadonlyMap<string, Population>;
}

/** Steps that the population trades before anybody sees the book, so that there is one. */
const BEFORE_OPENING = 20;
/** A fair share of what the population trades in a minute, in quote currency. */
const TURNOVER_PER_MINUTE = 100_000;

export function openMarkets(terms: MarketTerms): OpenMarkets {
  const { seed, clock, kind } = terms;
  const mood = { ...USUAL, ...terms.mood };
  const markets = new Map<string, VenueMarket>();
  const populations = new Map<string, Population>();
  for (const name of terms.names) {
    const symbol = venueSymbol(name, kind);
    const lot = symbol.lot.toNumber();
    const history = seededHistory(randomFor(seed, `history ${name}`), {
      bars: Math.max(1, terms.historyBars),
      openingTicks: Math.round(symbol.opening / symbol.tick.toNumber()),
      lotsPerMinute: TURNOVER_PER_MINUTE / symbol.opening / lot,
      volatility: mood.volatility,
      opensAt: clock.now(),
    });
    const market = new VenueMarket(symbol, clock, history);
    markets.set(symbol.id, market);
    populations.set(symbol.id, new Population(market, randomFor(seed, `population ${name}`), mood));
  }
  return { markets, populations };
}

/** Lets the populations trade from here on. Accounts are to be attached before: somebody must settle. */
export function letTrade({ populations }: OpenMarkets, clock: VenueClock): void {
  for (const population of populations.values()) {
    for (let step = 0; step < BEFORE_OPENING; step += 1) population.step();
    clock.every(population.mood.stepMs, () => population.step());
  }
}
