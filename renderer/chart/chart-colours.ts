/** The colours that the canvas draws with, as the style sheet has them now. */
export interface ChartColours {
  readonly background: string;
  readonly text: string;
  readonly grid: string;
  readonly crosshair: string;
  readonly label: string;
  readonly up: string;
  readonly down: string;
  readonly upSoft: string;
  readonly downSoft: string;
  readonly upTint: string;
  readonly downTint: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly warning: string;
  readonly watermark: string;
  readonly lines: readonly [string, string, string, string];
  readonly font: string;
}

export function chartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    background: read('--surface'),
    text: read('--text-2'),
    grid: read('--grid'),
    crosshair: read('--text-3'),
    label: read('--raised'),
    up: read('--up'),
    down: read('--down'),
    upSoft: read('--up-soft'),
    downSoft: read('--down-soft'),
    upTint: read('--up-tint'),
    downTint: read('--down-tint'),
    accent: read('--accent'),
    accentSoft: read('--accent-soft'),
    warning: read('--warning'),
    watermark: read('--watermark'),
    lines: [read('--line-1'), read('--line-2'), read('--line-3'), read('--line-4')],
    font: read('--sans'),
  };
}
