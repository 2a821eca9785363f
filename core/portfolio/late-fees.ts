import type { AccountEvent, Fill, TradeId } from '../domain/index.ts';

/** A fee that was told apart from its fill. */
export type FeeOfTrade = AccountEvent & { readonly symbol: string; readonly tradeId: TradeId };

/** Which trades are in the books, so that a fee told apart from its fill goes where the fill goes. */
export class LateFees {
  /** By trade: whether its fill is counted. */
  readonly #trades = new Map<string, boolean>();
  /** Fees whose fill has not come: whose it is, nobody knows. */
  readonly #waiting = new Map<string, FeeOfTrade[]>();
  readonly #countedBefore: (symbol: string, trade: TradeId) => boolean | undefined;

  /**
   * @param countedBefore whether a trade from before all that is told here is counted; undefined: there was none.
   * @param waiting fees from before whose fill has not come.
   */
  constructor(
    countedBefore: (symbol: string, trade: TradeId) => boolean | undefined,
    waiting: readonly FeeOfTrade[],
  ) {
    this.#countedBefore = countedBefore;
    for (const event of waiting) this.#wait(event);
  }

  /** Fees whose fill has not come, in the order in which they were told. */
  get waiting(): readonly FeeOfTrade[] {
    return [...this.#waiting.values()].flat();
  }

  /**
   * Takes note of whether a trade's fill is counted.
   *
   * @returns its fees that were told before it and are to be counted after it.
   */
  settle({ symbol, tradeId }: Fill, isCounted: boolean): readonly AccountEvent[] {
    const trade = keyOf(symbol, tradeId);
    const waited = this.#waiting.get(trade) ?? [];
    this.#trades.set(trade, isCounted);
    this.#waiting.delete(trade);
    return isCounted ? waited : [];
  }

  /** Whether an event is to be counted at once. A fee waits for its fill, and is left out where that is. */
  admits(event: AccountEvent): boolean {
    const { kind, symbol, tradeId } = event;
    if (kind !== 'fee' || symbol === null || tradeId === null) return true;
    const trade = keyOf(symbol, tradeId);
    const isCounted = this.#trades.get(trade) ?? this.#countedBefore(symbol, tradeId);
    if (isCounted === undefined) this.#wait({ ...event, symbol, tradeId });
    return isCounted ?? false;
  }

  #wait(event: FeeOfTrade): void {
    const trade = keyOf(event.symbol, event.tradeId);
    this.#waiting.set(trade, [...(this.#waiting.get(trade) ?? []), event]);
  }
}

function keyOf(symbol: string, tradeId: TradeId): string {
  return `${symbol} ${tradeId}`;
}
