export type { Candles } from './candle-series.ts';
export { type SymbolCandles, useCandles } from './candles.ts';
export { useConnection } from './connection.ts';
export { followCandles, followTopics } from './follow.ts';
export { useMoneyDecimals } from './money-decimals.ts';
export { bindAddressBar, neighbour, PAGES, type Page, useNavigation } from './navigation.ts';
export { type Notice, useNotices } from './notices.ts';
export { applyPreferences, onAppearanceChange, type Preferences, usePreferences } from './preferences.ts';
export * from './topics.ts';
