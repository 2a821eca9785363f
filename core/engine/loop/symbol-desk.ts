import type { Regime } from '../../contract/index.ts';
import {
  absolute,
  applyFilters,
  type Candle,
  costsAhead,
  entryCostOf,
  float,
  type Instrument,
  type Position,
  type PositionBrief,
  price,
  roundTripCostOf,
  TIMEFRAME_MS,
  type Timeframe,
  type TimeframeFigures,
  type TradingCosts,
  type WayIn,
} from '../../domain/index.ts';
import {
  type FeatureContext,
  type FeatureRow,
  type FeatureStream,
  FeatureWindow,
  HigherTimeframes,
} from '../../features/index.ts';
import { BarBrief } from './bar-brief.ts';
import type { BookFeatures } from './book-features.ts';
import type { EntryRecord } from './entry-theses.ts';

export interface SymbolDeskOptions {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly features: FeatureStream;
  /** Null where the market has no order book. */
  readonly book: BookFeatures | null;
  /** What trading costs now. */
  readonly costs: () => TradingCosts;
  readonly wayIn: WayIn;
  /** Why nothing may be entered, whatever the market says; null while the venue lists the symbol. */
  readonly notTradable: () => string | null;
}

/** What the loop keeps for one symbol: its feature stream and the last closed bar. */
export class SymbolDesk {
  readonly instrument: Instrument;
  readonly #options: SymbolDeskOptions;
  readonly #timeframeMs: number;
  readonly #window: FeatureWindow;
  readonly #larger: HigherTimeframes;
  readonly #figures = (): readonly TimeframeFigures[] => this.#larger.figures();
  /** More than this is surely more than the venue's minimums. */
  readonly #enough: { readonly amount: number; readonly worth: number };
  #bar: Candle | undefined;
  #floats: { readonly position: Position | null; readonly quantity: number; readonly cost: number } = {
    position: null,
    quantity: 0,
    cost: 0,
  };

  constructor(options: SymbolDeskOptions) {
    this.instrument = options.instrument;
    this.#options = options;
    this.#timeframeMs = TIMEFRAME_MS[options.timeframe];
    const { lotSize, minAmount, minNotional } = options.instrument;
    this.#enough = {
      amount: 2 * Math.max(float(lotSize), float(minAmount)),
      worth: 2 * float(minNotional),
    };
    this.#window = new FeatureWindow(this.#timeframeMs);
    this.#larger = new HigherTimeframes(options.timeframe);
  }

  /** Fees, spread and slippage of a round trip as a fraction of the price. */
  get roundTripCost(): number {
    return roundTripCostOf(this.#options.costs(), this.#options.wayIn);
  }

  /** Of that, what getting in is expected to cost. */
  get entryCost(): number {
    return entryCostOf(this.#options.costs(), this.#options.wayIn);
  }

  /** Both, in a volatility that is foretold; null: nothing is. */
  costsIn(roughness: number | null): { readonly roundTripCost: number; readonly entryCost: number } {
    const { costs, wayIn } = this.#options;
    const ahead = costsAhead(costs(), roughness);
    return { roundTripCost: roundTripCostOf(ahead, wayIn), entryCost: entryCostOf(ahead, wayIn) };
  }

  /** Why nothing may be entered here, or null. */
  get notTradable(): string | null {
    return this.#options.notTradable();
  }

  /** A feature of the bar just closed, by its name; NaN where there is none. */
  readonly feature = (name: string): number => this.#options.features.row.lookUp(name);

  /** Takes a closed bar; the row is reused by the next one. */
  close(bar: Candle, context?: FeatureContext): FeatureRow {
    this.#bar = bar;
    const row = this.#options.features.update(bar, context);
    this.#window.push(row);
    this.#larger.close(bar);
    this.#options.book?.close(bar);
    return row;
  }

  /** What the voters are told about the bar just closed. */
  brief(bar: Candle, regime: Regime, position: Position, entry: EntryRecord | null): BarBrief {
    return new BarBrief({
      symbol: this.instrument.symbol,
      timeframe: this.#options.timeframe,
      barOpenTime: bar.openTime,
      close: bar.close,
      regime,
      position: this.positionBrief(position, bar.close, entry),
      roundTripCost: this.roundTripCost,
      timeframes: this.#figures,
      row: this.#options.features.row,
      bookRow: this.#options.book?.row ?? null,
      window: this.#window,
    });
  }

  /** Closed bars from a moment to the bar just closed. */
  barsSince(time: number): number {
    const closedAt = (this.#bar?.openTime ?? time) + this.#timeframeMs;
    return Math.max(0, Math.floor((closedAt - time) / this.#timeframeMs));
  }

  /**
   * Whether there is a position to judge: something that the venue would let us close at a price. A remainder below one
   * of its minimums is none: it would be sold in vain at every bar, and nothing be entered again.
   */
  isHeld(position: Position, mark: number): boolean {
    const { quantity } = position;
    if (quantity.isZero()) return false;
    // Only near the minimums worth counting exactly.
    const amount = Math.abs(this.#floatsOf(position).quantity);
    if (amount > this.#enough.amount && amount * mark > this.#enough.worth) return true;
    const close = {
      amount: absolute(quantity),
      side: quantity.isPositive() ? 'sell' : 'buy',
      type: 'market',
      reduceOnly: true,
    } as const;
    return applyFilters(this.instrument, close, price(mark)).ok;
  }

  /** What is held, at a price. */
  positionBrief(position: Position, mark: number, entry: EntryRecord | null): PositionBrief {
    if (!this.isHeld(position, mark)) return { direction: 'flat', openReturn: 0, barsHeld: 0, entry: null };
    return {
      direction: position.quantity.isPositive() ? 'long' : 'short',
      openReturn: this.#openReturn(position, mark),
      barsHeld: this.barsSince(position.openedAt),
      entry,
    };
  }

  /** Profit as a fraction of what was paid. A figure to judge by: no money is counted by it. */
  #openReturn(position: Position, mark: number): number {
    const { quantity, cost } = this.#floatsOf(position);
    return (quantity * mark - cost) / Math.abs(cost);
  }

  /** A position changes with its fills, and is looked at several times at every bar. */
  #floatsOf(position: Position): { readonly quantity: number; readonly cost: number } {
    if (this.#floats.position !== position) {
      this.#floats = { position, quantity: float(position.quantity), cost: float(position.cost) };
    }
    return this.#floats;
  }
}
