import {
  type LlmCallQuery,
  type LlmCallRecord,
  type LlmCallStore,
  REHEARSAL,
  type SpendingStore,
} from '../../domain/index.ts';

/** Calls of language models, gone with the process. */
export class MemoryLlmCallStore implements LlmCallStore {
  readonly #calls = new Map<string, LlmCallRecord>();
  readonly #byKey = new Map<string, LlmCallRecord>();

  get(key: string): LlmCallRecord | undefined {
    return this.#byKey.get(key);
  }

  put(record: LlmCallRecord): void {
    const { key, bar, status } = record;
    const id = `${key} ${bar.symbol} ${bar.barOpenTime}`;
    const known = this.#calls.get(id);
    const yields = known?.status === 'failed' || (known?.round === REHEARSAL && status === 'answered');
    if (known === undefined || yields) this.#calls.set(id, record);
    const found = this.#byKey.get(key);
    const sameBar = found?.bar.symbol === bar.symbol && found.bar.barOpenTime === bar.barOpenTime;
    const better = found?.status === 'failed' && (status === 'answered' || sameBar);
    if (found === undefined || better || (sameBar && yields)) this.#byKey.set(key, record);
  }

  list({ agent, before = Number.POSITIVE_INFINITY, limit }: LlmCallQuery): readonly LlmCallRecord[] {
    return [...this.#calls.values()]
      .filter((call) => call.time < before && (agent === undefined || call.agent === agent))
      .reverse()
      .sort((a, b) => b.time - a.time)
      .slice(0, limit);
  }
}

/** Spending by UTC day, gone with the process. */
export class MemorySpendingStore implements SpendingStore {
  readonly #days = new Map<string, number>();

  spent(day: string): number {
    return this.#days.get(day) ?? 0;
  }

  reserve(day: string, microUsd: number, capMicroUsd: number): boolean {
    const total = this.spent(day) + microUsd;
    if (total > capMicroUsd) return false;
    this.#days.set(day, total);
    return true;
  }

  add(day: string, microUsd: number): void {
    this.#days.set(day, Math.max(0, this.spent(day) + microUsd));
  }
}
