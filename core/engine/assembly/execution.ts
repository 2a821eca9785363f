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
  type Position,
  type RoundTrip,
  type Timers,
} from '../../domain/index.ts';
import { ClientOrderIds, Flattener, OrderManager, Reconciler, StopKeeper } from '../../execution/index.ts';
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
  readonly stops: StopKeeper;
  readonly reconciler: Reconciler;
  readonly flattener: Flattener;
  /** Brings a position's stop in line with it. */
  protect(position: Position): void;
}

/** Orders, stops, reconciliation and the way out, around one venue and one account. */
export function wireExecution(parts: ExecutionParts): Execution {
  const { venue, symbols, instruments, clocks, timers, ledger, portfolio, breaker, theses, observer } = parts;
  const { log } = parts;
  const clock = clocks.market;
  const ids = new ClientOrderIds(parts.orderIdPrefix);

  const protect = (position: Position): void => stops.follow(position, theses.stopPrice(position.symbol));
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
    protect(portfolio.position(fill.symbol));
    observer.onFill?.(fill, closed);
  };
  const onOrder = (order: Order): void => {
    if (isFinal(order.status) && order.purpose !== 'protection') {
      settle(order.symbol);
      // A close that ended without closing everything leaves a rest to protect.
      protect(portfolio.position(order.symbol));
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
  return {
    orders,
    ids,
    stops,
    reconciler: new Reconciler({ orders, exchange: venue, positions: portfolio, symbols, log }),
    flattener: new Flattener({ orders, exchange: venue, ids, clock, log, wait: (ms) => timers.wait(ms) }),
    protect,
  };
}
