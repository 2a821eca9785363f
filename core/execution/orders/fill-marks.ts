import { z } from 'zod';
import {
  type FillCursor,
  type Logger,
  StateDocument,
  type StateStore,
  type UtcMs,
} from '../../domain/index.ts';

const MarkSchema = z.object({
  cursor: z.string(),
  newest: z.number(),
  readFrom: z.number(),
});
/** A place in a symbol's list of fills before which everything has been told. */
export interface Mark {
  readonly cursor: FillCursor;
  /** Time of the newest fill before it. */
  readonly newest: UtcMs;
  /** From where the list was read up to it. */
  readonly readFrom: UtcMs;
}

const StoredSchema = z.object({
  /** Another venue's cursors are no places in this one's lists. */
  venue: z.string(),
  marks: z.record(z.string(), MarkSchema),
});
type Stored = z.infer<typeof StoredSchema>;

export interface FillMarksOptions {
  readonly state: StateStore;
  /** The venue's id. */
  readonly venue: string;
  /** Whether a crash would lose nothing that was told of a symbol up to a moment. */
  readonly isDurable: (symbol: string, until: UtcMs) => boolean;
  readonly log: Logger;
}

/**
 * Up to where each symbol's list of fills was read. A mark outlives the process once everything before it does: one
 * stored earlier would, after a crash, pass over fills that nobody has.
 */
export class FillMarks {
  readonly #options: FillMarksOptions;
  readonly #document: StateDocument<Stored>;
  readonly #marks: Map<string, Mark>;
  #stored: Stored;

  constructor(options: FillMarksOptions) {
    const { state, venue, log } = options;
    this.#options = options;
    const none: Stored = { venue, marks: {} };
    this.#document = new StateDocument<Stored>(state, 'fill-marks', {
      version: 1,
      initial: none,
      parse: (stored) => StoredSchema.safeParse(stored).data,
    });
    const stored = this.#document.readOr((fault) => {
      log.warn({ fault }, 'the venue’s fills are read again from where they are needed');
      return none;
    });
    this.#stored = stored.venue === venue ? stored : none;
    this.#marks = new Map(Object.entries(this.#stored.marks));
  }

  of(symbol: string): Mark | undefined {
    return this.#marks.get(symbol);
  }

  set(symbol: string, mark: Mark): void {
    this.#marks.set(symbol, mark);
  }

  forget(symbol: string): void {
    this.#marks.delete(symbol);
  }

  /** Stores a symbol's mark, as soon as that may be. Never throws: without it the next process reads more. */
  keep(symbol: string): void {
    const { isDurable, log } = this.#options;
    const mark = this.#marks.get(symbol);
    if (mark === undefined || mark === this.#stored.marks[symbol] || !isDurable(symbol, mark.newest)) return;
    const { venue, marks } = this.#stored;
    const next: Stored = { venue, marks: { ...marks, [symbol]: mark } };
    try {
      this.#document.write(next);
      this.#stored = next;
    } catch (error) {
      log.warn({ symbol, error }, 'how far the venue’s fills were read could not be stored');
    }
  }
}
