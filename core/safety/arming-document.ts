import { z } from 'zod';
import { DecimalTextSchema } from '../contract/index.ts';
import { StateDocument, type StateStore } from '../domain/index.ts';

const utcMs = z.number().int();

const ArmedSchema = z.object({
  at: utcMs,
  /** Whose hand it was. */
  by: z.string(),
  venue: z.string(),
  /** What was stated as the capital at stake, in words. */
  capital: z.string(),
  /** That the key cannot withdraw is known from the venue, or from the trader where the venue does not tell. */
  noWithdrawals: z.enum(['said-by-venue', 'confirmed-by-trader']),
  /** What may be lost: more of it is not what the trader's hand has allowed. */
  stake: z.object({
    capital: DecimalTextSchema,
    /** The settings of safety. */
    limits: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  }),
});
export type Armed = z.infer<typeof ArmedSchema>;

const DocumentSchema = z.object({
  armed: ArmedSchema.nullable(),
  /** What ended the last arming. */
  halt: z.object({ at: utcMs, why: z.string() }).nullable(),
});
export type ArmingState = z.infer<typeof DocumentSchema>;

export const NEVER_ARMED: ArmingState = { armed: null, halt: null };

export function armingDocument(state: StateStore): StateDocument<ArmingState> {
  return new StateDocument<ArmingState>(state, 'live-arming', {
    version: 2,
    initial: NEVER_ARMED,
    parse: (stored) => DocumentSchema.safeParse(stored).data,
  });
}
