import type { QuoteAmount, UtcMs } from '../../../core/domain/index.ts';

export type IncomeType = 'FUNDING_FEE' | 'REALIZED_PNL' | 'COMMISSION' | 'INSURANCE_CLEAR' | 'TRANSFER';

/** Something that went into a futures wallet (above 0) or out of it. */
export interface Income {
  readonly id: number;
  readonly account: string;
  readonly symbol: string;
  readonly type: IncomeType;
  readonly amount: QuoteAmount;
  readonly at: UtcMs;
  readonly tradeId: number | null;
}

export class IncomeBook {
  readonly all: Income[] = [];

  add(income: Omit<Income, 'id'>): void {
    this.all.push({ ...income, id: this.all.length + 1 });
  }
}
