/** Whether a symbol's base is bitcoin, against which the features measure every other symbol. */
export function isBitcoin(symbol: string): boolean {
  return symbol.startsWith('BTC/');
}

/** Order of symbols in which bitcoin's bar of a moment is known before the others look at it; else as they were. */
export function bitcoinFirst(a: string, b: string): number {
  return Number(isBitcoin(b)) - Number(isBitcoin(a));
}
