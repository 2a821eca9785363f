const HOUR = 3_600_000;
const START = 1_700_000_000_000 - (1_700_000_000_000 % HOUR);

/** CSV of hourly candles in a wave of prices: enough movement for features and trades. */
export function waveCandles(bars: number, start = START): string {
  const priceAt = (hour: number): number => 100 + 10 * Math.sin(hour / 40) + Math.sin(hour * 1.7);
  const rows = Array.from({ length: bars }, (_, hour) => {
    const [open, close] = [priceAt(hour - 1), priceAt(hour)];
    const [high, low] = [Math.max(open, close) + 0.5, Math.min(open, close) - 0.5];
    return [start + hour * HOUR, open, high, low, close, 1_000 + (hour % 24) * 10].join(',');
  });
  return `timestamp_ms,open,high,low,close,volume\n${rows.join('\n')}\n`;
}
