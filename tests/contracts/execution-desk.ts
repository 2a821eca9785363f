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
  subtract,
  text,
  type VenueProfile,
} from '../../core/domain/index.ts';
import { ClientOrderIds, ExecutionDesk, type ProtectionTrouble } from '../../core/execution/index.ts';
import { MemoryOrderLedger } from '../../core/storage/index.ts';
import { intentOf } from './builders.ts';
import { FaultyExchange } from './faulty-exchange.ts';
import { PERPETUAL, SPOT, testVenue } from './simulated-venue.ts';
import { VirtualTimers } from './virtual-timers.ts';

const CASH = 'USDT';

/** How a patient venue is to be asked: what most real ones need before "absent" may be believed. */
export const DOUBTFUL: Partial<VenueProfile> = { absence: { answers: 3, windowMs: 10_000 } };

const LATCHED: GateAnswer = { allowed: false, code: 'kill-switch', message: 'engaged' };

/** A venue where every symbol has traded at 100. */
function openedVenue(): ReturnType<typeof testVenue> {
  const venue = testVenue();
  for (const symbol of [SPOT, PERPETUAL, 'ETH/USDT']) venue.step(symbol, [100, 100, 100, 100]);
  return venue;
}

/** What is held, folded from fills as the portfolio does it: fills of other hands move positions of derivatives only. */
function books() {
  const positions = new Map<string, Position>();
  const assets = new Map<string, AssetAmount>([[CASH, assetAmount(10_000)]]);
  const position = (symbol: string): Position => positions.get(symbol) ?? flatPosition(symbol);
  const credit = (asset: string, amount: AssetAmount): void => {
    assets.set(asset, add(assets.get(asset) ?? assetAmount(0), amount));
  };
  function fold(fill: Fill): void {
    const { symbol, side, amount, fee } = fill;
    const isSpot = !symbol.includes(':');
    if (fill.purpose === 'external' && isSpot) return;
    const coin = symbol.slice(0, 3);
    const before = position(symbol);
    const { position: after, closed } = foldFill(before, fill, coin);
    positions.set(symbol, after);
    if (fee !== null) credit(fee.asset, negate(fee.amount));
    if (!isSpot) {
      credit(CASH, asAsset(subtract(closed?.grossPnl ?? after.realisedPnl, before.realisedPnl)));
      return;
    }
    const cash = asAsset(notional(fill.price, amount));
    credit(CASH, side === 'buy' ? negate(cash) : cash);
    credit(coin, side === 'buy' ? asAsset(amount) : negate(asAsset(amount)));
  }
  return { positions, assets, position, credit, fold };
}

/** The engine's own execution desk, against a simulated venue on a bad line, in virtual time. */
export function executionDesk(
  options: {
    readonly venue?: ReturnType<typeof testVenue>;
    readonly exchange?: FaultyExchange;
    readonly ledger?: OrderLedger;
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
  const { positions, assets, position, credit, fold } = books();
  for (const fill of ledger.fills()) fold(fill);

  const desk = new ExecutionDesk({
    exchange,
    ledger,
    gate: { mayLeave: (intent) => gate.ask(intent) },
    holdings: {
      position,
      positions: () => [...positions.values()].filter(({ quantity }) => !quantity.isZero()),
      assets: () => assets,
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
      credit(event.asset, event.amount);
    },
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
    stops,
    there,
    calls,
  };
}

export type DeskUnderTest = ReturnType<typeof executionDesk>;
