import { z } from 'zod';
import { StrategySchema } from './vocabulary.ts';

/** How far the trader has taken a strategy, lowest first. */
export const RUNGS = ['backtest', 'paper', 'small-live', 'live'] as const;
export const RungSchema = z.enum(RUNGS);
export type Rung = z.infer<typeof RungSchema>;

export const RUNG_WORDS: Readonly<Record<Rung, string>> = {
  backtest: 'backtests',
  paper: 'paper trading',
  'small-live': 'a little real money',
  live: 'real money',
};

/** What a rung asks before the next one, and how far that is. */
export const LadderStepSchema = z.object({
  rung: RungSchema,
  asks: z.string(),
  has: z.string(),
  met: z.boolean(),
});
export type LadderStep = z.infer<typeof LadderStepSchema>;

/** Where a strategy stands, what each rung asks, and what is missing for the next. */
export const LadderViewSchema = z.object({
  strategy: StrategySchema,
  /** Of the trader's own strategy: of its file. What was shown by another version counts nothing. */
  version: z.string().nullable(),
  rung: RungSchema,
  /** Since when; null: nobody has taken it up yet. */
  since: z.number().nullable(),
  steps: z.array(LadderStepSchema),
  /** Null where it has come to the top. */
  next: RungSchema.nullable(),
  /** What stands against the next rung, a line each. */
  missing: z.array(z.string()),
});
export type LadderView = z.infer<typeof LadderViewSchema>;

/** What stands against the next rung, or how it is climbed, a line each; none at the top. */
export function nextRungLines({
  strategy,
  next,
  missing,
}: Pick<LadderView, 'strategy' | 'next' | 'missing'>): readonly string[] {
  if (next === null) return [];
  if (missing.length === 0)
    return [`nothing is missing for ${RUNG_WORDS[next]}: tradebot ladder climb ${strategy}`];
  return missing.map((each) => `missing for ${RUNG_WORDS[next]}: ${each}`);
}

/** What the ladder keeps the trader from, and what it only advises. */
export const LADDER_NOTE =
  'Nothing climbs by itself. Real money asks for the audit; the other steps are advice, said again when you arm.';
