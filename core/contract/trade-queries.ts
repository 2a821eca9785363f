import { z } from 'zod';
import { ExcursionViewSchema } from './excursions.ts';
import { SymbolSchema } from './symbol.ts';
import { TagSchema } from './trade-notes.ts';
import { DecimalTextSchema, RegimeSchema, SideSchema } from './vocabulary.ts';

/** What finished round trips are added up by. Hour and weekday are those of the opening, in UTC; the rest of the end. */
export const TRADE_DIMENSIONS = [
  'all',
  'symbol',
  'side',
  'regime',
  'hour',
  'weekday',
  'exit',
  'strategy',
  'voter',
  'day',
  'month',
] as const;
export const TradeDimensionSchema = z.enum(TRADE_DIMENSIONS);
export type TradeDimension = z.infer<typeof TradeDimensionSchema>;

/** Trades of this program's ledger, those that were imported, or both. */
export const TRADE_SOURCES = ['own', 'imported', 'all'] as const;
export const TradeSourceSchema = z.enum(TRADE_SOURCES);
export type TradeSource = z.infer<typeof TradeSourceSchema>;

const period = { from: z.number().int().optional(), to: z.number().int().optional() };

export const TradeTotalsQuerySchema = z.strictObject({
  by: TradeDimensionSchema.default('all'),
  /** Absent: its own. */
  source: TradeSourceSchema.optional(),
  ...period,
});
export const TradePeriodSchema = z.strictObject(period).default({});

/** What the round trips of one key came to, exactly, in the account's currency. */
export const TradeTotalSchema = z.object({
  /**
   * Empty where a trade has none. Hours are 00 to 23, weekdays 0 (Monday) to 6, days 2024-01-31, months 2024-01. A voter's
   * has what it said after its name: for, against, held or abstained.
   */
  key: z.string(),
  trades: z.number().int(),
  wins: z.number().int(),
  /** After fees: of those that won, and of the others. */
  made: DecimalTextSchema,
  lost: DecimalTextSchema,
  netPnl: DecimalTextSchema,
  fees: DecimalTextSchema,
  /** Of all of them together: over the span it is how much of the time a symbol was held. */
  heldMs: z.number(),
});
export type TradeTotal = z.infer<typeof TradeTotalSchema>;

export const TradeTotalsSchema = z.object({
  quote: z.string(),
  /** From the first opening to the last end, within what was asked for. */
  spanMs: z.number(),
  totals: z.array(TradeTotalSchema),
});
export type TradeTotals = z.infer<typeof TradeTotalsSchema>;

export const TradeStreaksSchema = z.object({
  longestWin: z.number().int(),
  longestLoss: z.number().int(),
  /** Above 0 so many wins in a row till now, below 0 so many that did not win. */
  current: z.number().int(),
});
export type TradeStreaks = z.infer<typeof TradeStreaksSchema>;

/** How much of the equity was at stake on a UTC day: worth of all open positions, long and short alike. */
export const DailyExposureSchema = z.object({
  /** As 2024-01-31. */
  day: z.string(),
  points: z.number().int(),
  /** At its last point, exactly. */
  closingExposure: DecimalTextSchema,
  closingEquity: DecimalTextSchema,
  /** As shares of the equity, over the points that are kept of it. */
  meanShare: z.number(),
  highestShare: z.number(),
});
export type DailyExposure = z.infer<typeof DailyExposureSchema>;

export const TradeFilterSchema = z.strictObject({
  symbol: SymbolSchema.optional(),
  side: SideSchema.optional(),
  outcome: z.enum(['won', 'lost']).optional(),
  /** Empty: of none. */
  strategy: z.string().max(100).optional(),
  exit: z.string().max(40).optional(),
  /** Of the market when they were opened. Empty: of those that do not say. */
  regime: RegimeSchema.or(z.literal('')).optional(),
  tag: TagSchema.optional(),
  /** Absent: its own. */
  source: TradeSourceSchema.optional(),
  /** The decision that opened them. */
  decision: z.string().max(100).optional(),
  /** When they ended; the second left out. */
  ...period,
  /** The last one of the page before. */
  after: z
    .strictObject({ closedAt: z.number().int(), openedAt: z.number().int(), id: z.string().max(200) })
    .optional(),
  limit: z.number().int().min(1).max(2_000).default(200),
});
export type TradeFilter = z.output<typeof TradeFilterSchema>;

/** A finished round trip as the trade history has it. */
export const TradeRecordSchema = z.object({
  /** The execution that opened it. */
  id: z.string(),
  symbol: z.string(),
  side: SideSchema,
  orderType: z.string().nullable(),
  quantity: DecimalTextSchema,
  entryPrice: DecimalTextSchema,
  exitPrice: DecimalTextSchema,
  netPnl: DecimalTextSchema,
  fees: DecimalTextSchema,
  returnPct: z.number(),
  won: z.boolean(),
  openedAt: z.number().int(),
  closedAt: z.number().int(),
  exitReason: z.string(),
  strategy: z.string().nullable(),
  regime: z.string().nullable(),
  decisionId: z.string().nullable(),
  /** Null where it was not noted what prices it saw. */
  excursion: ExcursionViewSchema.nullable(),
  /** The file that it was imported from; empty: the program's own. */
  source: z.string(),
  /** What the trader wrote; empty: nothing. */
  note: z.string(),
  tags: z.array(z.string()),
});
export type TradeRecord = z.infer<typeof TradeRecordSchema>;
