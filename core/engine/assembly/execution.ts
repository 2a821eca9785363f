import {
  type AccountEvent,
  type Clocks,
  type Exchange,
  type Fill,
  float,
  type Instrument,
  isFinal,
  isOpen,
  isTransfer,
  type Logger,
  type Order,
  type OrderGate,
  type OrderLedger,
  type RoundTrip,
  type StateStore,
  type Timers,
} from '../../domain/index.ts';
import {
  ClientOrderIds,
  ExecutionDesk,
  type FillNotes,
  type ProtectionTrouble,
} from '../../execution/index.ts';
import type { Excursions, Portfolio } from '../../portfolio/index.ts';
import type { CircuitBreaker } from '../../safety/index.ts';
import type { EntryTheses } from '../loop/entry-theses.ts';

/** What is told of orders, fills and money. */
export interface ExecutionObserver {
  onOrder?(order: Order): void;
  onFill?(fill: Fill, closed: RoundTrip | undefined): void;
  onAccountEvent?(event: AccountEvent): void;
  /** The ledger cannot be written, so nothing is entered; null: it holds everything again. */
  onFault?(reason: string | null): void;
  /** A position has no stop at the venue; null: it has one again, or is gone. */
  onProtection?(symbol: string, trouble: ProtectionTrouble | null): void;
}

export interface ExecutionParts {
  readonly venue: Exchange;
  readonly symbols: readonly string[];
  readonly instruments: (symbol: string) => Instrument;
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly orderIdPrefix: string;
  readonly ledger: OrderLedger;
  readonly recorded: FillNotes;
  /** Why what was to be written before an entry is not; null: it is. */
  readonly unwritten: () => string | null;
  readonly state: StateStore;
  /** Asked before every order leaves. */
  readonly gate: OrderGate;
  readonly portfolio: Portfolio;
  readonly excursions: Excursions;
  readonly breaker: CircuitBreaker;
  readonly theses: EntryTheses;
  readonly observer: ExecutionObserver;
  readonly log: Logger;
}

/** Step 7, wired to what its fills change: the account, the breaker and the theses, before the stop follows. */
export function wireExecution(parts: ExecutionParts): ExecutionDesk {
  const { venue, instruments, ledger, gate, portfolio, excursions, breaker, theses, observer } = parts;
  /** A thesis lives as long as any unit or order of its entry can. */
  const settle = (symbol: string): void => {
    const open = isOpen(portfolio.position(symbol), instruments(symbol).lotSize);
    theses.settle(symbol, { open, entriesAlive: desk.orders.entriesAlive(symbol) });
  };
  const desk = new ExecutionDesk({
    exchange: venue,
    symbols: parts.symbols,
    ledger,
    recorded: parts.recorded,
    unwritten: parts.unwritten,
    state: parts.state,
    gate,
    holdings: portfolio,
    plans: theses,
    ids: new ClientOrderIds(parts.orderIdPrefix),
    clocks: parts.clocks,
    timers: parts.timers,
    log: parts.log,
    onFill: (fill) => {
      const { tickSize, lotSize } = instruments(fill.symbol);
      const before = portfolio.position(fill.symbol);
      const from = isOpen(before, lotSize) ? 'position' : 'flat';
      const closed = portfolio.apply(fill);
      if (closed !== undefined) breaker.observeTrade(closed);
      if (fill.purpose === 'entry' && fill.clientOrderId !== null) {
        theses.revive(fill.clientOrderId, { from, price: fill.price, tickSize });
      }
      const after = portfolio.position(fill.symbol);
      excursions.fill(fill, { before, after, closed, stop: theses.stopPrice(fill.symbol) });
      settle(fill.symbol);
      observer.onFill?.(fill, closed);
    },
    onOrder: (order) => {
      if (isFinal(order.status)) settle(order.symbol);
      observer.onOrder?.(order);
    },
    onAccountEvent: (event) => {
      portfolio.applyAccountEvent(event);
      if (isTransfer(event)) breaker.observeTransfer(float(event.quoteValue));
      observer.onAccountEvent?.(event);
    },
    onFault: (reason) => observer.onFault?.(reason),
    onProtection: (symbol, trouble) => observer.onProtection?.(symbol, trouble),
  });
  return desk;
}
