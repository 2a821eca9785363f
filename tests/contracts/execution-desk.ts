import {
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
import {
  ClientOrderIds,
  Flattener,
  OrderManager,
  Reconciler,
  StopKeeper,
} from '../../core/execution/index.ts';
import { MemoryOrderLedger } from '../../core/storage/index.ts';
import { intentOf } from './builders.ts';
import { FaultyExchange } from './faulty-exchange.ts';
import { PERPETUAL, SPOT, testVenue } from './simulated-venue.ts';

/** A venue where every symbol has traded at 100. */
function openedVenue(): ReturnType<typeof testVenue> {
  const venue = testVenue();
  for (const symbol of [SPOT, PERPETUAL, 'ETH/USDT']) venue.step(symbol, [100, 100, 100, 100]);
  return venue;
}

/** Execution as the engine wires it, against a simulated venue on a bad line. */
export function executionDesk(
  options: {
    readonly venue?: ReturnType<typeof testVenue>;
    readonly ledger?: OrderLedger;
    readonly symbols?: readonly string[];
  } = {},
) {
  const venue = options.venue ?? openedVenue();
  const exchange = new FaultyExchange(venue.exchange);
  const ledger = options.ledger ?? new MemoryOrderLedger();
  const ids = new ClientOrderIds('test');
  const positions = new Map<string, Position>();
  const stopPrices = new Map<string, Price>();
  const fills: Fill[] = [];
  const faults: string[] = [];
  const history: string[] = [];
  const gate: { answer: GateAnswer; ask: () => GateAnswer } = {
    answer: { allowed: true },
    ask: () => gate.answer,
  };
  const reader = { position: (symbol: string) => positions.get(symbol) ?? flatPosition(symbol) };
  const fold = (fill: Fill): void => {
    fills.push(fill);
    const base = fill.symbol.slice(0, 3);
    positions.set(fill.symbol, foldFill(reader.position(fill.symbol), fill, base).position);
  };
  for (const fill of ledger.fills()) fold(fill);

  const orders = new OrderManager({
    exchange,
    ledger,
    clock: venue.clock,
    gate: { mayLeave: () => gate.ask() },
    log: SILENT_LOGGER,
    positions: reader,
    ids,
    onFill: (fill) => {
      fold(fill);
      stops.follow(reader.position(fill.symbol), stopPrices.get(fill.symbol) ?? null);
    },
    onOrder: (order: Order) => history.push(`${order.clientOrderId} ${order.status}`),
    onFault: (message) => faults.push(message),
  });
  const stops = new StopKeeper({
    orders,
    ids,
    positions: reader,
    instruments: (symbol) => exchange.instrument(symbol),
    clock: venue.clock,
    log: SILENT_LOGGER,
  });
  const symbols = options.symbols ?? [SPOT];
  const reconciler = new Reconciler({ orders, exchange, positions: reader, symbols, log: SILENT_LOGGER });
  let waits = 0;
  const onWait: { run: () => void } = { run: () => undefined };
  const flattener = new Flattener({
    orders,
    exchange,
    ids,
    clock: venue.clock,
    log: SILENT_LOGGER,
    wait: async () => {
      waits += 1;
      onWait.run();
    },
  });

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
    ids,
    orders,
    stops,
    reconciler,
    flattener,
    reader,
    gate,
    fills,
    faults,
    history,
    onWait,
    waits: () => waits,
    place,
    enter,
    statusOf,
    quantity,
    protect,
    working,
  };
}
