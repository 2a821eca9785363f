import type { Logger, OrderLedger } from '../../domain/index.ts';

export interface LedgerJournalOptions {
  readonly ledger: OrderLedger;
  readonly log: Logger;
  /** Told when the ledger fails, and with null when it holds everything again. */
  readonly onFault: (message: string | null) => void;
}

export interface LedgerWrite {
  run(ledger: OrderLedger): unknown;
  /** Whether the ledger has it already: a write that failed may have been kept all the same. */
  isDone(ledger: OrderLedger): boolean;
}

interface Pending {
  readonly write: LedgerWrite;
  hasFailed: boolean;
}

/**
 * Writes to the order ledger, in order, and keeps what it does not take until it does: a locked database or a full
 * disk must neither end the process nor stop what reduces a position. Each try at a locked database takes its time, so
 * while the ledger fails nobody's write is a try: whoever owns the journal calls `retry` now and then.
 */
export class LedgerJournal {
  readonly #options: LedgerJournalOptions;
  readonly #pending: Pending[] = [];
  #fault: string | null = null;

  constructor(options: LedgerJournalOptions) {
    this.#options = options;
  }

  /** Why the ledger is behind what has happened; null while it is not. */
  get fault(): string | null {
    return this.#fault;
  }

  /** How many writes it is behind. */
  get behind(): number {
    return this.#pending.length;
  }

  /** Writes now, or with the first `retry` that gets so far. @returns whether it is durable. Never throws. */
  write(write: LedgerWrite): boolean {
    const isNext = this.#pending.length === 0;
    this.#pending.push({ write, hasFailed: false });
    return isNext && this.retry();
  }

  /** Writes what is pending. @returns whether nothing is any more. Never throws. */
  retry(): boolean {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      if (!this.#try(next)) return false;
      this.#pending.shift();
    }
    return true;
  }

  /** Only a write that succeeds shows that the ledger can be written again. */
  #try(pending: Pending): boolean {
    const { ledger } = this.#options;
    try {
      if (!pending.hasFailed || !pending.write.isDone(ledger)) pending.write.run(ledger);
    } catch (error) {
      pending.hasFailed = true;
      this.#fail(error);
      return false;
    }
    if (this.#fault !== null && this.#pending.length <= 1) {
      this.#fault = null;
      this.#options.onFault(null);
    }
    return true;
  }

  #fail(error: unknown): void {
    const { log, onFault } = this.#options;
    const isNew = this.#fault === null;
    this.#fault = `the order ledger cannot be written, so no position is opened or enlarged: ${reasonOf(error)}`;
    if (!isNew) return;
    log.error({ error, behind: this.#pending.length }, 'the order ledger failed');
    onFault(this.#fault);
  }
}

/** The ledger's own word begins as the sentence does that it goes into. */
function reasonOf(error: unknown): string {
  return String(error).replace(/^(?:\w*Error: )?(?:the order ledger cannot be written: )?/, '');
}
