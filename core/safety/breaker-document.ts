import { z } from 'zod';
import { BREAKER_CODES } from './breaker-rules.ts';

/** The name of the breaker's document in the state store. */
export const BREAKER_STATE = 'circuit-breaker';

const TripSchema = z.object({
  code: z.enum(BREAKER_CODES),
  message: z.string(),
  at: z.number(),
  /** Null: until the trader releases it. */
  until: z.number().nullable(),
});
/** A halt in force. */
export type Trip = z.infer<typeof TripSchema>;

const samples = {
  dailyReturns: z.array(z.number()),
  outcomes: z.array(z.boolean()),
  lossesInRow: z.number().int(),
};
const account = { equity: z.number(), peak: z.number(), dayStart: z.number(), dayEnd: z.number() };

const DocumentSchema = z.object({
  version: z.literal(2),
  /** One of a rule at most, in the order in which they began. */
  trips: z.array(TripSchema),
  /** Null before the first equity. */
  account: z.object({ ...account, lossBase: z.number() }).nullable(),
  ...samples,
});
/** What the breaker remembers over a restart. */
export type BreakerDocument = z.infer<typeof DocumentSchema>;

/** Version 1 held one trip at a time and no loss base. */
const FirstVersionSchema = z
  .object({ trip: TripSchema.nullable(), account: z.object(account).nullable(), ...samples })
  .transform(({ trip, account: seen, ...rest }): BreakerDocument => {
    return {
      version: 2,
      trips: trip === null ? [] : [trip],
      account: seen === null ? null : { ...seen, lossBase: seen.dayStart },
      ...rest,
    };
  });

const AnyVersionSchema = z.union([DocumentSchema, FirstVersionSchema]);

/** Reads a stored document of any version. @throws ZodError when it is none. */
export function parseBreakerDocument(stored: unknown): BreakerDocument {
  return AnyVersionSchema.parse(stored);
}
