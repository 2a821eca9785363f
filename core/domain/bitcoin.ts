/** Whether a symbol's base is bitcoin, against which the features measure every other symbol. */
export function isBitcoin(symbol: string): boolean {
  return symbol.startsWith('BTC/');
}

/** The bitcoin that a symbol is measured against: of the same market if it is there, else the first. */
export function bitcoinOf(symbol: string, symbols: readonly string[]): string | undefined {
  if (isBitcoin(symbol)) return undefined;
  const bitcoins = symbols.filter(isBitcoin);
  return bitcoins.find((each) => marketOf(each) === marketOf(symbol)) ?? bitcoins[0];
}

/** Order of symbols in which bitcoin's bar of a moment is known before the others look at it; else as they were. */
export function bitcoinFirst(a: string, b: string): number {
  return Number(isBitcoin(b)) - Number(isBitcoin(a));
}

/** `USDT` and `USDT:USDT` are different markets. */
function marketOf(symbol: string): string | undefined {
  return symbol.split('/')[1];
}
