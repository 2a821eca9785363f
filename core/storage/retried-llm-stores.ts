import type { LlmCallQuery, LlmCallRecord, LlmCallStore, SpendingStore } from '../domain/index.ts';
import type { RetriedWrites } from './retried-writes.ts';

/** What was asked of language models and what it cost, also while it cannot be written down. */

export class RetriedLlmCallStore implements LlmCallStore {
  readonly #store: LlmCallStore;
  readonly #writes: RetriedWrites;
  readonly #waiting = new Map<string, LlmCallRecord>();

  constructor(store: LlmCallStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  get(key: string): LlmCallRecord | undefined {
    const stored = this.#writes.read(() => this.#store.get(key), undefined);
    return stored?.status === 'answered' ? stored : (this.#waiting.get(key) ?? stored);
  }

  put(record: LlmCallRecord): void {
    const { key } = record;
    this.#writes.write({
      expendable: false,
      run: () => this.#store.put(record),
      onWait: () => {
        if (this.#waiting.get(key)?.status !== 'answered') this.#waiting.set(key, record);
      },
      onEnd: () => {
        if (this.#waiting.get(key) === record) this.#waiting.delete(key);
      },
    });
  }

  list(query: LlmCallQuery): readonly LlmCallRecord[] {
    return this.#store.list(query);
  }
}

/** Spending that cannot be recorded is not allowed; what was not spent after all may be given back later. */
export class RetriedSpendingStore implements SpendingStore {
  readonly #store: SpendingStore;
  readonly #writes: RetriedWrites;

  constructor(store: SpendingStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  spent(day: string): number {
    return this.#writes.read(() => this.#store.spent(day), 0);
  }

  reserve(day: string, microUsd: number, capMicroUsd: number): boolean {
    return this.#writes.read(() => this.#store.reserve(day, microUsd, capMicroUsd), false);
  }

  add(day: string, microUsd: number): void {
    this.#writes.write({ expendable: false, run: () => this.#store.add(day, microUsd) });
  }
}
