import { absolute, add, type QuoteAmount, subtract, ZERO_QUOTE } from '../../../core/domain/index.ts';
import type { AccountEvent } from '../accounts/account-events.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { OrderDesk } from '../orders/order-desk.ts';
import type { FuturesAccount } from './futures-account.ts';
import { type FuturesFunds, MARGIN_ASSET } from './futures-funds.ts';
import type { IncomeBook } from './income.ts';
import { maintenanceOf, markOf } from './margin.ts';
import { type Position, unrealizedOf } from './position-book.ts';

export interface LiquidationTerms {
  readonly clock: VenueClock;
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly funds: FuturesFunds;
  readonly desk: OrderDesk;
  readonly incomes: IncomeBook;
  readonly tell: (event: AccountEvent) => void;
}

/** Sells out who has less margin than his positions need. */
export class Liquidation {
  readonly #terms: LiquidationTerms;
  #count = 0;

  constructor(terms: LiquidationTerms) {
    this.#terms = terms;
  }

  review(): void {
    for (const [account, futures] of this.#terms.funds.futures)
      for (const position of futures.positions.all())
        if (!position.amount.isZero() && this.#isDue(account, futures, position))
          this.#liquidate(account, futures, position);
  }

  #isDue(account: string, futures: FuturesAccount, position: Position): boolean {
    const { markets, funds } = this.#terms;
    if (futures.marginType(position.symbol) === 'isolated') {
      const unrealized = unrealizedOf(position, markOf(markets, position.symbol));
      return add(position.isolatedWallet, unrealized).lte(maintenanceOf(markets, position));
    }
    const { crossWallet, crossUnrealized, maintenance } = funds.margin(account);
    return add(crossWallet, crossUnrealized).lte(maintenance);
  }

  #liquidate(account: string, futures: FuturesAccount, position: Position): void {
    const { markets, desk, funds, clock } = this.#terms;
    const market = markets.get(position.symbol);
    if (market === undefined || market.symbol.status !== 'TRADING') return;
    for (const order of desk.store.open(account, position.symbol)) desk.cancel(order);
    const isIsolated = futures.marginType(position.symbol) === 'isolated';
    const [stake, wallet] = [position.isolatedWallet, funds.wallet(account)];
    this.#count += 1;
    desk.place(account, {
      ...{ symbol: market.symbol, side: position.amount.gt(0) ? 'sell' : 'buy', type: 'MARKET' },
      ...{ timeInForce: 'IOC', clientId: `autoclose-${clock.now()}${this.#count}`, origin: 'liquidation' },
      ...{ amount: absolute(position.amount), reduceOnly: true, positionSide: position.side },
    });
    if (!position.amount.isZero()) return;
    // Who is liquidated loses what was at stake, no less and no more: the insurance fund has the difference.
    const lost = subtract(wallet, funds.wallet(account));
    if (isIsolated) this.#clear(account, position.symbol, subtract(stake, lost));
    else if (funds.wallet(account).lt(0)) this.#clear(account, position.symbol, funds.wallet(account));
  }

  #clear(account: string, symbol: string, amount: QuoteAmount): void {
    const { funds, incomes, clock, tell } = this.#terms;
    if (amount.isZero()) return;
    funds.pay(account, amount);
    const income = subtract(ZERO_QUOTE, amount);
    incomes.add({ account, symbol, type: 'INSURANCE_CLEAR', amount: income, at: clock.now(), tradeId: null });
    const assets = [MARGIN_ASSET];
    tell({ kind: 'balances', account, assets, symbols: [symbol], reason: 'INSURANCE_CLEAR' });
  }
}
