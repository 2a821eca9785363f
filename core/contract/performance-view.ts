import { z } from 'zod';

/** Ways of holding the same coins on the same days, which a strategy has to beat. */
export const BASELINES = {
  account: {
    title: 'This account',
    definition: 'The returns of the days linked together, without what was paid in or out.',
  },
  hold: {
    title: 'Hold',
    definition:
      'An equal share in each coin that is chosen, brought back to that every morning, at the costs of settings.simulation.',
  },
  holdAtEqualExposure: {
    title: 'Hold at equal exposure',
    definition: 'The same, with as much in coins as the account had on average, the rest in cash.',
  },
  volatilityManagedHold: {
    title: 'Volatility-managed hold',
    definition: 'The same, each share smaller where the coin’s volatility is above 40 % a year.',
  },
} as const;
export type BaselineName = keyof typeof BASELINES;
// The keys are the table's own.
export const BASELINE_NAMES = Object.keys(BASELINES) as readonly BaselineName[];

export const DaysQuerySchema = z.strictObject({
  from: z.number().int().optional(),
  to: z.number().int().optional(),
});

const BaselineFiguresSchema = z.object({
  returnPct: z.number(),
  /** Null below the minimum sample of days, as the Sharpe ratio is. */
  returnPctPerYear: z.number().nullable(),
  sharpe: z.number().nullable(),
  /** Between the ends of days. */
  maxDrawdownPct: z.number(),
});
export type BaselineFigures = z.infer<typeof BaselineFiguresSchema>;

/** The account beside its baselines over finished UTC days; a level is what 1 has become. */
export const PerformanceDaysSchema = z.object({
  symbols: z.array(z.string()),
  /** Days below which ratios are not given. */
  minSample: z.number().int(),
  days: z.array(
    z.object({
      /** As 2024-01-31. */
      day: z.string(),
      account: z.number(),
      /** Null where no prices of the day are stored, or where it is not known how much was at stake. */
      hold: z.number().nullable(),
      holdAtEqualExposure: z.number().nullable(),
      volatilityManagedHold: z.number().nullable(),
    }),
  ),
  figures: z.record(
    z.enum(Object.keys(BASELINES) as [BaselineName, ...BaselineName[]]),
    BaselineFiguresSchema.nullable(),
  ),
  /** Share of the equity in open positions, in percent, averaged over the days on which it was noted; null: on none. */
  averageInvestedPct: z.number().nullable(),
});
export type PerformanceDays = z.infer<typeof PerformanceDaysSchema>;
