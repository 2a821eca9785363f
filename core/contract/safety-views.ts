import { z } from 'zod';
import { GuardianViewSchema } from './guardian-view.ts';

/** How far the account is from each limit. Money and shares are floats here: for looking at, not for reckoning. */

const utcMs = z.number().int();

const GaugeSchema = z.object({
  name: z.string(),
  unit: z.enum(['share', 'count', 'ratio']),
  /** Null where it is not known yet. */
  value: z.number().nullable(),
  limit: z.number(),
  /** `most`: too much when it reaches the limit; `least`: too little when it is under it. */
  kind: z.enum(['most', 'least']),
  /** Observations there are, and how many a verdict takes; null where one is enough. */
  sample: z.object({ have: z.number().int(), needed: z.number().int() }).nullable(),
});
export type Gauge = z.infer<typeof GaugeSchema>;

export const SafetyViewSchema = z.object({
  /** What the circuit breaker watches. */
  breaker: z.array(GaugeSchema),
  /** Its halts in force; `until` is null where only the trader ends it. */
  halts: z.array(z.object({ code: z.string(), message: z.string(), until: utcMs.nullable() })),
  /** What positions use of the limits of entries; orders on their way are counted when an entry is asked about. */
  limits: z.array(GaugeSchema),
  /** Symbols that the trader has locked. */
  locks: z.array(z.object({ symbol: z.string(), until: utcMs, reason: z.string() })),
  /** Null where there is none: nothing real is traded. */
  guardian: GuardianViewSchema.nullable(),
});
export type SafetyView = z.infer<typeof SafetyViewSchema>;
