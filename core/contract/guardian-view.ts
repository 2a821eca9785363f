import { z } from 'zod';

const utcMs = z.number().int();

/** The process that closes what is open when the program hangs or crashes. */
export const GuardianViewSchema = z.object({
  /** `missing`: it has ended and is started again; `failed`: it is not started again. */
  state: z.enum(['starting', 'watching', 'missing', 'failed']),
  /** When it was heard last; null before the first time. */
  lastBeat: utcMs.nullable(),
  /** How often it had to be started again. */
  restarts: z.number().int(),
  /** Since when it is in this state. */
  since: utcMs,
});
export type GuardianView = z.infer<typeof GuardianViewSchema>;
