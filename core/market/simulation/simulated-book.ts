import type { BookLevel, OrderBook, Random, UtcMs } from '../../domain/index.ts';
import type { CoinProfile } from './coin-profiles.ts';

/** Prices and amounts are whole numbers of ticks and lots; dividing by these gives the shortest decimals. */
export interface Grid {
  readonly ticksPerUnit: number;
  readonly lotsPerUnit: number;
}

const LEVELS = 25;
/** Random numbers in a book: its lean, the size of every level, and the gap before each but the best two. */
const DRAWS = 1 + 2 * LEVELS + 2 * (LEVELS - 1);
/** Mean distance between two levels of a calm book. */
const LEVEL_GAP_BPS = 2;
/** Mean size of the best level, in minutes of turnover. */
const LEVEL_MINUTES = 0.15;
/** How much larger each further level is. */
const GROWTH = 0.1;
const LARGEST_LEAN = 0.4;

/**
 * A book around a price: in turbulent times wider and thinner, leaning a little to one side.
 *
 * @param volatility relative to the average.
 * @returns 25 levels a side; bid <= price <= ask, never crossed, amounts above 0.
 */
export function simulatedBook(
  time: UtcMs,
  price: number,
  volatility: number,
  profile: CoinProfile,
  grid: Grid,
  random: Random,
): OrderBook {
  const stress = 0.5 + 0.5 * volatility;
  const priceTicks = price * grid.ticksPerUnit;
  const ticksOf = (bps: number): number => Math.max(1, Math.round(priceTicks * bps * 1e-4 * stress));
  const spread = ticksOf(profile.spreadBps);
  const bestBid = Math.round(priceTicks) - Math.floor(spread / 2);
  const levelAmount = ((profile.hourlyTurnover / 60) * LEVEL_MINUTES) / price / stress;
  const lean = (2 * random.next() - 1) * LARGEST_LEAN;
  const side = (best: number, direction: 1 | -1): BookLevel[] => {
    const size = levelAmount * (1 - direction * lean);
    let ticks = best;
    return Array.from({ length: LEVELS }, (_, depth): BookLevel => {
      if (depth > 0) ticks += direction * ticksOf(LEVEL_GAP_BPS * (0.5 + random.next()));
      const lots = Math.round(size * (1 + GROWTH * depth) * (0.4 + 1.2 * random.next()) * grid.lotsPerUnit);
      return [ticks / grid.ticksPerUnit, Math.max(1, lots) / grid.lotsPerUnit];
    });
  };
  return { time, bids: side(bestBid, -1), asks: side(bestBid + spread, 1) };
}

/** Draws what a book would have drawn, so that the market goes on alike whether its books are built or not. */
export function skipBook(random: Random): void {
  for (let draw = 0; draw < DRAWS; draw += 1) random.next();
}
