import { z } from 'zod';

/** By what the excursions of trades are told apart. */
export const EXCURSION_DIMENSIONS = ['all', 'strategy', 'regime', 'exit', 'symbol', 'side'] as const;
export const ExcursionDimensionSchema = z.enum(EXCURSION_DIMENSIONS);
export type ExcursionDimension = z.infer<typeof ExcursionDimensionSchema>;

export const ExcursionsQuerySchema = z.strictObject({
  by: ExcursionDimensionSchema.default('all'),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
});

/** What the words of the table mean: the tooltip, the command line and the documents say it. */
export const EXCURSION_WORDS = {
  adverse:
    'How far the price went against the trade at most, from its first fill, while it was open (largest adverse excursion).',
  favourable: 'The same in its favour (largest favourable excursion).',
  r: 'In R: 1 is from the first fill to the first stop. Trades without a stop count only in percent.',
  winnersAdverse:
    'Of 10 winners 9 went no further against the trader than the second figure: a stop beyond it ends few of them.',
  losersFavourable:
    'How far those that lost were ahead at most: a target nearer than that would have caught them.',
} as const;

/** A trade's largest excursions; the R are null where it had no stop. */
export const ExcursionViewSchema = z.object({
  adversePct: z.number(),
  favourablePct: z.number(),
  adverseR: z.number().nullable(),
  favourableR: z.number().nullable(),
});
export type ExcursionView = z.infer<typeof ExcursionViewSchema>;

const SpreadSchema = z.object({
  count: z.number().int(),
  /** Half, and nine of ten, are not above these; null of none. */
  median: z.number().nullable(),
  ninetieth: z.number().nullable(),
});
export type Spread = z.infer<typeof SpreadSchema>;

const UnitSchema = z.object({
  adverse: SpreadSchema,
  favourable: SpreadSchema,
  winnersAdverse: SpreadSchema,
  losersFavourable: SpreadSchema,
  /** Mean result after fees; null of none. */
  result: z.number().nullable(),
});

export const ExcursionRowSchema = z.object({
  /** Empty where a trade has none. */
  key: z.string(),
  trades: z.number().int(),
  wins: z.number().int(),
  pct: UnitSchema,
  /** Of those that had a stop. */
  r: UnitSchema,
});
export type ExcursionRow = z.infer<typeof ExcursionRowSchema>;

/** Where stops and targets belong: of the newest trades whose prices were noted. */
export const ExcursionTableSchema = z.object({
  trades: z.number().int(),
  rows: z.array(ExcursionRowSchema),
});
export type ExcursionTable = z.infer<typeof ExcursionTableSchema>;
