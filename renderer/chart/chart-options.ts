import { type ChartOptions, CrosshairMode, type DeepPartial, LineStyle } from 'lightweight-charts';
import type { ChartColours } from './chart-colours.ts';

/** How every chart of the program looks. */
export function chartOptions(colours: ChartColours): DeepPartial<ChartOptions> {
  const crosshair = { color: colours.crosshair, style: LineStyle.Dashed, width: 1, labelBackgroundColor: colours.label } as const;
  return {
    autoSize: true,
    layout: {
      background: { color: colours.background },
      textColor: colours.text,
      fontFamily: colours.font,
      fontSize: 11,
      attributionLogo: true,
      panes: { separatorColor: colours.grid, separatorHoverColor: colours.accentSoft, enableResize: true },
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: crosshair, horzLine: crosshair },
    rightPriceScale: { borderVisible: false, minimumWidth: 72 },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 6, barSpacing: 6, minBarSpacing: 0.05 },
    localization: { locale: 'en-GB' },
  };
}
