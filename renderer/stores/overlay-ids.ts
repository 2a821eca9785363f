/** Lines the trader can lay over the candles. */
export const OVERLAY_IDS = ['ema20', 'ema50', 'sma200', 'bollinger'] as const;
export type OverlayId = (typeof OVERLAY_IDS)[number];

export const OVERLAY_WORDS: Readonly<Record<OverlayId, string>> = {
  ema20: 'EMA 20',
  ema50: 'EMA 50',
  sma200: 'SMA 200',
  bollinger: 'Bollinger 20',
};
