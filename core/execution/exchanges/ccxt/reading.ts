import { z } from 'zod';
import {
  type AccountSnapshot,
  type AssetAmount,
  asBase,
  assetAmount,
  type BaseAmount,
  baseAmount,
  type ClientOrderId,
  clientOrderId,
  coinsOf,
  contracts,
  type Fee,
  type Instrument,
  negate,
  notional,
  type OrderRef,
  type Price,
  price,
  tradeId,
  type UtcMs,
  VenueError,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
  venueOrderId,
} from '../../../domain/index.ts';
import type { Dialect, MoneyWords } from './dialect.ts';

/** An exact number as text: ccxt is told to give numbers so. */
const Digits = z.string().regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i);
const Text = z.string().min(1);
/** In the year 5138; in microseconds it is any time since 1973. */
const NO_MILLISECONDS = 1e14;
/** UTC milliseconds, also where a venue has begun to tell microseconds. */
const Time = z
  .number()
  .int()
  .nonnegative()
  .transform((time) => (time < NO_MILLISECONDS ? time : Math.floor(time / 1_000)));
const Side = z.enum(['buy', 'sell']);
const Info = z.record(z.string(), z.unknown()).default({});
const ONE = price(1);

const OrderReply = z.object({
  id: Text,
  clientOrderId: Text.nullish(),
  symbol: Text,
  side: Side,
  type: z.string().nullish(),
  amount: Digits,
  filled: Digits.nullish(),
  price: Digits.nullish(),
  triggerPrice: Digits.nullish(),
  stopLossPrice: Digits.nullish(),
  reduceOnly: z.boolean().nullish(),
  status: z.enum(['open', 'closed', 'canceled', 'canceling', 'expired', 'rejected']),
  timestamp: Time.nullish(),
  lastUpdateTimestamp: Time.nullish(),
  info: Info,
});

const RefReply = OrderReply.pick({
  id: true,
  clientOrderId: true,
  symbol: true,
  triggerPrice: true,
  stopLossPrice: true,
  info: true,
});

const TradeReply = z.object({
  id: Text,
  order: Text.nullish(),
  symbol: Text,
  side: Side,
  price: Digits,
  amount: Digits,
  takerOrMaker: z.enum(['taker', 'maker']).nullish(),
  fee: z.object({ currency: Text.nullish(), cost: Digits.nullish() }).nullish(),
  timestamp: Time,
  info: Info,
});

const PositionReply = z.object({
  symbol: Text,
  side: z.enum(['long', 'short']).nullish(),
  contracts: Digits.nullish(),
});

const BalanceReply = z.object({
  free: z.record(z.string(), Digits.nullish()),
  total: z.record(z.string(), Digits.nullish()),
  info: Info,
});

/** What readers need to know besides the reply. */
export interface ReadingContext {
  readonly dialect: Dialect;
  readonly now: () => UtcMs;
  instrument(symbol: string): Instrument | undefined;
  /** Our id of an order, by the venue's, where this run has heard of it: trades carry the venue's alone. */
  ownIdOf(symbol: string, venueId: VenueOrderId): ClientOrderId | null;
  /** What one unit of a third asset is worth in the account's currency; null while that is not known. */
  worthOf(asset: string): Price | null;
}

/** @throws VenueError when the reply is not the list that was asked for. */
export function listOf<T>(reply: unknown, read: (row: unknown) => T): readonly T[] {
  return parsed(z.array(z.unknown()), 'list', reply).map(read);
}

/** Reads an order. @throws VenueError when the reply does not tell all of it. */
export function readOrder(reply: unknown, context: ReadingContext): VenueOrder {
  const order = parsed(OrderReply, 'order', reply);
  const { symbol, side, type, reduceOnly } = order;
  const amount = coins(order.amount, symbol, context);
  const filledAmount = coins(order.filled ?? '0', symbol, context);
  const stopPrice = stopPriceOf(order);
  const isLimit = stopPrice === null && type === 'limit';
  const refusal = filledAmount.isZero() ? refusalOf(order, context.dialect) : null;
  return {
    clientOrderId: ownIdOf(order, context.dialect),
    venueOrderId: venueOrderId(order.id),
    parentVenueOrderId: null,
    symbol,
    side,
    // A stop that waits is told as a market order.
    type: stopPrice === null ? (isLimit ? 'limit' : 'market') : 'stop',
    amount,
    filledAmount,
    limitPrice: isLimit && order.price ? price(order.price) : null,
    stopPrice: stopPrice === null ? null : price(stopPrice),
    // Where nothing is owed, what is sold can only be less.
    reduceOnly: context.dialect.markets === 'spot' ? side === 'sell' : (reduceOnly ?? false),
    status: refusal === null ? statusOf(order.status, amount, filledAmount) : 'REJECTED',
    reason: refusal,
    updatedAt: order.lastUpdateTimestamp ?? order.timestamp ?? context.now(),
  };
}

/** How the order of a row is asked about. @throws VenueError when the row does not tell. */
export function refOfRow(reply: unknown, context: ReadingContext): OrderRef {
  const row = parsed(RefReply, 'order', reply);
  const { id, symbol } = row;
  return {
    symbol,
    venueOrderId: venueOrderId(id),
    clientOrderId: ownIdOf(row, context.dialect),
    type: stopPriceOf(row) === null ? 'market' : 'stop',
  };
}

/** The asset of a trade's fee where its worth is not known from the trade itself; else null. */
export function feeAssetOf(reply: unknown, { instrument, dialect }: ReadingContext): string | null {
  const trade = parsed(TradeReply, 'trade', reply);
  const market = instrument(trade.symbol);
  const asset = feeAssetIn(trade, dialect);
  return asset === market?.settle || asset === market?.base ? null : asset;
}

/** The venue's id of the order that a stop became when it triggered; null while it waits. */
export function childOf(reply: unknown, { childField }: Dialect): VenueOrderId | null {
  if (childField === null) return null;
  const { info } = parsed(z.object({ info: Info }), 'order', reply);
  const child = info[childField];
  return (typeof child === 'string' || typeof child === 'number') && `${child}` !== '' && `${child}` !== '0'
    ? venueOrderId(`${child}`)
    : null;
}

/** Reads a trade of ours. @throws VenueError when the reply does not tell all of it. */
export function readFill(reply: unknown, context: ReadingContext): VenueFill {
  const trade = parsed(TradeReply, 'trade', reply);
  const { symbol, side, timestamp } = trade;
  const at = price(trade.price);
  const order = trade.order ? venueOrderId(trade.order) : null;
  return {
    tradeId: tradeId(trade.id),
    clientOrderId: order === null ? null : context.ownIdOf(symbol, order),
    venueOrderId: order,
    symbol,
    side,
    price: at,
    amount: coins(trade.amount, symbol, context),
    fee: feeOf(trade, at, context),
    liquidity: trade.takerOrMaker ?? 'taker',
    time: timestamp,
  };
}

/** Reads what each asset's account holds, open profits left out. @throws VenueError when the reply holds no account. */
export function readAssets(reply: unknown, money: MoneyWords | null): AccountSnapshot['assets'] {
  const { free, total, info } = parsed(BalanceReply, 'balance', reply);
  const amountOf = money === null ? undefined : moneyOf(info, money);
  const assets = Object.entries(total).flatMap(([asset, amount]) =>
    amount
      ? [
          [
            asset,
            { total: amountOf?.(asset) ?? assetAmount(amount), free: assetAmount(free[asset] ?? '0') },
          ] as const,
        ]
      : [],
  );
  return new Map(assets);
}

/** By asset what the raw balance holds. An asset that it leaves out is no asset of nothing. */
function moneyOf(
  info: Readonly<Record<string, unknown>>,
  { list, asset, amount }: MoneyWords,
): (asset: string) => AssetAmount {
  const Row = z.record(z.string(), z.unknown());
  const rows = listOf(info[list], (row) => parsed(Row, 'balance', row));
  return (name) => assetAmount(parsed(Digits, 'balance', rows.find((row) => row[asset] === name)?.[amount]));
}

/** Reads a derivative position: its symbol and its signed amount of coins. @throws VenueError likewise. */
export function readPosition(reply: unknown, context: ReadingContext): readonly [string, BaseAmount] {
  const { symbol, side, contracts: count } = parsed(PositionReply, 'position', reply);
  const held = coins(count ?? '0', symbol, context);
  return [symbol, side === 'short' ? negate(held) : held];
}

/** A stream tells orders that are no stops with a price of nothing. */
function stopPriceOf({
  triggerPrice,
  stopLossPrice,
}: Pick<z.infer<typeof OrderReply>, 'triggerPrice' | 'stopLossPrice'>): string | null {
  return [triggerPrice, stopLossPrice].find((each) => Number(each ?? 0) > 0) ?? null;
}

function ownIdOf(
  { clientOrderId: told, info }: Pick<z.infer<typeof OrderReply>, 'clientOrderId' | 'info'>,
  { ownIdField }: Dialect,
): VenueOrder['clientOrderId'] {
  const own = ownIdField === null ? undefined : info[ownIdField];
  const id = typeof own === 'string' && own !== '' ? own : told;
  return id ? clientOrderId(id) : null;
}

/** Why the matching refused an order that the venue had taken; null where it did not. */
function refusalOf({ info }: z.infer<typeof OrderReply>, { refusals }: Dialect): string | null {
  const word = refusals === null ? undefined : info[refusals.field];
  return typeof word === 'string' && refusals?.words.has(word) === true ? word : null;
}

/** What the venue itself names goes before what ccxt makes of the side. */
function feeAssetIn({ fee, info }: z.infer<typeof TradeReply>, { feeAssetField }: Dialect): string | null {
  const named = feeAssetField === null ? undefined : info[feeAssetField];
  return typeof named === 'string' && named !== '' ? named : (fee?.currency ?? null);
}

function feeOf(trade: z.infer<typeof TradeReply>, at: Price, context: ReadingContext): Fee | null {
  const { fee, symbol } = trade;
  const asset = feeAssetIn(trade, context.dialect);
  if (asset === null || !fee?.cost) return null;
  const instrument = context.instrument(symbol);
  const worth = asset === instrument?.settle ? ONE : asset === instrument?.base ? at : context.worthOf(asset);
  if (worth === null) return null;
  const amount = assetAmount(fee.cost);
  return { asset, amount, quoteValue: notional(worth, asBase(amount)) };
}

/** As far as its amounts say: what the venue calls closed has filled only where it has. */
function statusOf(
  told: z.infer<typeof OrderReply>['status'],
  amount: BaseAmount,
  filled: BaseAmount,
): VenueOrder['status'] {
  switch (told) {
    case 'open':
    case 'canceling':
      return filled.gt(0) ? 'PARTIALLY_FILLED' : 'OPEN';
    case 'closed':
      return filled.gte(amount) ? 'FILLED' : 'EXPIRED';
    case 'canceled':
      return 'CANCELED';
    case 'expired':
      return 'EXPIRED';
    case 'rejected':
      return 'REJECTED';
  }
}

function coins(count: string, symbol: string, { instrument }: ReadingContext): BaseAmount {
  const size = instrument(symbol)?.contractSize;
  return size === undefined ? baseAmount(count) : coinsOf(contracts(count), size);
}

export function parsed<T extends z.ZodType>(schema: T, what: string, reply: unknown): z.infer<T> {
  const result = schema.safeParse(reply);
  if (result.success) return result.data;
  const [why] = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new VenueError('uncertain', `the venue’s ${what} cannot be read: ${why}`);
}
