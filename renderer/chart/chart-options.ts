import { type ChartOptions, CrosshairMode, type DeepPartial, LineStyle } from 'lightweight-charts';
import type { ChartColours } from './chart-colours.ts';

/** How every chart of the program is laid out, and its colours. */
export function chartOptions(colours: ChartColours): DeepPartial<ChartOptions> {
  const { layout, ...others } = colourOptions(colours);
  return {
    ...others,
    autoSize: true,
    layout: { ...layout, fontSize: 11, attributionLogo: true },
    rightPriceScale: { borderVisible: false, minimumWidth: 72, entireTextOnly: true },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      secondsVisible: false,
      rightOffset: 6,
      barSpacing: 6,
      minBarSpacing: 0.05,
    },
    localization: { locale: 'en-GB' },
  };
}

/** What changes with the theme. Zoom and place are left alone. */
export function colourOptions(colours: ChartColours): DeepPartial<ChartOptions> {
  const line = {
    color: colours.crosshair,
    style: LineStyle.Dashed,
    width: 1,
    labelBackgroundColor: colours.label,
  } as const;
  return {
    layout: {
      background: { color: colours.background },
      textColor: colours.text,
      fontFamily: colours.font,
      panes: { separatorColor: colours.grid, separatorHoverColor: colours.accentSoft },
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: line, horzLine: line },
  };
}
