import { type Logger, StateDocument, type StateStore } from '../../domain/index.ts';

/** Whether the trader has paused trading, over restarts. */
export class Pause {
  readonly #document: StateDocument<boolean>;
  #on: boolean;

  constructor(state: StateStore, log: Logger) {
    this.#document = new StateDocument<boolean>(state, 'paused', {
      version: 1,
      initial: false,
      parse: (stored) => (typeof stored === 'boolean' ? stored : undefined),
    });
    this.#on = this.#document.readOr((fault) => {
      // Nobody knows what he wanted: resuming is a click, an unwanted entry is money.
      log.warn({ fault }, 'trading is paused until the trader resumes it');
      return true;
    });
  }

  get on(): boolean {
    return this.#on;
  }

  set(on: boolean): void {
    this.#on = on;
    this.#document.write(on);
  }
}
