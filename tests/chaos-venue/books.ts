import { type AssetAmount, add, assetAmount } from '../../core/domain/index.ts';

/** A trade in words: two records of it that differ in a digit are two trades. */
export interface TradeSaid {
  readonly id: string;
  readonly words: string;
}

/** An order of the program's. */
export interface OrderSaid {
  readonly clientId: string;
  /** In the ledger's words. */
  readonly status: string;
  readonly filled: string;
}

/** What either side says: the venue from its own state, the ledger from its file. */
export interface Books {
  /** All of the account, whoever traded. */
  readonly trades: readonly TradeSaid[];
  readonly orders: readonly OrderSaid[];
  /** What there is more of each asset or contract than at the opening, through what is the program's business. */
  readonly flows: ReadonlyMap<string, AssetAmount>;
  /** Funding payments in their order. */
  readonly funding: readonly string[];
}

/** Where an order has not come to rest: nobody knows what became of it. */
const IN_DOUBT: ReadonlySet<string> = new Set(['INTENT', 'SENT', 'UNKNOWN']);
/** Orders of which the venue need not know: they never arrived, or were refused. */
const NEVER_THERE: ReadonlySet<string> = new Set(['REJECTED', 'CANCELED', 'EXPIRED']);

/** In which words the ledger is not what the venue says. Nothing, where they agree to the last digit. */
export function differences(venue: Books, ledger: Books): readonly string[] {
  return [
    ...tradesThatDiffer(venue.trades, ledger.trades),
    ...ordersThatDiffer(venue.orders, ledger.orders),
    ...flowsThatDiffer(venue.flows, ledger.flows),
    ...(venue.funding.join() === ledger.funding.join()
      ? []
      : [`funding was ${venue.funding.join()}, the ledger says ${ledger.funding.join()}`]),
  ];
}

function tradesThatDiffer(was: readonly TradeSaid[], said: readonly TradeSaid[]): readonly string[] {
  const booked = new Map(said.map(({ id, words }) => [id, words]));
  const found = booked.size < said.length ? ['a trade is in the ledger twice'] : [];
  for (const { id, words } of was) {
    const here = booked.get(id);
    booked.delete(id);
    if (here !== words) found.push(`trade ${id} was ${words}, the ledger says ${here ?? 'nothing'}`);
  }
  return [...found, ...[...booked.keys()].map((id) => `trade ${id} is in the ledger and never was`)];
}

function ordersThatDiffer(were: readonly OrderSaid[], said: readonly OrderSaid[]): readonly string[] {
  const here = new Map(said.map((order) => [order.clientId, order]));
  const found: string[] = [];
  for (const order of were) {
    const known = here.get(order.clientId);
    here.delete(order.clientId);
    const [there, ours] = [inWords(order), known === undefined ? 'nothing' : inWords(known)];
    if (there !== ours) found.push(`order ${order.clientId} is ${there}, the ledger says ${ours}`);
  }
  for (const order of said)
    if (IN_DOUBT.has(order.status)) found.push(`order ${order.clientId} is still in doubt: ${order.status}`);
  for (const order of here.values())
    if (!IN_DOUBT.has(order.status) && (!NEVER_THERE.has(order.status) || Number(order.filled) !== 0))
      found.push(`order ${order.clientId} is ${inWords(order)} in the ledger, the venue never had it`);
  return found;
}

const inWords = ({ status, filled }: OrderSaid): string => `${status} with ${filled} filled`;

function flowsThatDiffer(
  was: ReadonlyMap<string, AssetAmount>,
  said: ReadonlyMap<string, AssetAmount>,
): readonly string[] {
  const names = new Set([...was.keys(), ...said.keys()]);
  const of = (flows: ReadonlyMap<string, AssetAmount>, name: string): string =>
    (flows.get(name) ?? assetAmount(0)).toFixed();
  return [...names]
    .filter((name) => of(was, name) !== of(said, name))
    .map((name) => `${name} changed by ${of(was, name)}, the ledger says ${of(said, name)}`);
}

/** Adds up what came and went. */
export class Flows {
  readonly totals = new Map<string, AssetAmount>();

  count(name: string, change: string): void {
    this.totals.set(name, add(this.totals.get(name) ?? assetAmount(0), assetAmount(change)));
  }
}

/** What became of a trade on spot: coins, money and the fee in whatever asset. */
export function countSpotTrade(
  flows: Flows,
  trade: { readonly base: string; readonly quote: string } & TradeNumbers,
): void {
  const { base, quote, side, price, amount, fee, feeAsset } = trade;
  const coins = assetAmount(amount).times(side === 'buy' ? 1 : -1);
  flows.count(base, coins.toFixed());
  flows.count(quote, coins.times(price).negated().toFixed());
  flows.count(feeAsset, assetAmount(fee).negated().toFixed());
}

/** The same on futures: contracts of the symbol, and what they cost. */
export function countFuturesTrade(flows: Flows, symbolId: string, trade: TradeNumbers): void {
  const { side, price, amount, fee, feeAsset } = trade;
  const contracts = assetAmount(amount).times(side === 'buy' ? 1 : -1);
  flows.count(symbolId, contracts.toFixed());
  flows.count(feeAsset, contracts.times(price).negated().minus(fee).toFixed());
}

export interface TradeNumbers {
  readonly side: string;
  readonly price: string;
  readonly amount: string;
  readonly fee: string;
  readonly feeAsset: string;
}
