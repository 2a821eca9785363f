import {
  asBase,
  type BaseAmount,
  type Exchange,
  type FillCursor,
  type OrderIntent,
  type OrderLookup,
  type OrderRef,
  sum,
  type UtcMs,
  type VenueEvent,
  type VenueFill,
  type VenueOrder,
  ZERO_BASE,
} from '../../core/domain/index.ts';
import { intentOf, refTo } from './builders.ts';

/**
 * A venue that has not been opened, with enough money to trade one symbol whose price is 100 at the start and whose
 * lot is at most 0.01, and with little room on a page of fills: the less, the harder the test.
 */
export interface ExchangeUnderTest {
  readonly exchange: Exchange;
  readonly symbol: string;
  /**
   * Lets the market trade in a straight line from where it is to a price, with volume for everybody. Between a
   * second and an hour of market time go by.
   */
  moveTo(price: number): void | Promise<void>;
  /** Market time. */
  now(): UtcMs;
}

export type MakeExchange = () => ExchangeUnderTest | Promise<ExchangeUnderTest>;

/** An exchange that has been opened, and what its tests do with it. */
export async function started(makeExchange: MakeExchange) {
  const { exchange, symbol, moveTo, now } = await makeExchange();
  await exchange.open({ symbols: [symbol] });
  const events: VenueEvent[] = [];
  const stopListening = exchange.onEvent((event) => events.push(event));
  const intent = (id: string, given: Parameters<typeof intentOf>[1] = {}): OrderIntent =>
    intentOf(id, { symbol, amount: '0.5', ...given });
  const ref = (id: string, given: Partial<OrderRef> = {}): OrderRef => refTo(id, { symbol, ...given });
  const found = async (id: string, given: Partial<OrderRef> = {}): Promise<VenueOrder | undefined> =>
    orderIn(await exchange.order(ref(id, given)));
  const fills = async (): Promise<readonly VenueFill[]> => (await readFills(exchange, symbol)).fills;
  const lastOrderEvent = (): VenueOrder | undefined =>
    events.findLast((event) => event.kind === 'order')?.order;
  const instrument = exchange.instrument(symbol);
  if (instrument === undefined) throw new TypeError(`${symbol} is not listed`);
  /** What the account holds of the symbol: coins, or the signed position. */
  const held = async (): Promise<BaseAmount> => {
    const { assets, positions } = await exchange.account();
    const coins = assets.get(instrument.base)?.total;
    if (instrument.kind === 'spot') return coins === undefined ? ZERO_BASE : asBase(coins);
    return positions.get(symbol) ?? ZERO_BASE;
  };
  return {
    exchange,
    symbol,
    instrument,
    moveTo,
    now,
    events,
    stopListening,
    intent,
    ref,
    found,
    fills,
    lastOrderEvent,
    held,
  };
}

/** Every fill from a cursor on, and the cursor to go on from. */
export async function readFills(
  exchange: Exchange,
  symbol: string,
  from: { readonly cursor?: FillCursor | null; readonly since?: UtcMs } = {},
  betweenPages: () => unknown = () => undefined,
): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: FillCursor | null }> {
  const { since = 0 } = from;
  const fills: VenueFill[] = [];
  let cursor = from.cursor ?? null;
  for (let more = true; more; ) {
    const page = await exchange.fills({ symbol, cursor, since });
    fills.push(...page.fills);
    cursor = page.cursor ?? cursor;
    more = page.more;
    if (more) await betweenPages();
  }
  return { fills, cursor };
}

export const amountOf = (fills: readonly VenueFill[]): string =>
  sum(
    ZERO_BASE,
    fills.map((fill) => fill.amount),
  ).toFixed();

export const idsOf = (fills: readonly VenueFill[]): readonly string[] => fills.map(({ tradeId }) => tradeId);

export const orderIn = (lookup: OrderLookup): VenueOrder | undefined =>
  lookup.kind === 'found' ? lookup.order : undefined;
