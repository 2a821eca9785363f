import {
  type AccountEvent,
  type AssetAmount,
  add,
  asAsset,
  assetAmount,
  type ClientOrderId,
  type Fill,
  flatPosition,
  foldFill,
  type GateAnswer,
  negate,
  notional,
  type Order,
  type OrderIntent,
  type OrderLedger,
  type Position,
  type Price,
  price,
  SILENT_LOGGER,
  type StateStore,
  subtract,
  text,
  type VenueProfile,
} from '../../core/domain/index.ts';
import { ClientOrderIds, ExecutionDesk, type ProtectionTrouble } from '../../core/execution/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../core/storage/index.ts';
import { intentOf } from './builders.ts';
import { FaultyExchange } from './faulty-exchange.ts';
import { PERPETUAL, SPOT, testVenue } from './simulated-venue.ts';
import { VirtualTimers } from './virtual-timers.ts';

const CASH = 'USDT';

/** How a patient venue is to be asked: what most real ones need before "absent" may be believed. */
export const DOUBTFUL: Partial<VenueProfile> = {
  absence: { answers: 3, windowMs: 10_000 },
  stopsBecomeOrders: true,
};

const LATCHED: GateAnswer = { allowed: false, code: 'kill-switch', message: 'engaged' };

/** A venue where every symbol has traded at 100. */
function openedVenue(): ReturnType<typeof testVenue> {
  const venue = testVenue();
  for (const symbol of [SPOT, PERPETUAL, 'ETH/USDT']) venue.step(symbol, [100, 100, 100, 100]);
  return venue;
}

/** What is held, folded from fills as the portfolio does it: fills of other hands move positions of derivatives only. */
function books() {
  const fills: Fill[] = [];
  const credits: { readonly asset: string; readonly amount: AssetAmount }[] = [];
  const positions = new Map<string, Position>();
  const position = (symbol: string): Position => positions.get(symbol) ?? flatPosition(symbol);

  function fold(fill: Fill): void {
    if (fill.purpose === 'external' && !fill.symbol.includes(':')) return;
    fills.push(fill);
    positions.set(fill.symbol, foldFill(position(fill.symbol), fill, coinOf(fill)).position);
  }
  /** Profit depends on the order of fills, and they may be told in another: the venue's own times decide. */
  function assets(): Map<string, AssetAmount> {
    const held = new Map<string, AssetAmount>([[CASH, assetAmount(10_000)]]);
    const credit = (asset: string, amount: AssetAmount): void => {
      held.set(asset, add(held.get(asset) ?? assetAmount(0), amount));
    };
    const folded = new Map<string, Position>();
    for (const { asset, amount } of credits) credit(asset, amount);
    for (const fill of fills.toSorted(byTime)) {
      const { symbol, side, amount, fee } = fill;
      if (fee !== null) credit(fee.asset, negate(fee.amount));
      if (symbol.includes(':')) {
        const before = folded.get(symbol) ?? flatPosition(symbol);
        const { position: after, closed } = foldFill(before, fill, coinOf(fill));
        folded.set(symbol, after);
        credit(CASH, asAsset(subtract(closed?.grossPnl ?? after.realisedPnl, before.realisedPnl)));
      } else {
        const cash = asAsset(notional(fill.price, amount));
        credit(CASH, side === 'buy' ? negate(cash) : cash);
        credit(coinOf(fill), side === 'buy' ? asAsset(amount) : negate(asAsset(amount)));
      }
    }
    return held;
  }
  return { positions, credits, position, assets, fold };
}

const coinOf = ({ symbol }: Fill): string => symbol.slice(0, 3);
const byTime = (a: Fill, b: Fill): number => a.time - b.time || ordinalOf(a) - ordinalOf(b);
const ordinalOf = ({ tradeId }: Fill): number => Number(tradeId.replace(/\D/g, ''));

/** The engine's own execution desk, against a simulated venue on a bad line, in virtual time. */
export function executionDesk(
  options: {
    readonly venue?: ReturnType<typeof testVenue>;
    readonly exchange?: FaultyExchange;
    readonly ledger?: OrderLedger;
    readonly state?: StateStore;
    readonly unwritten?: () => string | null;
    readonly symbols?: readonly string[];
    readonly timers?: VirtualTimers;
    /** How the venue differs from the simulated one. */
    readonly profile?: Partial<VenueProfile>;
  } = {},
) {
  const venue = options.venue ?? openedVenue();
  const exchange = options.exchange ?? new FaultyExchange(venue.exchange, venue.clock);
  exchange.profile = { ...exchange.profile, ...options.profile };
  const ledger = options.ledger ?? new MemoryOrderLedger();
  const timers = options.timers ?? new VirtualTimers();
  const stopPrices = new Map<string, Price>();
  const fills: Fill[] = [];
  const faults: (string | null)[] = [];
  const events: AccountEvent[] = [];
  const troubles: (ProtectionTrouble['protection'] | null)[] = [];
  const history: string[] = [];
  const gate: { answer: GateAnswer; ask: (intent: OrderIntent) => GateAnswer; onlyEmergencies: boolean } = {
    answer: { allowed: true },
    ask: ({ purpose }) => (gate.onlyEmergencies && purpose !== 'emergency' ? LATCHED : gate.answer),
    onlyEmergencies: false,
  };
  const { positions, credits, position, assets, fold } = books();
  /** What the account should hold, where a test wants it to be something else. */
  const given = new Map<string, AssetAmount>();
  for (const fill of ledger.fills()) fold(fill);

  const desk = new ExecutionDesk({
    exchange,
    ledger,
    ...(options.unwritten === undefined ? {} : { unwritten: options.unwritten }),
    state: options.state ?? new MemoryStateStore(),
    gate: { mayLeave: (intent) => gate.ask(intent) },
    holdings: {
      position,
      positions: () => [...positions.values()].filter(({ quantity }) => !quantity.isZero()),
      assets: () => new Map([...assets(), ...given]),
    },
    plans: { stopPrice: (symbol) => stopPrices.get(symbol) ?? null },
    ids: new ClientOrderIds('test'),
    symbols: options.symbols ?? [SPOT],
    clocks: { market: venue.clock, wall: venue.clock },
    timers,
    log: SILENT_LOGGER,
    onFill: (fill) => {
      fills.push(fill);
      fold(fill);
    },
    onOrder: (order) => history.push(`${order.clientOrderId} ${order.status}`),
    onAccountEvent: (event) => {
      events.push(event);
      credits.push(event);
    },
    onFault: (message) => faults.push(message),
    onProtection: (_symbol, trouble) => troubles.push(trouble?.protection ?? null),
  });
  const { orders } = desk;

  function place(id: string, wanted: Parameters<typeof intentOf>[1] = {}) {
    const { createdAt: _, ...request }: OrderIntent = intentOf(id, wanted);
    return orders.place(request);
  }
  /** Places a market entry and lets it fill at a price. */
  async function enter(id: string, at: number, wanted: Parameters<typeof intentOf>[1] = {}) {
    const result = await place(id, wanted);
    const symbol = wanted.symbol ?? SPOT;
    venue.step(symbol, [at, at, at, at]);
    await orders.idle();
    return result;
  }
  const statusOf = (id: string) => orders.order(id as ClientOrderId)?.status;
  const quantity = (symbol = SPOT) => position(symbol).quantity.toFixed();
  const protect = (at: number | string, symbol = SPOT) => stopPrices.set(symbol, price(at));
  const working = (purpose: Order['purpose'], symbol = SPOT) =>
    orders.unfinished(symbol).filter((order) => order.purpose === purpose);
  /** Stops that have not ended, as `side amount@price`, with their status where the venue has not confirmed them. */
  const stops = (symbol = SPOT) =>
    orders
      .unfinished(symbol)
      .filter(({ type }) => type === 'stop')
      .map(({ side, amount, stopPrice, status }) => {
        const words = `${side} ${text(amount)}@${stopPrice === null ? '' : text(stopPrice)}`;
        return status === 'OPEN' || status === 'PARTIALLY_FILLED' ? words : `${words} ${status}`;
      });
  /** What the venue itself works, by our ids or its own. */
  const there = async () =>
    (await venue.exchange.openOrders()).map(
      ({ clientOrderId, venueOrderId }) => clientOrderId ?? venueOrderId,
    );
  /** How often a call was made. */
  const calls = (text: string) => exchange.calls.filter((call) => call.startsWith(text)).length;
  return {
    venue,
    exchange,
    ledger,
    timers,
    desk,
    ids: desk.ids,
    orders,
    flattener: desk.flattener,
    assets: given,
    stopPrices,
    gate,
    fills,
    faults,
    events,
    troubles,
    history,
    place,
    enter,
    statusOf,
    quantity,
    protect,
    working,
    stops,
    there,
    calls,
  };
}

export type DeskUnderTest = ReturnType<typeof executionDesk>;
