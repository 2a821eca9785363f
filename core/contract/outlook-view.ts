import { z } from 'zod';

const utcMs = z.number().int();

const HorizonSchema = z.object({
  hours: z.number().int(),
  /** Standard deviation of the log return. */
  sigma: z.number(),
  /** Standard deviation of how far the logarithm of the variance was off, in walk-forward. */
  spread: z.number(),
  /** Between these log returns 80 % and 95 % should lie. */
  low80: z.number(),
  high80: z.number(),
  low95: z.number(),
  high95: z.number(),
});
const odds = z.number().min(0).max(1);

/** What was foretold of a symbol's volatility before the bar of a decision. */
export const OutlookViewSchema = z.object({
  setId: z.string(),
  /** Close of the bar it was made at: the one before. */
  at: utcMs,
  day: HorizonSchema,
  week: HorizonSchema,
  /** Lowest fifth, or highest tenth, of its own past forecasts; null while fewer than 60 are known. */
  ahead: z.enum(['quiet', 'normal', 'storm']).nullable(),
  /** Share of its own past forecasts that were lower; null where there are none. */
  above: odds.nullable(),
  /** How many those are: one every eight hours, of two years at most. */
  past: z.number().int(),
  /** By how much the cost gate takes spread and slippage to have grown; null: it takes them as they are set. */
  roughness: z.number().nullable(),
  /** How likely the stop is touched within a day and a week; absent where no stop is known. */
  stop: z.object({ price: z.number(), day: odds, week: odds }).optional(),
  /** That an entry was into a storm. */
  warning: z.string().optional(),
});
export type OutlookView = z.infer<typeof OutlookViewSchema>;

/** How volatile the next day is foretold to be, in a word or two. */
export function aheadWords({ ahead, past }: Pick<OutlookView, 'ahead' | 'past'>): string {
  return ahead === null ? `${past} of 60 past forecasts known` : `${ahead} ahead`;
}
