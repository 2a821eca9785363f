import {
  absolute,
  add,
  asAsset,
  asQuote,
  type BaseAmount,
  minimum,
  notional,
  type QuoteAmount,
  rounded,
  scale,
  subtract,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import { Holdings } from '../accounts/holdings.ts';
import type { VenueAccount } from '../accounts/venue-account.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { Match } from '../matching/matching-engine.ts';
import type { FillMoney, Funds } from '../orders/funds.ts';
import type { OrderRecord } from '../orders/order-record.ts';
import type { OrderStore } from '../orders/order-store.ts';
import { Refusal } from '../orders/refusal.ts';
import { FuturesAccount } from './futures-account.ts';
import { initialMargin, type MarginState, marginState, openingWorth } from './margin.ts';
import { type Change, type Position, PositionBook } from './position-book.ts';

export const MARGIN_ASSET = 'USDT';
const BPS = 10_000;
const DECIMALS = 8;

/** Margin and positions. The wallet is the account's USDT; profits, fees and funding go into it and out of it. */
export class FuturesFunds implements Funds {
  readonly futures: ReadonlyMap<string, FuturesAccount>;
  readonly populationPositions = new PositionBook();
  /** The population's wallet, fees, and the insurance fund: everything that is nobody's account. */
  readonly others = new Holdings();
  readonly #accounts: ReadonlyMap<string, VenueAccount>;
  readonly #markets: ReadonlyMap<string, VenueMarket>;
  readonly #changed = new Set<string>();
  #store: OrderStore | null = null;

  constructor(accounts: ReadonlyMap<string, VenueAccount>, markets: ReadonlyMap<string, VenueMarket>) {
    this.#accounts = accounts;
    this.#markets = markets;
    this.futures = new Map([...accounts.keys()].map((name) => [name, new FuturesAccount()]));
  }

  /** Whose open orders hold margin. */
  attach(store: OrderStore): void {
    this.#store = store;
  }

  of(account: string): FuturesAccount {
    const found = this.futures.get(account);
    if (found === undefined) throw new Error(`no account ${account}`);
    return found;
  }

  wallet(account: string): QuoteAmount {
    return asQuote(this.#account(account).holdings.total(MARGIN_ASSET));
  }

  margin(account: string): MarginState {
    const open = this.#store?.open(account) ?? [];
    return marginState(this.#markets, this.of(account), this.wallet(account), open);
  }

  reserve(market: VenueMarket, order: OrderRecord): void {
    const account = this.of(order.account);
    if (account.isDual === (order.positionSide === 'BOTH')) throw new Refusal('position-side');
    const position = account.positions.of(market.symbol.id, order.positionSide);
    if (isReducing(order) && reducible(position, order).lte(0)) throw new Refusal('reduce-only');
    if (order.origin === 'liquidation') return;
    const worth = openingWorth(this.#markets, account, order, order.amount);
    const needed = initialMargin(account, market.symbol.id, worth);
    if (needed.gt(this.margin(order.account).available)) throw new Refusal('insufficient-balance');
  }

  cap(market: VenueMarket, order: OrderRecord, left: BaseAmount): BaseAmount {
    if (!isReducing(order)) return left;
    const position = this.of(order.account).positions.of(market.symbol.id, order.positionSide);
    return minimum(left, reducible(position, order));
  }

  fill(market: VenueMarket, order: OrderRecord, match: Match, isMaker: boolean): FillMoney {
    const account = this.#account(order.account);
    const futures = this.of(order.account);
    const position = futures.positions.of(market.symbol.id, order.positionSide);
    const before = absolute(position.amount);
    const { price, amount } = match;
    const change = futures.positions.trade(position, order.side, amount, price, market.clock.now());
    this.#moveIsolated(futures, position, before, change, notional(price, change.opened));
    const rate = (isMaker ? account.terms.makerBps : account.terms.takerBps) / BPS;
    const fee = rounded(scale(notional(price, amount), rate), DECIMALS);
    account.holdings.credit(MARGIN_ASSET, asAsset(change.realized));
    this.pay(order.account, fee);
    this.#changed.add(order.account);
    return { fee: asAsset(fee), feeAsset: MARGIN_ASSET, realizedPnl: change.realized };
  }

  fillOther(market: VenueMarket, match: Match, side: 'buy' | 'sell'): void {
    const position = this.populationPositions.of(market.symbol.id);
    const { price, amount } = match;
    const { realized } = this.populationPositions.trade(position, side, amount, price, market.clock.now());
    this.others.credit(MARGIN_ASSET, asAsset(realized));
  }

  /** Out of an account's wallet to everybody else; below 0 the other way. */
  pay(account: string, amount: QuoteAmount): void {
    this.#account(account).holdings.debit(MARGIN_ASSET, asAsset(amount));
    this.others.credit(MARGIN_ASSET, asAsset(amount));
  }

  release(): void {
    // Margin of orders is counted over the open ones; there is nothing to give back.
  }

  touched(_market: VenueMarket, order: OrderRecord): readonly string[] {
    return this.#changed.delete(order.account) ? [MARGIN_ASSET] : [];
  }

  /** The share of a closed part leaves the isolated wallet, an opened part brings its margin. */
  #moveIsolated(
    futures: FuturesAccount,
    position: Position,
    held: BaseAmount,
    change: Change,
    openedWorth: QuoteAmount,
  ): void {
    if (futures.marginType(position.symbol) !== 'isolated') return;
    const { isolatedWallet } = position;
    const freed = change.closed.isZero()
      ? ZERO_QUOTE
      : rounded(scale(isolatedWallet, change.closed.div(held)), DECIMALS);
    const left = change.closed.eq(held) ? ZERO_QUOTE : subtract(isolatedWallet, freed);
    position.isolatedWallet = add(left, initialMargin(futures, position.symbol, openedWorth));
  }

  #account(name: string): VenueAccount {
    const account = this.#accounts.get(name);
    if (account === undefined) throw new Error(`no account ${name}`);
    return account;
  }
}

/** In hedge mode a sell of the long side and a buy of the short one can only make it smaller. */
const isReducing = ({ reduceOnly, positionSide, side }: OrderRecord): boolean =>
  reduceOnly || (positionSide !== 'BOTH' && (positionSide === 'LONG') === (side === 'sell'));

/** How much of a position an order of its side could close. */
function reducible({ amount }: Position, { side }: OrderRecord): BaseAmount {
  const isAgainst = amount.gt(0) === (side === 'sell');
  return isAgainst ? absolute(amount) : subtract(amount, amount);
}
