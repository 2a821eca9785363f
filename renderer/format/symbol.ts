export { moneyDecimals } from '../../core/contract/index.ts';

/** `BTC` of `BTC/USDT` and `BTC/USDT:USDT`. */
export function baseOf(symbol: string): string {
  return symbol.split('/')[0] ?? symbol;
}

/** `USDT` of `BTC/USDT` and `BTC/USDT:USDT`. */
export function quoteOf(symbol: string): string {
  return symbol.split('/')[1]?.split(':')[0] ?? '';
}
