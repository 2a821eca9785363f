import {
  type AssetAmount,
  add,
  asAsset,
  assetAmount,
  type BaseAmount,
  minimum,
  notional,
  subtract,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import { Holdings } from '../accounts/holdings.ts';
import type { VenueAccount } from '../accounts/venue-account.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { Match } from '../matching/matching-engine.ts';
import type { FillMoney, Funds } from '../orders/funds.ts';
import { isStopType, type OrderRecord, stateOf } from '../orders/order-record.ts';
import { Refusal } from '../orders/refusal.ts';
import { spotFee } from './spot-fees.ts';

const NOTHING = assetAmount(0);

/** Coins: a buy sets aside quote currency, a sell the coins; every asset that leaves one pocket arrives in another. */
export class SpotFunds implements Funds {
  /** What the population has won and lost since the opening; may be negative. */
  readonly population = new Holdings();
  /** What the venue took in fees. */
  readonly earned = new Holdings();
  readonly #accounts: ReadonlyMap<string, VenueAccount>;
  readonly #markets: ReadonlyMap<string, VenueMarket>;
  readonly #reserved = new Map<OrderRecord, AssetAmount>();

  constructor(accounts: ReadonlyMap<string, VenueAccount>, markets: ReadonlyMap<string, VenueMarket>) {
    this.#accounts = accounts;
    this.#markets = markets;
  }

  reserve(market: VenueMarket, order: OrderRecord): void {
    const needed = this.#needed(market, order);
    const asset = payingAsset(order);
    const { holdings } = this.#account(order);
    if (holdings.of(asset).free.lt(needed)) throw new Refusal('insufficient-balance');
    holdings.lock(asset, needed);
    this.#reserved.set(order, needed);
  }

  cap(_market: VenueMarket, order: OrderRecord, left: BaseAmount): BaseAmount {
    if (order.side === 'buy' || order.quoteAmount === undefined) return left;
    // A sell that names a sum sells no more coins than were set aside for it.
    return minimum<AssetAmount>(asAsset(left), this.#reserved.get(order) ?? NOTHING) as AssetAmount &
      BaseAmount;
  }

  fill(market: VenueMarket, order: OrderRecord, match: Match, isMaker: boolean): FillMoney {
    const account = this.#account(order);
    const { base, quote } = market.symbol;
    const sum = notional(match.price, match.amount);
    const [paid, got] = order.side === 'buy' ? [sum, match.amount] : [match.amount, sum];
    this.#spend(account, order, asAsset(paid));
    account.holdings.credit(order.side === 'buy' ? base : quote, asAsset(got));
    const priced = { side: order.side, amount: match.amount, quote: sum, isMaker };
    const fee = spotFee(
      account,
      market,
      priced,
      (asset, by) => this.#markets.get(`${asset}${by}`)?.lastPrice,
    );
    account.holdings.debit(fee.asset, fee.amount);
    this.earned.credit(fee.asset, fee.amount);
    this.#giveBackSurplus(account, order, match.amount);
    return { fee: fee.amount, feeAsset: fee.asset, realizedPnl: ZERO_QUOTE };
  }

  fillOther(market: VenueMarket, match: Match, side: 'buy' | 'sell'): void {
    const { base, quote } = market.symbol;
    const sum = asAsset(notional(match.price, match.amount));
    const [paid, got] = side === 'buy' ? [quote, base] : [base, quote];
    this.population.debit(paid, side === 'buy' ? sum : asAsset(match.amount));
    this.population.credit(got, side === 'buy' ? asAsset(match.amount) : sum);
  }

  release(_market: VenueMarket, order: OrderRecord): void {
    const left = this.#reserved.get(order);
    if (left === undefined) return;
    this.#reserved.delete(order);
    this.#account(order).holdings.unlock(payingAsset(order), left);
  }

  touched(market: VenueMarket, order: OrderRecord): readonly string[] {
    const { base, quote } = market.symbol;
    const { feeAsset } = this.#account(order).terms;
    return feeAsset === null || feeAsset === base || feeAsset === quote
      ? [base, quote]
      : [base, quote, feeAsset];
  }

  #needed(market: VenueMarket, order: OrderRecord): AssetAmount {
    if (order.side === 'sell')
      return order.quoteAmount === undefined
        ? asAsset(order.amount)
        : this.#account(order).holdings.of(order.symbol.base).free;
    if (order.quoteAmount !== undefined) return asAsset(order.quoteAmount);
    const price =
      order.price ?? (isStopType(order.type) && !stateOf(order).working ? order.stopPrice : undefined);
    if (price !== undefined) return asAsset(notional(price, order.amount));
    return asAsset(market.engine.quote('buy', null, order.amount).sum);
  }

  /** Out of what was set aside; beyond it, which a market order may need, out of what is free. */
  #spend(account: VenueAccount, order: OrderRecord, paid: AssetAmount): void {
    const asset = payingAsset(order);
    const reserved = this.#reserved.get(order) ?? NOTHING;
    const fromReserve = minimum(paid, reserved);
    account.holdings.spendLocked(asset, fromReserve);
    account.holdings.debit(asset, subtract(paid, fromReserve));
    this.#reserved.set(order, subtract(reserved, fromReserve));
  }

  /** A limit buy filled below its limit keeps only what the rest can cost. */
  #giveBackSurplus(account: VenueAccount, order: OrderRecord, filledNow: BaseAmount): void {
    if (order.side === 'sell' || order.price === undefined) return;
    const left = subtract(order.amount, add(stateOf(order).filled, filledNow));
    const needed = asAsset(notional(order.price, left));
    const surplus = subtract(this.#reserved.get(order) ?? NOTHING, needed);
    if (surplus.lte(0)) return;
    account.holdings.unlock(order.symbol.quote, surplus);
    this.#reserved.set(order, needed);
  }

  #account(order: OrderRecord): VenueAccount {
    const account = this.#accounts.get(order.account);
    if (account === undefined) throw new Error(`no account ${order.account}`);
    return account;
  }
}

const payingAsset = ({ side, symbol }: OrderRecord): string => (side === 'buy' ? symbol.quote : symbol.base);
