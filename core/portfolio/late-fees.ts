import type { AccountEvent, Fill, TradeId } from '../domain/index.ts';

/** Which trades are in the books, so that a fee told apart from its fill goes where the fill goes. */
export class LateFees {
  /** By trade: whether its fill is counted. */
  readonly #trades = new Map<string, boolean>();
  /** Fees whose fill has not come: whose it is, nobody knows. */
  readonly #waiting = new Map<string, AccountEvent[]>();

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
    const isCounted = this.#trades.get(trade);
    if (isCounted === undefined) this.#waiting.set(trade, [...(this.#waiting.get(trade) ?? []), event]);
    return isCounted ?? false;
  }
}

function keyOf(symbol: string, tradeId: TradeId): string {
  return `${symbol} ${tradeId}`;
}
