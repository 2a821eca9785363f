import { z } from 'zod';
import { GuardianViewSchema } from './guardian-view.ts';
import { LIMIT_UNITS, LimitBoundsSchema, LimitNameSchema } from './limits.ts';

/** How far the account is from each limit. Money and shares are floats here: for looking at, not for reckoning. */

const utcMs = z.number().int();

const GaugeSchema = z.object({
  /** The setting of safety that is its limit. */
  setting: LimitNameSchema,
  name: z.string(),
  unit: z.enum(LIMIT_UNITS),
  /** Null where it is not known yet, or nothing is measured. */
  value: z.number().nullable(),
  /** Null: it is off. */
  limit: z.number().nullable(),
  /** `most`: too much when it reaches the limit; `least`: too little when it is under it; `set`: nothing is measured. */
  kind: z.enum(['most', 'least', 'set']),
  /** Between what the limit may be set. */
  bounds: LimitBoundsSchema,
  /** What the figure is of, such as the symbols of the largest group; null where its name says it. */
  detail: z.string().nullable(),
  /** Observations there are, and how many a verdict takes; null where one is enough. */
  sample: z.object({ have: z.number().int(), needed: z.number().int() }).nullable(),
});
export type Gauge = z.infer<typeof GaugeSchema>;

export const SafetyViewSchema = z.object({
  /** What the circuit breaker watches. */
  breaker: z.array(GaugeSchema),
  /** Its halts in force; `until` is null where only the trader ends it. */
  halts: z.array(z.object({ code: z.string(), message: z.string(), until: utcMs.nullable() })),
  /** What positions and entry orders use of the limits of entries. */
  limits: z.array(GaugeSchema),
  /** Symbols that the trader has locked. */
  locks: z.array(z.object({ symbol: z.string(), until: utcMs, reason: z.string() })),
  /** Null where there is none: nothing real is traded. */
  guardian: GuardianViewSchema.nullable(),
  /** Symbols that move together, of what is open. */
  groups: z.array(
    z.object({
      symbols: z.array(z.string()),
      /** Of equity; null where that is not known. */
      share: z.number().nullable(),
      /** False: too little is known of how they move, and they count as one group for that. */
      known: z.boolean(),
    }),
  ),
  /** How long ago the program has noted for other processes that it runs, and how often it does; null: it cannot. */
  heartbeat: z.object({ ageMs: z.number(), everyMs: z.number() }).nullable(),
  /** Whether real money is traded by the trader's hand; null where none is. */
  armed: z.boolean().nullable(),
});
export type SafetyView = z.infer<typeof SafetyViewSchema>;

/** The emergency procedure, tried on a simulated venue of its own. */
export const DrillViewSchema = z.object({
  /** As that venue has it: no order and no position. */
  flat: z.boolean(),
  /** What happened, and when since the command was given. */
  steps: z.array(z.object({ step: z.string(), atMs: z.number() })),
});
export type DrillView = z.infer<typeof DrillViewSchema>;
