import {
  type Clocks,
  type Exchange,
  type Fill,
  type Instrument,
  isFinal,
  isOpen,
  type Logger,
  type Order,
  type OrderGate,
  type OrderLedger,
  type RoundTrip,
  type Timers,
} from '../../domain/index.ts';
import {
  ClientOrderIds,
  Flattener,
  type FlattenResult,
  OrderManager,
  type Protection,
  Reconciler,
  StopKeeper,
} from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import type { CircuitBreaker } from '../../safety/index.ts';
import type { EntryTheses } from '../loop/entry-theses.ts';

/** What is told of orders and fills. */
export interface ExecutionObserver {
  onOrder?(order: Order): void;
  onFill?(fill: Fill, closed: RoundTrip | undefined): void;
  /** Nothing is sent any more, for this reason. */
  onFault?(reason: string): void;
}

export interface ExecutionParts {
  readonly venue: Exchange;
  readonly symbols: readonly string[];
  readonly instruments: (symbol: string) => Instrument;
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly orderIdPrefix: string;
  readonly ledger: OrderLedger;
  /** Asked before every order leaves. */
  readonly gate: OrderGate;
  readonly portfolio: Portfolio;
  readonly breaker: CircuitBreaker;
  readonly theses: EntryTheses;
  readonly observer: ExecutionObserver;
  readonly log: Logger;
}

/** Step 7, wired. */
export interface Execution {
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly flattener: { flatten(): Promise<FlattenResult> };
  /** A symbol's price, told at every step: for a stop that is not at the venue. */
  price(symbol: string, price: number): void;
  /** Places the stop of every open position again where it is missing: after a restart, or taken away by hand. */
  protectAll(): void;
  protectionOf(symbol: string): Protection;
  /** Compares our books with the venue's. @returns what stands against opening positions, a line each. */
  reconcile(): Promise<readonly string[]>;
  /** Stops listening to the venue. Orders and positions stay as they are. */
  close(): void;
}

/** Orders, stops, reconciliation and the way out, around one venue and one account. */
export function wireExecution(parts: ExecutionParts): Execution {
  const { venue, symbols, instruments, clocks, timers, ledger, portfolio, breaker, theses, observer } = parts;
  const { log } = parts;
  const clock = clocks.market;
  const ids = new ClientOrderIds(parts.orderIdPrefix);

  const protect = (symbol: string): void =>
    stops.follow(portfolio.position(symbol), theses.stopPrice(symbol));
  /** A thesis lives as long as any unit or order of its entry can. */
  const settle = (symbol: string): void => {
    const open = isOpen(portfolio.position(symbol), instruments(symbol).lotSize);
    const entriesAlive = orders.unfinished(symbol).some(({ purpose }) => purpose === 'entry');
    theses.settle(symbol, { open, entriesAlive });
  };
  /** A fill reaches the portfolio, the breaker and the stop before its announcement ends. */
  const onFill = (fill: Fill): void => {
    const closed = portfolio.apply(fill);
    if (closed !== undefined) breaker.observeTrade(closed);
    if (fill.purpose === 'entry' && fill.clientOrderId !== null) theses.revive(fill.clientOrderId);
    settle(fill.symbol);
    protect(fill.symbol);
    observer.onFill?.(fill, closed);
  };
  const onOrder = (order: Order): void => {
    if (isFinal(order.status) && order.purpose !== 'protection') {
      settle(order.symbol);
      // A close that ended without closing everything leaves a rest to protect.
      protect(order.symbol);
    }
    observer.onOrder?.(order);
  };
  const orders = new OrderManager({
    exchange: venue,
    ledger,
    clock,
    gate: parts.gate,
    log,
    positions: portfolio,
    ids,
    onFill,
    onOrder,
    onFault: (reason) => observer.onFault?.(reason),
  });
  const stops = new StopKeeper({ orders, ids, positions: portfolio, instruments, clock, log });
  const reconciler = new Reconciler({ orders, exchange: venue, positions: portfolio, symbols, log });
  return {
    orders,
    ids,
    flattener: new Flattener({ orders, exchange: venue, ids, clock, log, wait: (ms) => timers.wait(ms) }),
    price: () => undefined,
    protectAll: () => {
      for (const { symbol } of portfolio.positions()) protect(symbol);
    },
    protectionOf: (symbol) => stops.stateOf(symbol),
    reconcile: () => reconciler.reconcile(),
    close: () => orders.close(),
  };
}
