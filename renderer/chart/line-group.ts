import type { ISeriesApi } from 'lightweight-charts';
import type { Candles } from '../stores/candle-series.ts';
import { point } from './chart-data.ts';
import { type Line, tailOf } from './indicators.ts';

/** The lines of one indicator and the series that draw them. */
export class LineGroup {
  readonly series: readonly ISeriesApi<'Line'>[];
  readonly #compute: (closes: readonly number[]) => readonly Line[];
  #values: (number | undefined)[][];

  constructor(
    series: readonly ISeriesApi<'Line'>[],
    compute: (closes: readonly number[]) => readonly Line[],
  ) {
    this.series = series;
    this.#compute = compute;
    this.#values = series.map(() => []);
  }

  /** Draws bars from `from` on; those before are as they were. */
  draw(candles: Candles, from: number): void {
    const closes = candles.map(({ close }) => close);
    const tails = tailOf(this.#compute, closes, from);
    for (const [index, series] of this.series.entries()) {
      const tail = tails[index] ?? [];
      this.#values[index] = [...(this.#values[index] ?? []).slice(0, from), ...tail];
      const points = tail.map((value, offset) => point(candles[from + offset]?.openTime ?? 0, value));
      if (from === 0) series.setData(points);
      else for (const each of points) series.update(each);
    }
  }

  /** The value of each line at a bar. */
  at(index: number): readonly (number | undefined)[] {
    return this.#values.map((line) => line[index]);
  }
}
