import { type Fill, float, TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';
import type { Portfolio } from '../portfolio/index.ts';

const DAY_MS = TIMEFRAME_MS['1d'];

/** What an account held at the end of a UTC day. */
export interface DayShares {
  readonly equity: number;
  /** Share of the equity in each symbol, in their order. */
  readonly shares: readonly number[];
}

/** How an account was invested, day by day, and how much it traded. */
export class AccountRecord {
  readonly #symbols: readonly string[];
  /** By the end of the day, counted from the epoch. */
  readonly days = new Map<number, DayShares>();
  /** Sums over all fills of notional and fee, as shares of the equity of their moment. */
  turnover = 0;
  fees = 0;

  constructor(symbols: readonly string[]) {
    this.#symbols = symbols;
  }

  fill({ price, amount, fee }: Fill, portfolio: Portfolio): void {
    const equity = portfolio.equityFloat();
    this.turnover += (float(price) * float(amount)) / equity;
    this.fees += fee === null ? 0 : float(fee.quoteValue) / equity;
  }

  /** Looks at the account when a bar that ends a day has closed. */
  bar(end: UtcMs, portfolio: Portfolio): void {
    if (end % DAY_MS !== 0 || !portfolio.marked) return;
    const equity = portfolio.equityFloat();
    const exposures = portfolio.exposures();
    const shareOf = (symbol: string): number => {
      const worth = exposures.get(symbol);
      return worth === undefined ? 0 : float(worth) / equity;
    };
    this.days.set(end / DAY_MS, { equity, shares: this.#symbols.map(shareOf) });
  }
}
