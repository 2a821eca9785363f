import type { AccountEventId, TradeId } from './identity.ts';
import type { AssetAmount, BaseAmount, QuoteAmount } from './money.ts';
import type { UtcMs } from './time.ts';

/** What a venue says an account holds, all of one moment. */
export interface AccountSnapshot {
  readonly time: UtcMs;
  /** By asset. `total` includes what working orders and margins hold, `free` does not. */
  readonly assets: ReadonlyMap<string, { readonly total: AssetAmount; readonly free: AssetAmount }>;
  /** Derivative positions by symbol, signed; flat ones may be absent. A spot market has assets and no position. */
  readonly positions: ReadonlyMap<string, BaseAmount>;
}

/**
 * `opening`: the capital that the account began with. `fee`: a fill's fee that was told later, or told differently.
 * `external`: anything else that changed the account and was not ours.
 */
export const ACCOUNT_EVENT_KINDS = [
  'opening',
  'deposit',
  'withdrawal',
  'funding',
  'interest',
  'conversion',
  'fee',
  'external',
] as const;
export type AccountEventKind = (typeof ACCOUNT_EVENT_KINDS)[number];

/** Money that came or went by another way than a fill, as appended to the ledger. Counted once by its id. */
export interface AccountEvent {
  readonly id: AccountEventId;
  readonly kind: AccountEventKind;
  readonly asset: string;
  /** Signed: above 0 came in. */
  readonly amount: AssetAmount;
  /** Its worth in the account's quote currency at that time, signed alike. */
  readonly quoteValue: QuoteAmount;
  /** The symbol that funding or a fee belongs to. */
  readonly symbol: string | null;
  /** The fill that a fee belongs to. */
  readonly tradeId: TradeId | null;
  readonly time: UtcMs;
  /** For the trader. */
  readonly note: string;
}

/** Whether an event is the trader's own doing: it changes what profit is measured from, and is no profit or loss. */
export function isTransfer({ kind }: AccountEvent): boolean {
  return kind === 'opening' || kind === 'deposit' || kind === 'withdrawal';
}
