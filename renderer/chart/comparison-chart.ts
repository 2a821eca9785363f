import { AreaSeries, createChart, type IChartApi, type ISeriesApi, LineSeries } from 'lightweight-charts';
import {
  BASELINE_NAMES,
  type BaselineName,
  type DailyExposure,
  type PerformanceDays,
} from '../../core/contract/index.ts';
import { percent, signedPercent } from '../format/index.ts';
import { chartColours } from './chart-colours.ts';
import { point } from './chart-data.ts';
import { chartOptions, colourOptions } from './chart-options.ts';

const DAY_MS = 86_400_000;

/** The account beside its baselines, in percent since the first day; how much was at stake underneath. */
export class ComparisonChart {
  readonly #chart: IChartApi;
  readonly #lines: ReadonlyMap<BaselineName, ISeriesApi<'Line'>>;
  readonly #exposure: ISeriesApi<'Area'>;

  constructor(container: HTMLElement) {
    this.#chart = createChart(container, chartOptions(chartColours()));
    const line = (name: BaselineName) =>
      this.#chart.addSeries(
        LineSeries,
        {
          lineWidth: name === 'account' ? 2 : 1,
          priceLineVisible: false,
          priceFormat: {
            type: 'custom',
            formatter: (value: number) => signedPercent(value, 1),
            minMove: 0.1,
          },
        },
        0,
      );
    this.#lines = new Map(BASELINE_NAMES.map((name) => [name, line(name)]));
    this.#exposure = this.#chart.addSeries(
      AreaSeries,
      {
        lineWidth: 1,
        priceLineVisible: false,
        priceFormat: { type: 'custom', formatter: (value: number) => percent(value, 0), minMove: 1 },
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

  show({ days }: PerformanceDays, exposure: readonly DailyExposure[]): void {
    for (const [name, line] of this.#lines) {
      line.setData(
        days.map((day) => {
          const level = day[name];
          return point(endOf(day.day), level === null ? undefined : 100 * (level - 1));
        }),
      );
    }
    // A day that is not over has no end to be drawn at, and no return beside it.
    const finished = new Set(days.map(({ day }) => day));
    const shares = exposure.filter(({ day }) => finished.has(day));
    this.#exposure.setData(shares.map(({ day, meanShare }) => point(endOf(day), 100 * meanShare)));
    this.#chart.timeScale().fitContent();
  }

  recolour(): void {
    const colours = chartColours();
    this.#chart.applyOptions(colourOptions(colours));
    BASELINE_NAMES.forEach((name, index) => {
      this.#lines.get(name)?.applyOptions({ color: colours.lines[index] ?? colours.accent });
    });
    this.#exposure.applyOptions({
      lineColor: colours.accent,
      topColor: colours.accentSoft,
      bottomColor: 'transparent',
    });
  }
}

function endOf(day: string): number {
  return Date.parse(day) + DAY_MS;
}
