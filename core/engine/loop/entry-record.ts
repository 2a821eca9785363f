import { z } from 'zod';
import { DecimalTextSchema } from '../../contract/index.ts';
import {
  type ClientOrderId,
  clientOrderId,
  type EntryThesis,
  type PlanProgress,
  type PositionPlan,
  type UtcMs,
} from '../../domain/index.ts';

/** Why an entry was made: shown to every voter at exit decisions. */
export interface EntryRecord extends EntryThesis {
  readonly symbol: string;
  readonly entryOrderId: ClientOrderId;
  /** As it was called then: a record outlives a strategy of another name. */
  readonly strategyId: string;
  readonly barOpenTime: UtcMs;
  readonly decisionId: string;
  /** Where the protective stop belongs, as exact decimal text. */
  readonly stopPrice: string;
  /**
   * How far below the first fill the stop belongs where that opened the position, as a fraction; null where `stopPrice`
   * says it for good.
   */
  readonly stopShare: number | null;
  /** How the position is led; null: by its stop alone. */
  readonly plan: PositionPlan | null;
  /** How far the plan has come; null before the first fill, and without a plan. */
  readonly progress: PlanProgress | null;
  /** When nothing of its symbol was alive any more, by the market's clock; null while something may be. */
  readonly endedAt: UtcMs | null;
}

export interface StoredRecord extends EntryRecord {
  /** A fill of its order has arrived. */
  readonly filled: boolean;
}

const PlanSchema = z.object({
  takeProfits: z.array(z.object({ at: z.number(), sell: z.number() })),
  trail: z.object({ by: z.number(), from: z.number() }).nullable(),
  breakEvenAt: z.number().nullable(),
  adds: z.array(z.object({ at: z.number(), share: z.number() })),
  expects: z.number().nullable(),
});
const ProgressSchema = z.object({
  firstPrice: z.number(),
  highest: z.number(),
  taken: z.number(),
  added: z.number(),
});

const thesis = {
  thesis: z.string(),
  invalidation: z.string(),
  horizonBars: z.number(),
  barOpenTime: z.number(),
  decisionId: z.string(),
  stopPrice: DecimalTextSchema,
  stopShare: z.number().nullable().default(null),
  plan: PlanSchema.nullable().default(null),
  progress: ProgressSchema.nullable().default(null),
};

const RecordSchema = z.object({
  ...thesis,
  symbol: z.string(),
  entryOrderId: z.string().transform(clientOrderId),
  strategyId: z.string(),
  endedAt: z.number().nullable(),
  filled: z.boolean(),
});

/** The first version knew one entry a symbol, and forgot it with the position. */
const FirstRecordSchema = z.object(thesis);

export interface UnknownParts {
  readonly orderOf: (symbol: string, decisionId: string) => ClientOrderId | null;
  readonly strategyId: string;
}

/** The records of a stored document, of this version or the first. What is no record is left out. */
export function readRecords(stored: unknown, unknown: UnknownParts): readonly StoredRecord[] {
  const current = z.object({ version: z.literal(2), records: z.array(z.unknown()) }).safeParse(stored);
  if (current.success) {
    return current.data.records.flatMap((record) => RecordSchema.safeParse(record).data ?? []);
  }
  const first = z.record(z.string(), z.unknown()).safeParse(stored).data ?? {};
  return Object.entries(first).flatMap(([symbol, value]) => {
    const record = FirstRecordSchema.safeParse(value).data;
    return record === undefined ? [] : { ...record, ...partsOf(symbol, record.decisionId, unknown) };
  });
}

function partsOf(symbol: string, decisionId: string, { orderOf, strategyId }: UnknownParts) {
  // Without the order's id the decision's tells the record apart as well: there was one entry a decision.
  const entryOrderId = orderOf(symbol, decisionId) ?? clientOrderId(decisionId);
  // It was kept while there was a position or an order on its way, and a position is what it was mostly kept for.
  return { symbol, entryOrderId, strategyId, endedAt: null, filled: true };
}
