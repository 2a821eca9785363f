import { onTestFinished, vi } from 'vitest';
import type { OrderBook, PublicTrade, UtcMs, VenueEvent } from '../../core/domain/index.ts';
import { SimulatedExchange } from '../../core/execution/index.ts';

/** What a paper venue was shown and what it said, with the true time. */
export type Taped =
  | { readonly kind: 'book'; readonly at: UtcMs; readonly symbol: string; readonly book: OrderBook }
  | { readonly kind: 'trade'; readonly at: UtcMs; readonly symbol: string; readonly trade: PublicTrade }
  | { readonly kind: 'said'; readonly at: UtcMs; readonly event: VenueEvent };

/** Records everything that happens to paper venues which are opened from now on, in its order, until the test ends. */
export function paperTape(now: () => UtcMs): readonly Taped[] {
  const tape: Taped[] = [];
  const { open, showBook, showTrade } = SimulatedExchange.prototype;
  const spies = [
    vi.spyOn(SimulatedExchange.prototype, 'open').mockImplementation(function (
      this: SimulatedExchange,
      given,
    ) {
      this.onEvent((event) => tape.push({ kind: 'said', at: now(), event }));
      return open.call(this, given);
    }),
    vi.spyOn(SimulatedExchange.prototype, 'showBook').mockImplementation(function (
      this: SimulatedExchange,
      symbol,
      book,
    ) {
      tape.push({ kind: 'book', at: now(), symbol, book });
      showBook.call(this, symbol, book);
    }),
    vi.spyOn(SimulatedExchange.prototype, 'showTrade').mockImplementation(function (
      this: SimulatedExchange,
      symbol,
      trade,
    ) {
      tape.push({ kind: 'trade', at: now(), symbol, trade });
      showTrade.call(this, symbol, trade);
    }),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return tape;
}
