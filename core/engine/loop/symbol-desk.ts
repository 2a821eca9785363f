import type { Regime } from '../../contract/index.ts';
import {
  type Brief,
  type Candle,
  float,
  type Instrument,
  isOpen,
  type Position,
  type PositionBrief,
  type Price,
  price,
  TIMEFRAME_MS,
  type Timeframe,
  unrealisedPnl,
} from '../../domain/index.ts';
import {
  type FeatureContext,
  type FeatureRow,
  type FeatureStream,
  FeatureWindow,
} from '../../features/index.ts';
import type { EntryRecord } from './entry-theses.ts';

export { isBitcoin } from '../../domain/index.ts';

export interface SymbolDeskOptions {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly features: FeatureStream;
  /** Fees, spread and slippage of a round trip as a fraction of the price. */
  readonly roundTripCost: number;
}

/** What the loop keeps for one symbol: its feature stream and the last closed bar. */
export class SymbolDesk {
  readonly instrument: Instrument;
  readonly roundTripCost: number;
  readonly #timeframe: Timeframe;
  readonly #features: FeatureStream;
  readonly #window: FeatureWindow;
  #bar: Candle | undefined;

  constructor({ instrument, timeframe, features, roundTripCost }: SymbolDeskOptions) {
    this.instrument = instrument;
    this.roundTripCost = roundTripCost;
    this.#timeframe = timeframe;
    this.#features = features;
    this.#window = new FeatureWindow(TIMEFRAME_MS[timeframe]);
  }

  /** The last closed bar. */
  get bar(): Candle | undefined {
    return this.#bar;
  }

  /** Takes a closed bar; the row is reused by the next one. */
  close(bar: Candle, context?: FeatureContext): FeatureRow {
    this.#bar = bar;
    const row = this.#features.update(bar, context);
    this.#window.push(row);
    return row;
  }

  /** What the voters are told about the bar just closed. */
  brief(bar: Candle, regime: Regime, position: Position, entry: EntryRecord | null): Brief {
    const { row } = this.#features;
    return {
      symbol: this.instrument.symbol,
      timeframe: this.#timeframe,
      barOpenTime: bar.openTime,
      close: bar.close,
      ready: row.ready,
      feature: (name) => row.lookUp(name),
      window: (bars) => this.#window.last(bars),
      regime,
      position: this.#positionBrief(bar, position, entry),
      roundTripCost: this.roundTripCost,
    };
  }

  /** Closed bars from a moment to the bar just closed. */
  barsSince(time: number): number {
    const closedAt = (this.#bar?.openTime ?? time) + TIMEFRAME_MS[this.#timeframe];
    return Math.max(0, Math.floor((closedAt - time) / TIMEFRAME_MS[this.#timeframe]));
  }

  /** Average true range of the bar just closed, in quote currency; NaN while there is too little history. */
  get averageTrueRange(): number {
    return this.#features.row.lookUp('natr_14') * (this.#bar?.close ?? Number.NaN);
  }

  /** The last close as an exact price, for sizing and filters. @throws TypeError before the first bar. */
  get markPrice(): Price {
    if (this.#bar === undefined) throw new TypeError(`no bar of ${this.instrument.symbol} has closed yet`);
    return price(this.#bar.close);
  }

  #positionBrief(bar: Candle, position: Position, entry: EntryRecord | null): PositionBrief {
    if (!isOpen(position, this.instrument.lotSize))
      return { direction: 'flat', openReturn: 0, barsHeld: 0, entry: null };
    const openReturn = float(unrealisedPnl(position, price(bar.close)).div(position.cost.abs()));
    return {
      direction: position.quantity.isPositive() ? 'long' : 'short',
      openReturn,
      barsHeld: this.barsSince(position.openedAt),
      entry,
    };
  }
}
