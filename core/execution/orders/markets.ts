/** ccxt's unified symbols name a settlement asset for derivatives only. */
export function isDerivative(symbol: string): boolean {
  return symbol.includes(':');
}

/** The coin that is bought and sold. */
export function coinOf(symbol: string): string {
  return symbol.replace(/\/.*$/, '');
}
