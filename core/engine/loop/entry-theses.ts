import {
  beginPlan,
  type ClientOrderId,
  type Clock,
  ceilTo,
  type EntryThesis,
  float,
  type PositionPlan,
  type Price,
  price,
  type StateStore,
  scale,
  text,
  type UtcMs,
  type WhenWritten,
} from '../../domain/index.ts';
import { type EntryRecord, readRecords, type StoredRecord } from './entry-record.ts';

export type { EntryRecord } from './entry-record.ts';

/** What an entry is remembered by. */
export type NewEntry = Omit<EntryRecord, 'endedAt' | 'progress' | 'plan'> &
  EntryThesis & { readonly plan?: PositionPlan | null };

/** What of a symbol is alive. */
export interface Alive {
  /** There is a position. */
  readonly open: boolean;
  /** An entry order has not ended: it is written, sent, working, or its fate is not known. */
  readonly entriesAlive: boolean;
}

export interface EntryThesesOptions {
  readonly state: StateStore;
  /** The market's: records are kept for so long of its time. */
  readonly clock: Clock;
  /** Which order a decision's entry was: for documents that knew symbols only. Null when nobody knows. */
  readonly orderOf?: (symbol: string, decisionId: string) => ClientOrderId | null;
  /** The strategy of entries of which none was written down. */
  readonly strategyId: string;
}

/** A fill of an entry, as far as it says where a stop belongs. */
export interface EntryFill {
  /** Whether a position was held before it. */
  readonly from: 'flat' | 'position';
  readonly price: Price;
  readonly tickSize: Price;
}

const NAME = 'entry-theses';
/** An order that has ended can still turn out to have filled: what it was for is known for so long. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Why each entry was made and where its stop belongs, by order: an entry that comes to nothing leaves the others'
 * records alone. A record lives as long as any unit or order of its symbol can, and comes back when an order that
 * was thought dead fills. Survives a restart.
 */
export class EntryTheses {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #records: Map<ClientOrderId, StoredRecord>;
  /** By symbol: asked for at every bar. */
  #best: ReadonlyMap<string, StoredRecord>;

  constructor({ state, clock, orderOf = () => null, strategyId }: EntryThesesOptions) {
    this.#state = state;
    this.#clock = clock;
    const records = readRecords(state.read(NAME), { orderOf, strategyId });
    this.#records = new Map(records.map((record) => [record.entryOrderId, record]));
    this.#best = bestBySymbol(records);
  }

  /** What the symbol's position, or its entry on the way, is for: of those that filled the newest, else the newest. */
  of(symbol: string): EntryRecord | null {
    return this.#best.get(symbol) ?? null;
  }

  ofOrder(id: ClientOrderId): EntryRecord | null {
    return this.#records.get(id) ?? null;
  }

  /** Where the stop of the symbol's position belongs. */
  stopPrice(symbol: string): Price | null {
    const record = this.of(symbol);
    return record === null ? null : price(record.stopPrice);
  }

  /** Symbols with a position, or an entry on its way. */
  symbols(): readonly string[] {
    return [...this.#best.keys()];
  }

  /** An entry that is about to leave. One that is known already, from before a crash, stays as it is. */
  remember(entry: NewEntry): void {
    if (this.#records.has(entry.entryOrderId)) return;
    const { plan = null } = entry;
    this.#records.set(entry.entryOrderId, { ...entry, plan, progress: null, endedAt: null, filled: false });
    // Its order is written next, before it leaves.
    this.#save('with-the-next');
  }

  /** The entry was refused, or did not leave: only this record ends. */
  end(id: ClientOrderId): void {
    const record = this.#records.get(id);
    if (record !== undefined && record.endedAt === null) this.#change([{ ...record, ...this.#ended() }]);
  }

  /** Ends a symbol's records when nothing of it is alive any more. */
  settle(symbol: string, { open, entriesAlive }: Alive): void {
    if (open || entriesAlive) return;
    const ended = [...this.#records.values()]
      .filter((record) => record.symbol === symbol && record.endedAt === null)
      .map((record) => ({ ...record, ...this.#ended() }));
    if (ended.length > 0) this.#change(ended);
  }

  /**
   * A fill of the entry arrived: it has units, and its record lives, also when it had ended. A stop that is measured from
   * the first fill goes to its place; what is added to a position takes over the stop that this has.
   */
  revive(id: ClientOrderId, fill: EntryFill): void {
    const record = this.#records.get(id);
    if (record === undefined || (record.filled && record.endedAt === null)) return;
    const stopPrice = record.filled ? record.stopPrice : this.#stopAfter(record, fill);
    const led = record.filled ? {} : this.#ledAfter(record, fill);
    this.#change([{ ...record, ...led, stopPrice, endedAt: null, filled: true }]);
  }

  /** The position is led on by its plan: the stop has gone up, or a part of the plan is done. */
  follow(symbol: string, change: Partial<Pick<StoredRecord, 'stopPrice' | 'progress'>>): void {
    const record = this.#best.get(symbol);
    if (record === undefined) return;
    const changed = { ...record, ...change };
    const { stopPrice, progress } = record;
    if (changed.stopPrice === stopPrice && isSame(changed.progress, progress)) return;
    this.#change([changed]);
  }

  /** What is added to a position is led by the plan that this has. */
  #ledAfter(record: StoredRecord, { from, price: paid }: EntryFill): Pick<StoredRecord, 'plan' | 'progress'> {
    const held = this.#best.get(record.symbol);
    if (from === 'position' && held?.filled === true) return { plan: held.plan, progress: held.progress };
    return { plan: record.plan, progress: record.plan === null ? null : beginPlan(float(paid)) };
  }

  #stopAfter(record: StoredRecord, { from, price: paid, tickSize }: EntryFill): string {
    const { stopShare, symbol, stopPrice } = record;
    if (stopShare === null) return stopPrice;
    const held = this.#best.get(symbol);
    if (from === 'position' && held?.filled === true) return held.stopPrice;
    return text(ceilTo(scale(paid, 1 - stopShare), tickSize));
  }

  #ended(): { readonly endedAt: UtcMs } {
    return { endedAt: this.#clock.now() };
  }

  #change(records: readonly StoredRecord[]): void {
    for (const record of records) this.#records.set(record.entryOrderId, record);
    this.#save();
  }

  #save(when?: WhenWritten): void {
    const oldest = this.#clock.now() - KEPT_MS;
    for (const [id, { endedAt }] of this.#records) {
      if (endedAt !== null && endedAt < oldest) this.#records.delete(id);
    }
    this.#best = bestBySymbol(this.#records.values());
    this.#state.write(NAME, { version: 2, records: [...this.#records.values()] }, when);
  }
}

function isSame(one: StoredRecord['progress'], other: StoredRecord['progress']): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.firstPrice === other.firstPrice &&
    one.highest === other.highest &&
    one.taken === other.taken &&
    one.added === other.added
  );
}

/** Symbols that a stored document says to be in a position, or about to be. */
export function symbolsInPosition(state: StateStore): readonly string[] {
  const records = readRecords(state.read(NAME), { orderOf: () => null, strategyId: 'ensemble' });
  return [...bestBySymbol(records).keys()];
}

/** Of each symbol the living record that tells most of what is held. */
function bestBySymbol(records: Iterable<StoredRecord>): ReadonlyMap<string, StoredRecord> {
  const best = new Map<string, StoredRecord>();
  for (const record of records) {
    if (record.endedAt !== null) continue;
    const other = best.get(record.symbol);
    if (other === undefined || goesBefore(record, other)) best.set(record.symbol, record);
  }
  return best;
}

/** Whether a record tells more of what is held than another: units before hopes, the newer before the older. */
function goesBefore(record: StoredRecord, other: StoredRecord): boolean {
  return record.filled === other.filled ? record.barOpenTime >= other.barOpenTime : record.filled;
}
