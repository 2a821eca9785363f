import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  createTextWatermark,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type MouseEventParams,
  type Time,
} from 'lightweight-charts';
import type { CandleView, FillView, PositionView } from '../../core/contract/index.ts';
import { amount } from '../format/index.ts';
import type { Candles } from '../stores/candle-series.ts';
import type { OverlayId } from '../stores/overlay-ids.ts';
import { type ChartColours, chartColours } from './chart-colours.ts';
import { bar, volumeBar } from './chart-data.ts';
import { chartOptions, colourOptions } from './chart-options.ts';
import { rsiLine } from './indicators.ts';
import { LineGroup } from './line-group.ts';
import { fillMarkers } from './markers.ts';
import { overlayGroup } from './overlays.ts';
import { priceFormat } from './price-format.ts';
import { QuietHand } from './quiet-hand.ts';
import { seriesChange } from './series-change.ts';

/** What stands under the crosshair, or at the last bar when it is elsewhere. */
export interface Reading {
  readonly candle: CandleView;
  readonly rsi: number | undefined;
  readonly overlays: readonly { readonly id: OverlayId; readonly values: readonly (number | undefined)[] }[];
}

export interface PriceChartListener {
  onReading(reading: Reading | null): void;
  /** The trader sees the beginning of what is loaded. */
  onNearStart(): void;
}

/** Bars left of the view below which older ones are asked for. */
const NEAR_START_BARS = 40;
const VISIBLE_BARS = 140;
/** Bars from which on a change is felt while panning. */
const LONG_SERIES = 5_000;
/** Of the panes under the candles. */
const PANE_CAPTIONS = ['Volume', 'RSI 14'] as const;

/** Candles, volume and RSI in three panes. Knows the drawing library; knows nothing of stores or React. */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #candleSeries: ISeriesApi<'Candlestick'>;
  readonly #volumeSeries: ISeriesApi<'Histogram'>;
  readonly #rsi: LineGroup;
  readonly #rsiSeries: ISeriesApi<'Line'>;
  readonly #rsiLevels: IPriceLine[] = [];
  readonly #captions: ReturnType<typeof createTextWatermark<Time>>[] = [];
  readonly #markers: ReturnType<typeof createSeriesMarkers<Time>>;
  readonly #watermark: ReturnType<typeof createTextWatermark<Time>>;
  readonly #overlays = new Map<OverlayId, LineGroup>();
  readonly #listener: PriceChartListener;
  #colours: ChartColours;
  readonly #hand: QuietHand;
  #candles: Candles = [];
  #waiting: Candles = [];
  #fills: readonly FillView[] = [];
  #timeframeMs = 1;
  #watermarkText = '';
  #entryLine: IPriceLine | undefined;
  #stopLine: IPriceLine | undefined;
  #position: PositionView | undefined;
  #hovered: number | null = null;

  constructor(container: HTMLElement, listener: PriceChartListener) {
    this.#listener = listener;
    this.#hand = new QuietHand(container, () => this.#drawWaiting());
    this.#colours = chartColours();
    this.#chart = createChart(container, chartOptions(this.#colours));
    this.#candleSeries = this.#chart.addSeries(CandlestickSeries, { borderVisible: false }, 0);
    this.#volumeSeries = this.#chart.addSeries(
      HistogramSeries,
      { priceFormat: { type: 'volume' }, priceLineVisible: false, lastValueVisible: false },
      1,
    );
    this.#rsiSeries = this.#chart.addSeries(
      LineSeries,
      {
        lineWidth: 1,
        priceLineVisible: false,
        crosshairMarkerVisible: false,
        priceFormat: { type: 'price', precision: 0, minMove: 1 },
      },
      2,
    );
    this.#rsiSeries.applyOptions({
      autoscaleInfoProvider: () => ({ priceRange: { minValue: 15, maxValue: 85 } }),
    });
    for (const level of [30, 70]) {
      this.#rsiLevels.push(
        this.#rsiSeries.createPriceLine({
          price: level,
          lineStyle: LineStyle.Dotted,
          lineWidth: 1,
          axisLabelVisible: false,
        }),
      );
    }
    this.#rsi = new LineGroup([this.#rsiSeries], (closes) => [rsiLine(closes)]);
    this.#markers = createSeriesMarkers(this.#candleSeries, []);
    const [pricePane, volumePane, rsiPane] = this.#chart.panes();
    pricePane?.setStretchFactor(7);
    volumePane?.setStretchFactor(1.3);
    rsiPane?.setStretchFactor(1.5);
    if (pricePane === undefined) throw new TypeError('a chart has at least one pane');
    this.#watermark = createTextWatermark(pricePane, { horzAlign: 'center', vertAlign: 'center', lines: [] });
    for (const pane of [volumePane, rsiPane]) {
      if (pane !== undefined)
        this.#captions.push(createTextWatermark(pane, { horzAlign: 'left', vertAlign: 'top', lines: [] }));
    }
    this.recolour();
    this.#chart.subscribeCrosshairMove((event) => this.#hover(event));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < NEAR_START_BARS && this.#candles.length > 0)
        this.#listener.onNearStart();
    });
  }

  dispose(): void {
    this.#hand.dispose();
    this.#chart.remove();
  }

  /** Takes the series as it is now. A long one waits for the trader's hand to be still. */
  setCandles(candles: Candles): void {
    this.#waiting = candles;
    if (this.#hand.still || candles.length < LONG_SERIES) this.#drawWaiting();
  }

  #drawWaiting(): void {
    const candles = this.#waiting;
    const before = this.#candles;
    const change = seriesChange(before, candles);
    this.#candles = candles;
    if (change.kind === 'none') return;
    if (change.kind === 'tail') this.#drawTail(change.from);
    else this.#drawAll();
    if (change.kind === 'all' || candles.length !== before.length) this.#drawMarkers();
    if (before.length === 0) this.showLatest();
    this.#read();
  }

  setFills(fills: readonly FillView[], timeframeMs: number): void {
    this.#fills = fills;
    this.#timeframeMs = timeframeMs;
    this.#drawMarkers();
  }

  setOverlays(ids: readonly OverlayId[]): void {
    for (const [id, group] of this.#overlays) {
      if (ids.includes(id)) continue;
      for (const series of group.series) this.#chart.removeSeries(series);
      this.#overlays.delete(id);
    }
    for (const id of ids) {
      if (this.#overlays.has(id)) continue;
      const group = overlayGroup(this.#chart, id, this.#colours);
      this.#overlays.set(id, group);
      group.draw(this.#candles, 0);
    }
    this.#read();
  }

  /** Lines at the position's entry and stop; none without a position. */
  setPosition(position: PositionView | undefined): void {
    this.#position = position;
    const side = Number(position?.quantity ?? 0) >= 0 ? 'Long' : 'Short';
    this.#entryLine = this.#line(
      this.#entryLine,
      position?.averageEntryPrice ?? null,
      `${side} ${amount((position?.quantity ?? '0').replace('-', ''))}`,
      this.#colours.accent,
    );
    this.#stopLine = this.#line(this.#stopLine, position?.stopPrice ?? null, 'Stop', this.#colours.warning);
  }

  /** Large pale words behind the candles: whose money this is. */
  setWatermark(text: string): void {
    this.#watermarkText = text;
    const { watermark: color, font: fontFamily } = this.#colours;
    this.#watermark.applyOptions({
      lines: text === '' ? [] : [{ text, color, fontFamily, fontSize: 56, fontStyle: '600' }],
    });
  }

  showLatest(): void {
    const bars = this.#candles.length;
    this.#chart.timeScale().setVisibleLogicalRange({ from: bars - VISIBLE_BARS, to: bars + 6 });
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#colours = chartColours();
    const { up, down, lines, crosshair, font } = this.#colours;
    this.#chart.applyOptions(colourOptions(this.#colours));
    this.#candleSeries.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    this.#rsiSeries.applyOptions({ color: lines[3] });
    for (const level of this.#rsiLevels) level.applyOptions({ color: crosshair });
    for (const [index, caption] of this.#captions.entries()) {
      const text = PANE_CAPTIONS[index] ?? '';
      caption.applyOptions({ lines: [{ text, color: crosshair, fontFamily: font, fontSize: 11 }] });
    }
    this.setWatermark(this.#watermarkText);
    this.setPosition(this.#position);
    const shown = [...this.#overlays.keys()];
    this.setOverlays([]);
    this.setOverlays(shown);
    if (this.#candles.length > 0) {
      this.#volumeSeries.setData(this.#candles.map((candle) => this.#volume(candle)));
      this.#drawMarkers();
    }
  }

  #drawAll(): void {
    const last = this.#candles.at(-1);
    if (last !== undefined) {
      this.#candleSeries.applyOptions({ priceFormat: priceFormat(last.close) });
    }
    this.#candleSeries.setData(this.#candles.map(bar));
    this.#volumeSeries.setData(this.#candles.map((candle) => this.#volume(candle)));
    for (const group of [this.#rsi, ...this.#overlays.values()]) group.draw(this.#candles, 0);
  }

  #drawTail(from: number): void {
    for (const candle of this.#candles.slice(from)) {
      this.#candleSeries.update(bar(candle));
      this.#volumeSeries.update(this.#volume(candle));
    }
    for (const group of [this.#rsi, ...this.#overlays.values()]) group.draw(this.#candles, from);
  }

  #drawMarkers(): void {
    const first = this.#candles[0]?.openTime ?? Number.POSITIVE_INFINITY;
    this.#markers.setMarkers(fillMarkers(this.#fills, this.#timeframeMs, first, this.#colours));
  }

  #volume(candle: CandleView): ReturnType<typeof volumeBar> {
    return volumeBar(candle, { up: this.#colours.upSoft, down: this.#colours.downSoft });
  }

  #line(
    line: IPriceLine | undefined,
    at: string | null,
    title: string,
    color: string,
  ): IPriceLine | undefined {
    if (at === null) {
      if (line !== undefined) this.#candleSeries.removePriceLine(line);
      return undefined;
    }
    const options = { price: Number(at), title, color, lineStyle: LineStyle.Dashed, lineWidth: 1 } as const;
    if (line === undefined) return this.#candleSeries.createPriceLine({ ...options, axisLabelVisible: true });
    line.applyOptions(options);
    return line;
  }

  #hover(event: MouseEventParams): void {
    this.#hovered = event.logical === undefined || event.point === undefined ? null : event.logical;
    this.#read();
  }

  #read(): void {
    const last = this.#candles.length - 1;
    const index = Math.max(0, Math.min(last, this.#hovered ?? last));
    const candle = this.#candles[index];
    if (candle === undefined) {
      this.#listener.onReading(null);
      return;
    }
    const overlays = [...this.#overlays].map(([id, group]) => ({ id, values: group.at(index) }));
    this.#listener.onReading({ candle, rsi: this.#rsi.at(index)[0], overlays });
  }
}
