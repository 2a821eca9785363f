import {
  type AccountEvent,
  type AccountEventId,
  executionKey,
  type Fill,
  type OrderLedger,
  type UtcMs,
  type VenueFill,
} from '../../domain/index.ts';
import { type FillNotes, notesOf } from './fill-notes.ts';

export interface TradeRecordOptions {
  readonly ledger: Pick<OrderLedger, 'accountEvents' | 'executions' | 'fills'>;
  /** Of every fill of the ledger, where the caller has them. */
  readonly recorded?: FillNotes | undefined;
  readonly now: UtcMs;
}

type Trade = Pick<VenueFill, 'symbol' | 'tradeId' | 'side'>;

/** Which trades and which other movements of money are in the books, so that each is counted once. */
export class TradeRecord {
  /** All of them: whether a fill is known may not hang on a ledger that cannot be read. */
  readonly #trades: Set<string>;
  readonly #notes: FillNotes;
  readonly #accountEvents = new Set<AccountEventId>();
  #since: UtcMs;
  #lastAccountEventAt = 0;

  constructor({ ledger, recorded, now }: TradeRecordOptions) {
    this.#trades = new Set(ledger.executions());
    this.#notes = recorded ?? notesOf(ledger.fills());
    this.#since = Math.min(now, this.#notes.firstAt ?? now);
    for (const event of ledger.accountEvents()) this.#keep(event);
  }

  /**
   * When the account was opened; where that was not written down, its first fill, else when this run began. What others
   * did before that is in what the account opened with.
   */
  get since(): UtcMs {
    return this.#since;
  }

  /** From when on the venue is to be asked for account events, less what it may take to list one. */
  accountEventsFrom(overlapMs: number): UtcMs {
    return Math.max(this.#since, this.#lastAccountEventAt - overlapMs);
  }

  has(trade: Trade): boolean {
    return this.#trades.has(executionKey(trade));
  }

  note(trade: Fill): void {
    this.passOver(trade);
    this.#notes.note(trade);
  }

  /** Whether coins that are bought pay their own fee, as those that were bought last did; null before any were. */
  get paysInCoins(): boolean | null {
    return this.#notes.paysInCoins;
  }

  /** A trade that is none of ours to count, now or whenever it is told again. */
  passOver(trade: Trade): void {
    this.#trades.add(executionKey(trade));
  }

  /** Time of the symbol's newest fill recorded; undefined before the first. */
  lastFillAt(symbol: string): UtcMs | undefined {
    return this.#notes.lastAt(symbol);
  }

  /** @returns whether it is to be counted. */
  noteAccountEvent(event: AccountEvent): boolean {
    const isBefore = event.kind !== 'opening' && event.time < this.#since;
    if (isBefore || this.#accountEvents.has(event.id)) return false;
    this.#keep(event);
    return true;
  }

  #keep({ id, kind, time }: AccountEvent): void {
    this.#accountEvents.add(id);
    if (kind === 'opening') this.#since = time;
    else this.#lastAccountEventAt = Math.max(this.#lastAccountEventAt, time);
  }
}
