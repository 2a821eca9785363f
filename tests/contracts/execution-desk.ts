import {
  type AccountEvent,
  type AssetAmount,
  type ClientOrderId,
  type Fill,
  flatPosition,
  foldFill,
  type GateAnswer,
  type Order,
  type OrderIntent,
  type OrderLedger,
  type Position,
  type Price,
  price,
  SILENT_LOGGER,
} from '../../core/domain/index.ts';
import { ClientOrderIds, ExecutionDesk, type ProtectionTrouble } from '../../core/execution/index.ts';
import { MemoryOrderLedger } from '../../core/storage/index.ts';
import { intentOf } from './builders.ts';
import { FaultyExchange } from './faulty-exchange.ts';
import { PERPETUAL, SPOT, testVenue } from './simulated-venue.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** A venue where every symbol has traded at 100. */
function openedVenue(): ReturnType<typeof testVenue> {
  const venue = testVenue();
  for (const symbol of [SPOT, PERPETUAL, 'ETH/USDT']) venue.step(symbol, [100, 100, 100, 100]);
  return venue;
}

/** The engine's own execution desk, against a simulated venue on a bad line, in virtual time. */
export function executionDesk(
  options: {
    readonly venue?: ReturnType<typeof testVenue>;
    readonly exchange?: FaultyExchange;
    readonly ledger?: OrderLedger;
    readonly symbols?: readonly string[];
    readonly timers?: VirtualTimers;
  } = {},
) {
  const venue = options.venue ?? openedVenue();
  const exchange = options.exchange ?? new FaultyExchange(venue.exchange);
  const ledger = options.ledger ?? new MemoryOrderLedger();
  const timers = options.timers ?? new VirtualTimers();
  const positions = new Map<string, Position>();
  const stopPrices = new Map<string, Price>();
  /** What the account should hold; nothing is compared where a test does not say. */
  const assets = new Map<string, AssetAmount>();
  const fills: Fill[] = [];
  const faults: (string | null)[] = [];
  const events: AccountEvent[] = [];
  const troubles: (ProtectionTrouble['protection'] | null)[] = [];
  const history: string[] = [];
  const gate: { answer: GateAnswer; ask: () => GateAnswer } = {
    answer: { allowed: true },
    ask: () => gate.answer,
  };
  const reader = { position: (symbol: string) => positions.get(symbol) ?? flatPosition(symbol) };
  const fold = (fill: Fill): void => {
    fills.push(fill);
    const base = fill.symbol.slice(0, 3);
    if (fill.purpose === 'external' && !fill.symbol.includes(':')) return;
    positions.set(fill.symbol, foldFill(reader.position(fill.symbol), fill, base).position);
  };
  for (const fill of ledger.fills()) fold(fill);

  const desk = new ExecutionDesk({
    exchange,
    ledger,
    gate: { mayLeave: () => gate.ask() },
    holdings: {
      ...reader,
      positions: () => [...positions.values()].filter(({ quantity }) => !quantity.isZero()),
      assets: () => assets,
    },
    plans: { stopPrice: (symbol) => stopPrices.get(symbol) ?? null },
    ids: new ClientOrderIds('test'),
    symbols: options.symbols ?? [SPOT],
    clocks: { market: venue.clock, wall: venue.clock },
    timers,
    log: SILENT_LOGGER,
    onFill: fold,
    onOrder: (order: Order) => history.push(`${order.clientOrderId} ${order.status}`),
    onAccountEvent: (event) => events.push(event),
    onFault: (message) => faults.push(message),
    onProtection: (_symbol, trouble) => troubles.push(trouble?.protection ?? null),
  });
  const { orders } = desk;

  function place(id: string, given: Parameters<typeof intentOf>[1] = {}) {
    const { createdAt: _, ...request }: OrderIntent = intentOf(id, given);
    return orders.place(request);
  }
  /** Places a market entry and lets it fill at a price. */
  async function enter(id: string, at: number, given: Parameters<typeof intentOf>[1] = {}) {
    const result = await place(id, given);
    const symbol = given.symbol ?? SPOT;
    venue.step(symbol, [at, at, at, at]);
    await orders.idle();
    return result;
  }
  const statusOf = (id: string) => orders.order(id as ClientOrderId)?.status;
  const quantity = (symbol = SPOT) => reader.position(symbol).quantity.toFixed();
  const protect = (at: number | string, symbol = SPOT) => stopPrices.set(symbol, price(at));
  const working = (purpose: Order['purpose'], symbol = SPOT) =>
    orders.unfinished(symbol).filter((order) => order.purpose === purpose);
  return {
    venue,
    exchange,
    ledger,
    timers,
    desk,
    ids: desk.ids,
    orders,
    flattener: desk.flattener,
    reader,
    assets,
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
  };
}
