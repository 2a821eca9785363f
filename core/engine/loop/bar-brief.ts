import type { Regime } from '../../contract/index.ts';
import type { Brief, PositionBrief, Timeframe, TimeframeFigures, UtcMs } from '../../domain/index.ts';
import type { FeatureRow, FeatureWindow } from '../../features/index.ts';

/** Where a brief's features are read from. */
interface Features {
  readonly row: Pick<FeatureRow, 'lookUp'>;
  readonly window: Pick<FeatureWindow, 'last'>;
  readonly timeframes: readonly TimeframeFigures[];
}

export interface BarBriefParts {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly barOpenTime: UtcMs;
  readonly close: number;
  readonly regime: Regime;
  readonly position: PositionBrief;
  readonly roundTripCost: number;
  /** Asked when somebody reads it, or keeps the brief. */
  readonly timeframes: () => readonly TimeframeFigures[];
  readonly row: FeatureRow;
  /** The order book's; null where the market has none. */
  readonly bookRow: FeatureRow | null;
  readonly window: FeatureWindow;
}

/**
 * What the voters are told of a closed bar. Its features and larger bars are the streams' own, which the symbol's next bar fills
 * anew: whoever holds it longer calls `keep` first.
 */
export class BarBrief implements Brief {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly barOpenTime: UtcMs;
  readonly close: number;
  readonly ready: boolean;
  readonly regime: Regime;
  readonly position: PositionBrief;
  readonly roundTripCost: number;
  readonly #timeframes: () => readonly TimeframeFigures[];
  readonly #row: FeatureRow;
  readonly #bookRow: FeatureRow | null;
  readonly #window: FeatureWindow;
  #kept: Features | null = null;

  constructor(parts: BarBriefParts) {
    this.symbol = parts.symbol;
    this.timeframe = parts.timeframe;
    this.barOpenTime = parts.barOpenTime;
    this.close = parts.close;
    this.ready = parts.row.ready;
    this.regime = parts.regime;
    this.position = parts.position;
    this.roundTripCost = parts.roundTripCost;
    this.#timeframes = parts.timeframes;
    this.#row = parts.row;
    this.#bookRow = parts.bookRow;
    this.#window = parts.window;
  }

  // Properties, not methods: voters may pass them on alone.
  readonly feature = (name: string): number => {
    if (this.#kept !== null) return this.#kept.row.lookUp(name);
    const value = this.#row.lookUp(name);
    return Number.isNaN(value) && this.#bookRow !== null ? this.#bookRow.lookUp(name) : value;
  };

  readonly window = (bars: number): Float32Array | null => (this.#kept?.window ?? this.#window).last(bars);

  get timeframes(): readonly TimeframeFigures[] {
    return this.#kept?.timeframes ?? this.#timeframes();
  }

  /** Average true range of the bar, in quote currency; NaN while there is too little history. */
  get averageTrueRange(): number {
    return this.feature('natr_14') * this.close;
  }

  /** Copies the features, so that the brief outlives the symbol's next bar. */
  keep(): void {
    if (this.#kept !== null) return;
    const rows = this.#bookRow === null ? [this.#row] : [this.#row, this.#bookRow];
    const byName = new Map<string, number>(
      rows.flatMap(({ names, values }) =>
        names.map((name, column) => [name, values[column] ?? Number.NaN] as const),
      ),
    );
    const row = { lookUp: (name: string): number => byName.get(name) ?? Number.NaN };
    this.#kept = { row, window: this.#window.copy(), timeframes: this.#timeframes() };
  }
}
