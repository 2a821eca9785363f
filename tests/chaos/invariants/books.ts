import {
  type AccountEvent,
  type AssetAmount,
  add,
  assetAmount,
  type Fill,
  negate,
  notional,
  type Order,
  type OrderLedger,
  type QuoteAmount,
  quoteAmount,
  subtract,
  sum,
  text,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import type { EngineUnderTest } from '../engine-port.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import { CAPITAL } from '../scenario.ts';
import type { TrueFill } from '../venue/true-fill.ts';
import { trueUnits } from './open-units.ts';

/** What a ledger and an engine say, to be held against the venue's own records. */
export interface Books {
  readonly ledger: Pick<OrderLedger, 'fills' | 'accountEvents' | 'unfinishedOrders'>;
  readonly engine: Pick<EngineUnderTest, 'position' | 'cash'>;
}

/** Every trade is in the ledger once and as it was, and nothing else is; money and coins agree to the last digit. */
export function booksAgree(venue: NastyVenue, { ledger, engine }: Books): readonly string[] {
  const fills = [...ledger.fills()];
  const events = [...ledger.accountEvents()];
  return [
    ...sameTrades(venue, fills),
    ...samePositions(venue, engine),
    ...sameMoney(venue, engine),
    ...sameFees(venue, fills, events),
    ...sameOrders(venue, ledger),
  ];
}

function sameTrades({ matcher, records }: NastyVenue, fills: readonly Fill[]): readonly string[] {
  const booked = new Map(fills.map((fill) => [keyOf(fill), fill]));
  const violations = booked.size < fills.length ? ['a trade is in the ledger twice'] : [];
  for (const filled of matcher.fills) {
    const key = keyOf(filled.fill);
    const fill = booked.get(key);
    booked.delete(key);
    const said = fill === undefined ? 'nothing' : describe(fill, fill.purpose);
    const was = describe(filled.fill, filled.purpose);
    const { order } = filled;
    const isBeyondAsking = order !== null && records.isBeyondAsking(order);
    if (isBeyondAsking && said === describe(filled.fill, 'external')) continue;
    if (said !== was) violations.push(`trade ${key} was ${was}, the ledger says ${said}`);
  }
  return [...violations, ...[...booked.keys()].map((key) => `trade ${key} is in the ledger and never was`)];
}

function samePositions(venue: NastyVenue, engine: Books['engine']): readonly string[] {
  return [...venue.markets.keys()].flatMap((symbol) => {
    const [was, said] = [text(trueUnits(venue, symbol)), text(engine.position(symbol))];
    return was === said ? [] : [`the position in ${symbol} is ${was}, the engine says ${said}`];
  });
}

function sameMoney(venue: NastyVenue, engine: Books['engine']): readonly string[] {
  const traded = venue.matcher.fills
    .filter((filled) => isOurMoney(venue, filled))
    .map((filled) => cashOf(venue, filled));
  const moved = venue.accountEvents.filter(({ kind }) => kind !== 'fee').map(({ quoteValue }) => quoteValue);
  const was = text(sum(ZERO_QUOTE, [quoteAmount(CAPITAL), ...traded, ...moved]));
  const said = text(engine.cash());
  return was === said ? [] : [`the cash is ${was}, the engine says ${said}`];
}

/** Trades by hand in a spot market are between a human and his own coins. */
function isOurMoney({ markets }: NastyVenue, { fill, hand }: TrueFill): boolean {
  return hand === 'ours' || markets.get(fill.symbol)?.kind === 'perpetual';
}

function cashOf({ markets }: NastyVenue, { fill }: TrueFill): QuoteAmount {
  const value = notional(fill.price, fill.amount);
  const paid = fill.side === 'buy' ? negate(value) : value;
  return fill.fee.asset === markets.get(fill.symbol)?.base ? paid : subtract(paid, fill.fee.quoteValue);
}

/** Fees by asset, each as it was told last. */
function sameFees(
  { matcher }: NastyVenue,
  fills: readonly Fill[],
  events: readonly AccountEvent[],
): readonly string[] {
  const corrections = new Map(
    events
      .filter(({ kind }) => kind === 'fee')
      .map(({ symbol, tradeId, asset, amount }) => [
        `${symbol} ${tradeId}`,
        { asset, amount: negate(amount) },
      ]),
  );
  const said = totals(fills.map((fill) => corrections.get(keyOf(fill)) ?? fill.fee));
  const was = totals(matcher.fills.map(({ fill }) => fill.fee));
  return [...new Set([...was.keys(), ...said.keys()])].flatMap((asset) => {
    const [paid, booked] = [text(was.get(asset) ?? NOTHING), text(said.get(asset) ?? NOTHING)];
    return paid === booked ? [] : [`fees of ${paid} ${asset} were taken, the ledger says ${booked}`];
  });
}

const NOTHING = assetAmount(0);

function totals(
  fees: readonly ({ readonly asset: string; readonly amount: AssetAmount } | null)[],
): ReadonlyMap<string, AssetAmount> {
  const byAsset = new Map<string, AssetAmount>();
  for (const fee of fees) {
    if (fee !== null) byAsset.set(fee.asset, add(byAsset.get(fee.asset) ?? NOTHING, fee.amount));
  }
  return byAsset;
}

/** The ledger holds as working what works at the venue, with what it filled, and nothing else. */
function sameOrders({ matcher }: NastyVenue, ledger: Books['ledger']): readonly string[] {
  const working = matcher.working.filter(({ origin }) => origin.hand === 'ours');
  const was = new Map<string, string>(
    working.map(
      ({ terms, origin }) => [`${(origin.parent?.terms ?? terms).clientOrderId}`, terms.symbol] as const,
    ),
  );
  const said = new Map<string, Order>(ledger.unfinishedOrders().map((order) => [order.clientOrderId, order]));
  return [
    ...[...was.keys()]
      .filter((id) => !said.has(id))
      .map((id) => `order ${id} works, and has ended in the ledger`),
    ...[...said]
      .filter(([id]) => !was.has(id))
      .map(([id, { status }]) => `order ${id} is ${status} in the ledger and does not work`),
    ...[...said].flatMap(([id, order]) => {
      const filled = sum(
        ZERO_BASE,
        matcher.fills.filter((each) => ownerOf(each) === id).map(({ fill }) => fill.amount),
      );
      return filled.eq(order.filledAmount)
        ? []
        : [`order ${id} filled ${text(filled)}, the ledger says ${text(order.filledAmount)}`];
    }),
  ];
}

/** Our id of the order that filled, of a child its parent's. */
function ownerOf({ order }: TrueFill): string {
  return `${(order?.origin.parent?.terms ?? order?.terms)?.clientOrderId}`;
}

function keyOf({ symbol, tradeId }: { readonly symbol: string; readonly tradeId: string }): string {
  return `${symbol} ${tradeId}`;
}

function describe({ side, price, amount }: Pick<Fill, 'side' | 'price' | 'amount'>, purpose: string): string {
  return `${purpose} ${side} ${text(amount)}@${text(price)}`;
}
