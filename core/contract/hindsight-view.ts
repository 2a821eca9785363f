import { z } from 'zod';
import { SafetyLayerSchema, VoterSchema } from './vocabulary.ts';

/** A mean over entries, in percent of what each was worth, after the costs of a round trip. */
export const HindsightMeanSchema = z.object({
  /** Of how many entries of which it is known what they came to. */
  count: z.number().int(),
  /** Weeks that they were decided in: those of one week do not stand apart. */
  weeks: z.number().int(),
  meanPct: z.number().nullable(),
  /** 95 % of the mean; null while there are too few weeks. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** Of all of them together, in percent of the equity; null where nobody says how large they would have been. */
  sumPct: z.number().nullable(),
});
export type HindsightMean = z.infer<typeof HindsightMeanSchema>;

export const HindsightGateSchema = z.object({
  layer: SafetyLayerSchema,
  refused: HindsightMeanSchema,
  /** How many of them no other layer refused. */
  alone: z.number().int(),
});

export const HindsightVoterSchema = z.object({
  voter: VoterSchema,
  source: z.enum(['rules', 'llm', 'models']),
  supported: HindsightMeanSchema,
  opposed: HindsightMeanSchema,
  /** What its record has earned it, 0 to 1, and how that came about. */
  earned: z.number(),
  why: z.string(),
});

/** What came of the entries that a strategy wanted, and of those that somebody refused, shrank or opposed. */
export const HindsightViewSchema = z.object({
  strategy: z.string(),
  /** When the first was wanted; null before there is one. */
  since: z.number().nullable(),
  /** Of so many it is not known yet what they come to. */
  pending: z.number().int(),
  made: HindsightMeanSchema,
  /** What the voters took away of purchases: the part that was not bought. */
  takenAway: HindsightMeanSchema,
  gates: z.array(HindsightGateSchema),
  voters: z.array(HindsightVoterSchema),
});
export type HindsightView = z.infer<typeof HindsightViewSchema>;

/** What one entry that was wanted came to, or would have. */
export const EntryHindsightSchema = z.object({
  /** Null while its time has not passed. */
  resultPct: z.number().nullable(),
  due: z.number(),
  price: z.number(),
  stopPrice: z.number().nullable(),
  costPct: z.number(),
  left: z.number(),
  traded: z.boolean(),
  refusedBy: z.array(SafetyLayerSchema),
  stances: z.array(
    z.object({ voter: VoterSchema, source: z.enum(['rules', 'llm', 'models']), stance: z.number() }),
  ),
});
export type EntryHindsight = z.infer<typeof EntryHindsightSchema>;
