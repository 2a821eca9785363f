import type { Price } from './money.ts';

/** What the cost gate had expected of an entry, as it was when it was decided. */
export interface EntryExpectation {
  /** What the symbol traded at. */
  readonly price: Price;
  /** Of getting in, as a fraction of that price. */
  readonly cost: number;
}
