import { type IChartApi, LineSeries } from 'lightweight-charts';
import { OVERLAY_IDS, type OverlayId } from '../stores/overlay-ids.ts';
import type { ChartColours } from './chart-colours.ts';
import { overlayLines } from './indicators.ts';
import { LineGroup } from './line-group.ts';

const LINES: Readonly<Record<OverlayId, number>> = { ema20: 1, ema50: 1, sma200: 1, bollinger: 3 };

/** Which of the chart's line colours an overlay has. */
export function overlayColour(id: OverlayId, colours: Pick<ChartColours, 'lines'>): string {
  return colours.lines[OVERLAY_IDS.indexOf(id)] ?? colours.lines[0];
}

/** Adds an overlay's lines to the price pane, still empty. */
export function overlayGroup(chart: IChartApi, id: OverlayId, colours: ChartColours): LineGroup {
  const options = {
    color: overlayColour(id, colours),
    lineWidth: 1,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
  } as const;
  const series = Array.from({ length: LINES[id] }, () => chart.addSeries(LineSeries, options, 0));
  return new LineGroup(series, (closes) => overlayLines(id, closes));
}
