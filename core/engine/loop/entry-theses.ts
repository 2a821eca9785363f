import type { EntryThesis, StateStore, UtcMs } from '../../domain/index.ts';

/** Why a position was opened, kept until it is closed: shown to every voter at exit decisions. */
export interface EntryRecord extends EntryThesis {
  readonly barOpenTime: UtcMs;
  readonly decisionId: string;
  /** Whose exposure the position is; absent in records of old, which count as the exposure of whoever asks. */
  readonly strategyId?: string;
  /** Where the protective stop belongs, as exact decimal text. */
  readonly stopPrice: string;
}

/**
 * The entry theses by symbol, surviving a restart. Losing them must not stop trading: exits then go on without
 * the thesis, and stops do not need it.
 */
export class EntryTheses {
  readonly #state: StateStore;
  readonly #records: Map<string, EntryRecord>;

  constructor(state: StateStore) {
    this.#state = state;
    this.#records = new Map(readRecords(state.read('entry-theses')));
  }

  of(symbol: string): EntryRecord | null {
    return this.#records.get(symbol) ?? null;
  }

  /** Symbols with a position, or an entry on its way. */
  symbols(): readonly string[] {
    return [...this.#records.keys()];
  }

  remember(symbol: string, record: EntryRecord): void {
    this.#records.set(symbol, record);
    this.#save();
  }

  forget(symbol: string): void {
    if (this.#records.delete(symbol)) this.#save();
  }

  #save(): void {
    this.#state.write('entry-theses', Object.fromEntries(this.#records));
  }
}

function readRecords(stored: unknown): [string, EntryRecord][] {
  if (typeof stored !== 'object' || stored === null) return [];
  return Object.entries(stored).filter((entry): entry is [string, EntryRecord] => isRecord(entry[1]));
}

function isRecord(value: unknown): value is EntryRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof EntryRecord, unknown>>;
  return (
    typeof record.thesis === 'string' &&
    typeof record.invalidation === 'string' &&
    typeof record.horizonBars === 'number' &&
    typeof record.barOpenTime === 'number' &&
    typeof record.decisionId === 'string' &&
    (record.strategyId === undefined || typeof record.strategyId === 'string') &&
    typeof record.stopPrice === 'string'
  );
}
