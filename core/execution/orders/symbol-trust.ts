/** How far a symbol's books can be trusted, and what that allows. */
export type Trust = 'sound' | 'reducing-only' | 'frozen';

/**
 * Symbols of which something is not known. `frozen`: an order, its fills or the position are in doubt, and
 * nothing is sent until the venue has answered. `reducing-only`: the venue's position differs from ours.
 */
export class SymbolTrust {
  readonly #frozen = new Map<string, string>();
  readonly #differing = new Map<string, string>();

  of(symbol: string): { readonly trust: Trust; readonly reason: string } {
    const frozen = this.#frozen.get(symbol);
    if (frozen !== undefined) return { trust: 'frozen', reason: frozen };
    const differing = this.#differing.get(symbol);
    if (differing !== undefined) return { trust: 'reducing-only', reason: differing };
    return { trust: 'sound', reason: '' };
  }

  freeze(symbol: string, reason: string): void {
    this.#frozen.set(symbol, reason);
  }

  thaw(symbol: string): void {
    this.#frozen.delete(symbol);
  }

  /** The position at the venue is not ours, or (null) it is again. */
  differs(symbol: string, reason: string | null): void {
    if (reason === null) this.#differing.delete(symbol);
    else this.#differing.set(symbol, reason);
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
