import { z } from 'zod';
import { StateDocument, type StateStore, type UtcMs } from '../../domain/index.ts';

const TallySchema = z.object({ since: z.number(), bars: z.number(), agreed: z.number() }).readonly();

/** What is remembered of a contender over a restart: since when, for how many bars, and how often the one in use agreed. */
export type Tally = z.infer<typeof TallySchema>;

export function newTally(since: UtcMs): Tally {
  return { since, bars: 0, agreed: 0 };
}

export function tallyDocument(state: StateStore, since: UtcMs): StateDocument<Tally> {
  return new StateDocument<Tally>(state, 'arena-tally', {
    version: 1,
    initial: newTally(since),
    parse: (stored) => TallySchema.safeParse(stored).data,
  });
}
