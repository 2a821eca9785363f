/** How far a symbol's books can be trusted, and what that allows. */
export type Trust = 'sound' | 'reducing-only' | 'frozen';

/**
 * Symbols of which something is not known. `frozen`: an order, its fills or the position are in doubt, and no position
 * is opened or enlarged until the venue has answered. `reducing-only`: the venue works or holds something there that
 * our books do not.
 */
export class SymbolTrust {
  readonly #frozen = new Map<string, string>();
  readonly #doubts = new Map<string, number>();
  #differing: ReadonlyMap<string, string> = new Map();

  of(symbol: string): { readonly trust: Trust; readonly reason: string } {
    const frozen = this.#frozen.get(symbol);
    if (frozen !== undefined) return { trust: 'frozen', reason: frozen };
    const differing = this.#differing.get(symbol);
    if (differing !== undefined) return { trust: 'reducing-only', reason: differing };
    return { trust: 'sound', reason: '' };
  }

  isFrozen(symbol: string): boolean {
    return this.#frozen.has(symbol);
  }

  /** Grows with every doubt about a symbol: tells whether another came while the last was being asked about. */
  doubtsOf(symbol: string): number {
    return this.#doubts.get(symbol) ?? 0;
  }

  freeze(symbol: string, reason: string): void {
    this.#doubts.set(symbol, this.doubtsOf(symbol) + 1);
    this.#frozen.set(symbol, reason);
  }

  /** Why a frozen symbol stays so, where that is known better by now. */
  explain(symbol: string, reason: string): void {
    if (this.isFrozen(symbol)) this.#frozen.set(symbol, reason);
  }

  thaw(symbol: string): void {
    this.#frozen.delete(symbol);
  }

  /** Where the venue is not as our books have it, and why, as of the last comparison. */
  differ(reasons: ReadonlyMap<string, string>): void {
    this.#differing = reasons;
  }

  /** Why, by symbol. */
  frozen(): ReadonlyMap<string, string> {
    return this.#frozen;
  }

  /** Why, by symbol. */
  reducingOnly(): ReadonlyMap<string, string> {
    return this.#differing;
  }
}
