import type { Fill, UtcMs } from '../../domain/index.ts';
import { coinOf, isDerivative } from './markets.ts';

/** What is to be known of all fills in the books, however many there are. Plain values, to be kept and gone on from. */
export interface FillsSoFar {
  /** Time of the first; null before it. */
  readonly firstAt: UtcMs | null;
  /** Time of the newest, by symbol. */
  readonly lastAt: readonly (readonly [string, UtcMs])[];
  readonly paysInCoins: boolean | null;
}

const NONE: FillsSoFar = { firstAt: null, lastAt: [], paysInCoins: null };

/** Takes note of fills as they come. */
export class FillNotes {
  readonly #lastAt: Map<string, UtcMs>;
  #firstAt: UtcMs | null;
  #paysInCoins: boolean | null;

  /** @param before what an earlier process had noted of those that came before. */
  constructor(before: FillsSoFar = NONE) {
    this.#firstAt = before.firstAt;
    this.#lastAt = new Map(before.lastAt);
    this.#paysInCoins = before.paysInCoins;
  }

  note({ symbol, time, side, fee }: Fill): void {
    this.#firstAt = Math.min(this.#firstAt ?? time, time);
    this.#lastAt.set(symbol, Math.max(this.#lastAt.get(symbol) ?? time, time));
    if (side === 'buy' && fee !== null && !isDerivative(symbol)) {
      this.#paysInCoins = fee.asset === coinOf(symbol);
    }
  }

  /** Time of the first fill; null before it. */
  get firstAt(): UtcMs | null {
    return this.#firstAt;
  }

  /** Time of the symbol's newest fill; undefined before the first. */
  lastAt(symbol: string): UtcMs | undefined {
    return this.#lastAt.get(symbol);
  }

  /** Whether coins that are bought pay their own fee, as those that were bought last did; null before any were. */
  get paysInCoins(): boolean | null {
    return this.#paysInCoins;
  }

  /** To go on from. */
  soFar(): FillsSoFar {
    return { firstAt: this.#firstAt, lastAt: [...this.#lastAt], paysInCoins: this.#paysInCoins };
  }
}

/** The same of fills that are gone through. */
export function notesOf(fills: Iterable<Fill>): FillNotes {
  const notes = new FillNotes();
  for (const fill of fills) notes.note(fill);
  return notes;
}
