import type { VenueReadings } from '../../../domain/index.ts';
import type { HardenedCcxt } from './open-ccxt.ts';

/** How a venue has answered on a line lately. */
export function readingsOf({ times, budget }: Pick<HardenedCcxt, 'times' | 'budget'>): VenueReadings {
  const { lastAnswerAgeMs, latency } = times;
  return { lastAnswerAgeMs, latency, budgetUsed: 1 - Math.max(0, budget.left) };
}
