import type { AlertView, DeliveryView, FillPurpose } from '../contract/index.ts';
import type { AccountEvent } from './account.ts';
import type { Candle } from './candle.ts';
import type { Decision } from './decision.ts';
import type { VenueFill, VenueOrder } from './exchange.ts';
import type { TradeExcursion } from './excursion.ts';
import type { Fill } from './fill.ts';
import type { ClientOrderId, TradeId, VenueOrderId } from './identity.ts';
import type { AssetAmount } from './money.ts';
import type { Order, OrderEvent, OrderIntent } from './order.ts';
import type { Position } from './position.ts';
import type { Timeframe, UtcMs } from './time.ts';

/**
 * The append-only order ledger. Each write is durable before the call returns (SQLite WAL, synchronous=FULL);
 * a write that fails throws LedgerError: no new exposure is taken until it can be recorded.
 */
export interface OrderLedger {
  /**
   * @param first what happened to the order since, in the same write: all of it is kept or nothing.
   * @throws LedgerError when the client order id is known already, IllegalTransitionError when `first` may not follow.
   */
  appendIntent(intent: OrderIntent, first?: OrderEvent): void;
  /** @throws LedgerError, or IllegalTransitionError when the event may not follow. */
  appendEvent(event: OrderEvent): void;
  /**
   * False, and nothing changed, when this side of the venue's trade is known already for this symbol. An external fill names no
   * order of ours, every other one does.
   */
  appendFill(fill: Fill): boolean;
  order(id: ClientOrderId): Order | undefined;
  /** Orders that are not in a final status, oldest first. */
  unfinishedOrders(): readonly Order[];
  /** Newest first. */
  recentOrders(query: PageQuery): readonly Order[];
  /**
   * Every fill, in the order in which it was appended, but for the first so many. Read as it is asked for, to be gone
   * through once.
   */
  fills(after?: number): Iterable<Fill>;
  /** By what each fill is known (`executionKey`). Far quicker than reading them. */
  executions(): Iterable<string>;
  /** What the newest fill of a trade was for, among the first so many of the ledger; undefined: none of those is of it. */
  purposeOf(symbol: string, trade: TradeId, among: number): FillPurpose | undefined;
  /** The last so many fills, in the order in which they were appended. */
  recentFills(limit: number): readonly Fill[];
  /** False, and nothing changed, when the event's id is known already. An account opens once. */
  appendAccountEvent(event: AccountEvent): boolean;
  /** Every account event, in the order in which it was appended, but for the first so many. */
  accountEvents(after?: number): Iterable<LedgerAccountEvent>;
}

/** An account event as the ledger has it. */
export interface LedgerAccountEvent extends AccountEvent {
  /** How many fills the ledger had before it: fills and events together tell one story, in this order. */
  readonly afterFills: number;
}

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** A page of records older than `before`, newest first. */
export interface PageQuery {
  readonly symbol?: string;
  readonly before?: UtcMs;
  readonly limit: number;
}

/** Closed candles by symbol and timeframe. Writing a candle again replaces it. */
export interface HistoryStore {
  append(symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void;
  /** Ascending by opening time; the last `limit` before `before`, or all in `from..to`. */
  candles(symbol: string, timeframe: Timeframe, query: CandleQuery): readonly Candle[];
  list(): readonly HistoryRange[];
}

export interface CandleQuery {
  readonly from?: UtcMs;
  /** Exclusive. */
  readonly before?: UtcMs;
  /** The newest so many of the range. */
  readonly limit?: number;
}

export interface HistoryRange {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly bars: number;
  readonly firstOpenTime: UtcMs;
  readonly lastOpenTime: UtcMs;
}

export interface DecisionQuery extends PageQuery {
  readonly outcome?: Decision['outcome'];
  /** Text to look for in symbol, reason and theses. */
  readonly search?: string;
}

export interface DecisionStore {
  append(decision: Decision): void;
  /** Drops decisions before a time that led to nothing. Those that traded or were blocked stay. */
  forgetHeld(before: UtcMs): void;
  get(id: string): Decision | undefined;
  /** Newest first. */
  list(query: DecisionQuery): readonly Decision[];
}

/** Small named JSON documents that survive a restart: breaker state, market state, entry theses. */
export interface StateStore {
  /** Told where nothing is kept: who writes only so that it outlives a crash need not. Absent: it is. */
  readonly keepsNothing?: true;
  read(name: string): unknown;
  /** @param when default `at-once`. */
  write(name: string, value: unknown, when?: WhenWritten): void;
}

/**
 * When something is on the disk: when the call returns, or with the next write of the same database, in one
 * transaction, and without one a moment later.
 */
export type WhenWritten = 'at-once' | 'with-the-next';

/** A point of the equity curve as it is kept. */
export interface EquityRecord {
  readonly time: UtcMs;
  readonly equity: string;
  /**
   * What profit was measured from at that time, so that a transfer between two points is told from a profit. Null:
   * the same as at the point before.
   */
  readonly capital: string | null;
  /** What the curve knew there besides, as JSON; null or missing of a point that was stored without. */
  readonly marks?: string | null;
  /** Worth of all open positions then, long and short alike; null or missing of a point that was stored without. */
  readonly exposure?: string | null;
}

/** Points of the equity curve. */
export interface EquityStore {
  append(point: EquityRecord): void;
  /** Ascending; the newest `limit`. */
  recent(limit: number): readonly EquityRecord[];
  /** Ascending; those from one time to before another. */
  within(from: UtcMs, before: UtcMs): readonly EquityRecord[];
}

/** What prices trades saw while they were open, one record a trade. */
export interface ExcursionStore {
  /** A second record of a trade replaces the first. */
  write(excursion: TradeExcursion): void;
  /** Of trades that have not ended. */
  open(): readonly TradeExcursion[];
}

/** An alert as it is kept: those with the same `about` are about the same. */
export interface AlertRecord extends AlertView {
  readonly about: string;
}

/** What the trader was told of, in the order of telling. */
export interface AlertStore {
  append(alert: AlertRecord): void;
  /** Oldest first; the newest `limit`. */
  recent(limit: number): readonly AlertRecord[];
  acknowledge(ids: readonly string[], by: NonNullable<AlertView['acknowledged']>): void;
  /** Critical ones that nobody has acknowledged, oldest first; the newest `limit`. */
  open(limit: number): readonly AlertRecord[];
}

/** What became of each message to the trader. */
export interface DeliveryStore {
  /** A second record of an id takes the place of the first. */
  write(delivery: DeliveryView): void;
  /** Newest first. */
  recent(limit: number): readonly DeliveryView[];
  /** Oldest first. */
  waiting(): readonly DeliveryView[];
}

/**
 * What a simulated venue remembers over a restart, as a real venue would on its own machines. Of orders that have ended, and
 * of fills, there may be any number: they are asked for one by one, and never all in memory.
 */
export interface SimulatedVenueStore {
  load(): VenueBeginning;
  /** Saves what changed in one transaction. */
  save(change: SimulatedVenueState): void;
  /** Any order there ever was; of a client's id that was used again the last. */
  order(id: VenueOrderKey): VenueOrder | undefined;
  /** So many fills of a symbol, from that place among them on, ascending by time. */
  fills(symbol: string, from: number, count: number): readonly VenueFill[];
  /** How many fills a symbol had before a moment. */
  fillsBefore(symbol: string, time: UtcMs): number;
}

export type VenueOrderKey =
  | { readonly clientOrderId: ClientOrderId }
  | { readonly venueOrderId: VenueOrderId };

/** Where a simulated venue goes on. */
export interface VenueBeginning extends Omit<Required<SimulatedVenueState>, 'fills'> {
  /** Those that work, in the order in which they came. */
  readonly orders: readonly VenueOrder[];
  /** How many orders there have been. */
  readonly orderCount: number;
  /** How many fills there have been, by symbol. */
  readonly fillCounts: ReadonlyMap<string, number>;
}

/** Something that a simulated venue has to remember. */
export interface SimulatedVenueState {
  readonly orders: readonly VenueOrder[];
  readonly fills: readonly VenueFill[];
  /** Total balance by asset. Empty: a new venue. */
  readonly balances: ReadonlyMap<string, AssetAmount>;
  /** End of the last market step applied, by symbol: earlier steps are not applied again. */
  readonly appliedUntil: ReadonlyMap<string, UtcMs>;
  /** What the fills of a perpetual came to; of one that lacks, though it has fills, they are folded. */
  readonly positions?: ReadonlyMap<string, Position>;
  /** When orders begin to have an effect, told once for each. */
  readonly activeAt?: ReadonlyMap<VenueOrderId, UtcMs>;
  /** When the venue ends orders, told once for each that has such a moment. */
  readonly expiresAt?: ReadonlyMap<VenueOrderId, UtcMs>;
  /** Deposits and withdrawals, oldest first. */
  readonly accountEvents?: readonly AccountEvent[];
}
