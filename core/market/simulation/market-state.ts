import { z } from 'zod';

/** How a source of risk behaves at present. */
const SIMULATED_REGIMES = ['trend-up', 'trend-down', 'range', 'turbulent'] as const;
export type SimulatedRegime = (typeof SIMULATED_REGIMES)[number];

const WordSchema = z.int().min(0).max(0xffff_ffff);
const RandomStateSchema = z.tuple([WordSchema, WordSchema, WordSchema, WordSchema]).readonly();

const ReturnProcessStateSchema = z.strictObject({
  random: RandomStateSchema,
  regime: z.enum(SIMULATED_REGIMES),
  /** Return since the regime began, in standard deviations of a bar. */
  sinceRegimeBegan: z.number(),
  /** GARCH variance of the next bar; 1 on average. */
  variance: z.number().positive(),
});
export type ReturnProcessState = Readonly<z.infer<typeof ReturnProcessStateSchema>>;

const CoinStateSchema = z.strictObject({
  price: z.number().positive(),
  own: ReturnProcessStateSchema,
  /** For volumes, wicks and books. */
  random: RandomStateSchema,
});
export type CoinState = Readonly<z.infer<typeof CoinStateSchema>>;

/** The whole market between two bars, as JSON. Nothing in it depends on the timeframe. */
export const SimulatedMarketStateSchema = z.strictObject({
  /** Opening time of the next bar. */
  time: z.int().min(0),
  common: ReturnProcessStateSchema,
  coins: z.record(z.string(), CoinStateSchema),
});
export type SimulatedMarketState = Readonly<z.infer<typeof SimulatedMarketStateSchema>>;
