import type { AssetAmount, QuoteAmount } from '../../../core/domain/index.ts';
import type { AlgoOrder } from '../futures/algo-order.ts';
import type { FillRecord, OrderRecord, OrderState } from '../orders/order-record.ts';

export type Execution = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'AMENDMENT' | 'CALCULATED';

/** Why balances or positions changed, in the words of a futures stream. */
export type ChangeReason =
  | 'ORDER'
  | 'DEPOSIT'
  | 'WITHDRAW'
  | 'FUNDING_FEE'
  | 'INSURANCE_CLEAR'
  | 'ADJUSTMENT';

/** What a user stream tells. */
export type AccountEvent =
  | {
      readonly kind: 'order';
      readonly order: OrderRecord;
      readonly state: OrderState;
      readonly execution: Execution;
      readonly fill: FillRecord | null;
      /** How the cancel request was called, which spot's events carry besides. */
      readonly cancelId: string | null;
    }
  | {
      readonly kind: 'balances';
      readonly account: string;
      readonly assets: readonly string[];
      readonly symbols: readonly string[];
      readonly reason: ChangeReason;
    }
  | {
      readonly kind: 'transfer';
      readonly account: string;
      readonly asset: string;
      readonly change: AssetAmount | QuoteAmount;
    }
  | { readonly kind: 'algo'; readonly account: string; readonly algo: AlgoOrder };

export const accountOf = (event: AccountEvent): string =>
  event.kind === 'order' ? event.order.account : event.account;
