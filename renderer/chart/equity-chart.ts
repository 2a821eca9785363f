import { AreaSeries, BaselineSeries, createChart, type IChartApi, type ISeriesApi } from 'lightweight-charts';
import type { EquityPoint } from '../../core/contract/index.ts';
import { percent } from '../format/index.ts';
import { chartColours } from './chart-colours.ts';
import { isElsewhere, onePerSecond, point } from './chart-data.ts';
import { chartOptions, colourOptions } from './chart-options.ts';
import { drawdowns } from './drawdown.ts';
import { equityFormat } from './price-format.ts';

/** Equity above, how far it stands below its peak underneath. */
export class EquityChart {
  readonly #chart: IChartApi;
  readonly #equity: ISeriesApi<'Baseline'>;
  readonly #drawdown: ISeriesApi<'Area'>;
  #points: readonly EquityPoint[] = [];
  #period = '';

  constructor(container: HTMLElement) {
    this.#chart = createChart(container, chartOptions(chartColours()));
    this.#equity = this.#chart.addSeries(
      BaselineSeries,
      {
        lineWidth: 2,
        priceLineVisible: false,
        priceFormat: equityFormat(Number.POSITIVE_INFINITY),
      },
      0,
    );
    this.#drawdown = this.#chart.addSeries(
      AreaSeries,
      {
        lineWidth: 1,
        priceLineVisible: false,
        invertFilledArea: true,
        priceFormat: { type: 'custom', formatter: (value: number) => percent(value), minMove: 0.01 },
      },
      1,
    );
    const [top, bottom] = this.#chart.panes();
    top?.setStretchFactor(3);
    bottom?.setStretchFactor(1);
    this.recolour();
  }

  dispose(): void {
    this.#chart.remove();
  }

  /** Gains are drawn above the capital that was started with, losses below. */
  setCapital(capital: number): void {
    this.#equity.applyOptions({
      baseValue: { type: 'price', price: capital },
      priceFormat: equityFormat(capital),
    });
  }

  /** @param period names the days that were chosen: of others everything is shown, else what the trader looks at stays. */
  setPoints(points: readonly EquityPoint[], period = ''): void {
    const before = this.#points;
    const moved = isElsewhere({ period: this.#period, points: before }, { period, points });
    this.#points = points;
    this.#period = period;
    // Symbols whose bars close together each leave a point.
    const drawn = onePerSecond(points);
    const falls = drawdowns(drawn);
    const last = points.at(-1);
    const grew = !moved && points[0] === before[0] && points.length === before.length + 1;
    if (grew && last !== undefined) {
      this.#equity.update(point(last.time, last.equity));
      this.#drawdown.update(point(last.time, falls.at(-1)));
      return;
    }
    this.#equity.setData(drawn.map(({ time, equity }) => point(time, equity)));
    this.#drawdown.setData(drawn.map(({ time }, index) => point(time, falls[index])));
    if (moved) this.#chart.timeScale().fitContent();
  }

  recolour(): void {
    const colours = chartColours();
    this.#chart.applyOptions(colourOptions(colours));
    this.#equity.applyOptions({
      topLineColor: colours.up,
      topFillColor1: colours.upTint,
      topFillColor2: 'transparent',
      bottomLineColor: colours.down,
      bottomFillColor1: 'transparent',
      bottomFillColor2: colours.downTint,
    });
    this.#drawdown.applyOptions({
      lineColor: colours.down,
      topColor: colours.downTint,
      bottomColor: colours.downTint,
    });
  }
}
