import { type PauseView, PauseViewSchema } from '../../contract/index.ts';
import { type Logger, StateDocument, type StateStore } from '../../domain/index.ts';

/** As documents had it that knew neither who nor why. */
const FROM_BEFORE: PauseView = { at: null, by: 'the trader', from: 'unknown', reason: null };

/** Whether the trader has paused trading, with who, when and why, over restarts. */
export class Pause {
  readonly #document: StateDocument<PauseView | null>;
  #state: PauseView | null;

  constructor(state: StateStore, log: Logger) {
    this.#document = new StateDocument<PauseView | null>(state, 'paused', {
      version: 2,
      initial: null,
      parse: (stored, version) =>
        version < 2 ? paused(stored) : PauseViewSchema.nullable().safeParse(stored).data,
    });
    this.#state = this.#document.readOr((fault) => {
      // Nobody knows what he wanted: resuming is a click, an unwanted entry is money.
      log.warn({ fault }, 'trading is paused until the trader resumes it');
      return { at: null, by: 'the program', from: 'unknown', reason: fault };
    });
  }

  get on(): boolean {
    return this.#state !== null;
  }

  /** Null: trading is not paused. */
  get state(): PauseView | null {
    return this.#state;
  }

  set(state: PauseView | null): void {
    this.#state = state;
    this.#document.write(state);
  }
}

function paused(stored: unknown): PauseView | null | undefined {
  if (typeof stored !== 'boolean') return undefined;
  return stored ? FROM_BEFORE : null;
}
