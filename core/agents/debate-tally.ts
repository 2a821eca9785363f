import { z } from 'zod';
import { type Clock, StateDocument, type StateStore } from '../domain/index.ts';

const MonthSchema = z.object({
  /** Decisions that were debated, and those on which the last debate stood. */
  debated: z.number().int().min(0),
  stood: z.number().int().min(0),
  costUsd: z.number().min(0),
  calls: z.number().int().min(0),
  inputTokens: z.number().min(0),
  outputTokens: z.number().min(0),
});
const TallySchema = z.object({ months: z.record(z.string(), MonthSchema) });
type Tally = Readonly<z.infer<typeof TallySchema>>;
export type DebateMonth = Readonly<z.infer<typeof MonthSchema>>;

const NOTHING: DebateMonth = { debated: 0, stood: 0, costUsd: 0, calls: 0, inputTokens: 0, outputTokens: 0 };
const KEPT_MONTHS = 13;

/** What debates came to by UTC month, so that it can be said what one costs and what was saved. */
export class DebateTally {
  readonly #document: StateDocument<Tally> | null;
  readonly #clock: Clock;
  #months: ReadonlyMap<string, DebateMonth>;

  /** @param clock the wall's: money is spent by its months. */
  constructor(state: StateStore | null, clock: Clock) {
    this.#clock = clock;
    this.#document =
      state === null
        ? null
        : new StateDocument<Tally>(state, 'llm-debates', {
            version: 1,
            initial: { months: {} },
            parse: (stored) => TallySchema.safeParse(stored).data,
          });
    // What cannot be read is forgotten: figures for the eye are no reason not to start.
    this.#months = new Map(Object.entries(this.#document?.readOr(() => ({ months: {} })).months ?? {}));
  }

  /** `YYYY-MM`, in UTC. */
  get month(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 7);
  }

  thisMonth(): DebateMonth {
    return this.#months.get(this.month) ?? NOTHING;
  }

  debated({ calls, costUsd, inputTokens, outputTokens }: Omit<DebateMonth, 'debated' | 'stood'>): void {
    const before = this.thisMonth();
    this.#note({
      debated: before.debated + 1,
      stood: before.stood,
      calls: before.calls + calls,
      costUsd: Math.round((before.costUsd + costUsd) * 1e6) / 1e6,
      inputTokens: before.inputTokens + inputTokens,
      outputTokens: before.outputTokens + outputTokens,
    });
  }

  stood(): void {
    const before = this.thisMonth();
    this.#note({ ...before, stood: before.stood + 1 });
  }

  #note(month: DebateMonth): void {
    const months = new Map(this.#months).set(this.month, month);
    this.#months = new Map([...months].sort(([a], [b]) => a.localeCompare(b)).slice(-KEPT_MONTHS));
    this.#document?.write({ months: Object.fromEntries(this.#months) });
  }
}
