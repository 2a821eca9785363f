import { PositionBook } from './position-book.ts';

export type MarginType = 'isolated' | 'cross';

const USUAL_LEVERAGE = 20;

/** How an account trades futures: what it holds and how it has set each symbol. */
export class FuturesAccount {
  readonly positions = new PositionBook();
  /** Hedge mode: longs and shorts of a symbol beside each other. */
  isDual = false;
  readonly #leverage = new Map<string, number>();
  readonly #marginType = new Map<string, MarginType>();

  leverage(symbol: string): number {
    return this.#leverage.get(symbol) ?? USUAL_LEVERAGE;
  }

  setLeverage(symbol: string, leverage: number): void {
    this.#leverage.set(symbol, leverage);
  }

  marginType(symbol: string): MarginType {
    return this.#marginType.get(symbol) ?? 'cross';
  }

  setMarginType(symbol: string, type: MarginType): void {
    this.#marginType.set(symbol, type);
  }
}
