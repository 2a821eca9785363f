import { absolute, type Random } from '../../../core/domain/index.ts';
import type { AccountEvent } from '../accounts/account-events.ts';
import { isOpen, type OrderRecord } from '../orders/order-record.ts';
import type { World } from '../world.ts';
import { AlgoDesk } from './algo-desk.ts';
import { Funding } from './funding.ts';
import type { FuturesFunds } from './futures-funds.ts';
import { IncomeBook } from './income.ts';
import { Liquidation } from './liquidation.ts';

export interface FuturesWorld extends World {
  readonly funds: FuturesFunds;
  readonly algos: AlgoDesk;
  readonly incomes: IncomeBook;
  readonly funding: Funding;
}

/** How often marks are looked at, besides after every trade. */
const REVIEW_MS = 500;

/** Adds to a world what only futures have. @returns the world, and what must hear every event of it. */
export function futuresWorld(
  world: World,
  funds: FuturesFunds,
  random: Random,
): { readonly world: FuturesWorld; readonly hear: (event: AccountEvent) => void } {
  const { clock, markets, desk, faults, tell } = world;
  funds.attach(desk.store);
  const incomes = new IncomeBook();
  const algos = new AlgoDesk({ clock, markets, desk, funds, faults, tell });
  const funding = new Funding(clock, markets, funds, incomes, random, tell);
  const liquidation = new Liquidation({ clock, markets, funds, desk, incomes, tell });
  let isReviewing = false;
  const review = (): void => {
    // What a review sets off is looked at by the same review's next round, not inside it.
    if (isReviewing) return;
    isReviewing = true;
    algos.review();
    liquidation.review();
    isReviewing = false;
  };
  desk.afterTrades(review);
  clock.every(REVIEW_MS, review);
  const hear = (event: AccountEvent): void => {
    if (event.kind !== 'order') return;
    if (!isOpen(event.order)) algos.orderEnded(event.order);
    if (event.fill === null) return;
    bookIncome(incomes, event);
    keepReducing(world, funds, algos, event.order);
  };
  return { world: { ...world, funds, algos, incomes, funding }, hear };
}

function bookIncome(incomes: IncomeBook, { fill, order }: Extract<AccountEvent, { kind: 'order' }>): void {
  if (fill === null) return;
  const common = { account: order.account, symbol: order.symbol.id, at: fill.time, tradeId: fill.tradeId };
  // The fee is in the margin asset, which is the quote currency here.
  const fee = fill.quote.minus(fill.quote).minus(fill.fee) as typeof fill.quote;
  incomes.add({ ...common, type: 'COMMISSION', amount: fee });
  if (!fill.realizedPnl.isZero()) incomes.add({ ...common, type: 'REALIZED_PNL', amount: fill.realizedPnl });
}

/** Orders that may only reduce are never larger than the position, and end with it. */
function keepReducing(world: World, funds: FuturesFunds, algos: AlgoDesk, filled: OrderRecord): void {
  const { account, symbol, positionSide } = filled;
  const held = funds.of(account).positions.of(symbol.id, positionSide).amount;
  for (const order of world.desk.store.open(account, symbol.id)) {
    if (!order.reduceOnly || order.positionSide !== positionSide || order === filled) continue;
    const isAgainst = held.gt(0) === (order.side === 'sell');
    if (held.isZero() || !isAgainst) world.desk.expire(order);
    else world.desk.shrink(order, absolute(held));
  }
  if (held.isZero()) algos.positionEnded(account, symbol.id);
}
