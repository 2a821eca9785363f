import type { Fee, Fill } from './fill.ts';

/** A trade that was made elsewhere, or before. */
export interface ImportedFill
  extends Pick<Fill, 'symbol' | 'tradeId' | 'side' | 'price' | 'amount' | 'time'> {
  readonly fee: Fee | null;
}
