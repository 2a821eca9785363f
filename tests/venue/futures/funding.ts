import {
  negate,
  notional,
  type QuoteAmount,
  type Random,
  rounded,
  scale,
  subtract,
  type UtcMs,
} from '../../../core/domain/index.ts';
import type { AccountEvent } from '../accounts/account-events.ts';
import { nextMultiple, type VenueClock } from '../clock/venue-clock.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import { type FuturesFunds, MARGIN_ASSET } from './futures-funds.ts';
import type { IncomeBook } from './income.ts';

export const FUNDING_EVERY_MS = 8 * 3_600_000;
const USUAL_RATE = 0.0001;
const DECIMALS = 8;

export interface FundingPayment {
  readonly symbol: string;
  readonly rate: string;
  readonly at: UtcMs;
  readonly mark: string;
}

/** Every eight hours longs pay shorts a share of what they hold, or the other way where the rate is below 0. */
export class Funding {
  readonly history: FundingPayment[] = [];
  readonly #rates = new Map<string, number>();
  readonly #clock: VenueClock;

  constructor(
    clock: VenueClock,
    markets: ReadonlyMap<string, VenueMarket>,
    funds: FuturesFunds,
    incomes: IncomeBook,
    random: Random,
    tell: (event: AccountEvent) => void,
  ) {
    this.#clock = clock;
    const draw = (): void => {
      for (const symbol of markets.keys())
        this.#rates.set(symbol, Number((USUAL_RATE + 0.0003 * (random.next() - 0.4)).toFixed(8)));
    };
    draw();
    clock.every(FUNDING_EVERY_MS, () => {
      for (const market of markets.values()) {
        const rate = this.rateOf(market.symbol.id);
        const [symbol, at, mark] = [market.symbol.id, clock.now(), market.markPrice];
        this.history.push({ symbol, rate: rate.toFixed(8), at, mark: mark.toFixed() });
        for (const [account, futures] of funds.futures) {
          let isPaid = false;
          for (const position of futures.positions.all()) {
            if (position.symbol !== symbol || position.amount.isZero()) continue;
            const due: QuoteAmount = rounded(scale(notional(mark, position.amount), rate), DECIMALS);
            funds.pay(account, due);
            if (futures.marginType(symbol) === 'isolated')
              position.isolatedWallet = subtract(position.isolatedWallet, due);
            incomes.add({ account, symbol, type: 'FUNDING_FEE', amount: negate(due), at, tradeId: null });
            isPaid = true;
          }
          if (!isPaid) continue;
          const assets = [MARGIN_ASSET];
          tell({ kind: 'balances', account, assets, symbols: [symbol], reason: 'FUNDING_FEE' });
        }
      }
      draw();
    });
  }

  rateOf(symbol: string): number {
    return this.#rates.get(symbol) ?? 0;
  }

  get nextAt(): UtcMs {
    return nextMultiple(this.#clock.now(), FUNDING_EVERY_MS);
  }
}
