import type { SimulationSettings } from '../../contract/index.ts';
import {
  type Instrument,
  ManualClock,
  type QuoteAmount,
  type SimulatedVenueStore,
  type UtcMs,
} from '../../domain/index.ts';
import { SimulatedExchange } from '../../execution/index.ts';
import type { Drive } from '../loop/trading-loop.ts';

export interface SimulatedVenueOptions {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly settings: SimulationSettings;
  readonly capital: QuoteAmount;
  /** Where the market's clock stands. */
  readonly startTime: UtcMs;
  /** Where the venue remembers over a restart; without it, it forgets. */
  readonly store?: SimulatedVenueStore;
}

/** A venue of our own, with the market's clock that its fills live by. */
export interface SimulatedVenue {
  readonly venue: SimulatedExchange;
  readonly clock: ManualClock;
  /** Lets a step happen: time passes, and the venue fills what the step touches. */
  readonly drive: Drive;
}

export function simulatedVenue({ startTime, ...options }: SimulatedVenueOptions): SimulatedVenue {
  const clock = new ManualClock(startTime);
  const venue = new SimulatedExchange({ ...options, clock });
  const drive: Drive = (symbol, piece, durationMs) => {
    clock.advanceTo(piece.openTime);
    venue.advance(symbol, piece, durationMs);
    clock.advanceTo(piece.openTime + durationMs);
  };
  return { venue, clock, drive };
}
