import { describe, expect, test } from 'vitest';
import type { MarketEvent, MarketFeed } from '../../core/domain/index.ts';

export interface FeedUnderTest {
  readonly feed: MarketFeed;
  /** Symbols that the feed has. */
  readonly symbols: readonly string[];
}

/** What the engine relies on, whatever a feed is fed from. */
export function marketFeedContract(name: string, make: () => FeedUnderTest): void {
  const signal = (): AbortSignal => new AbortController().signal;

  async function opened(): Promise<FeedUnderTest> {
    const made = make();
    await made.feed.open({ symbols: made.symbols });
    return made;
  }

  describe(`the feed contract: ${name}`, () => {
    test('is connected for each of its symbols from the opening to the end', async () => {
      const { feed, symbols } = make();
      for (const symbol of symbols) expect(feed.connection(symbol).state).toBe('connecting');
      await feed.open({ symbols });
      for (const symbol of symbols)
        expect(feed.connection(symbol)).toEqual({ state: 'connected', message: '' });
      await feed.close();
      for (const symbol of symbols) expect(feed.connection(symbol).state).toBe('closed');
    });

    test('says of a symbol that it does not have that nothing will come', async () => {
      const { feed } = await opened();
      const { state, message } = feed.connection('NONE/USDT');
      expect(state).toBe('closed');
      expect(message).toContain('NONE/USDT');
      expect(feed.warmUp('NONE/USDT')).toEqual([]);
    });

    test('warms up with bars in order that all closed before the first event', async () => {
      const { feed, symbols } = await opened();
      const first = await feed.next(signal());
      for (const symbol of symbols) {
        const times = feed.warmUp(symbol).map(({ openTime }) => openTime);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.at(-1) ?? 0).toBeLessThan(startOf(first));
      }
    });

    test('has every bar of a symbol in order, each after its own last step', async () => {
      const { feed, symbols } = await opened();
      const last = new Map<string, number>();
      let bars = 0;
      for (let taken = 0; taken < 400; taken += 1) {
        const event = await feed.next(signal());
        if (event === undefined) break;
        expect(symbols).toContain(event.symbol);
        if (event.kind === 'gap') continue;
        if (event.kind === 'step') {
          expect(event.candle.openTime).toBeGreaterThanOrEqual(last.get(event.symbol) ?? 0);
          continue;
        }
        expect(event.candle.openTime).toBeGreaterThan(last.get(event.symbol) ?? 0);
        last.set(event.symbol, event.candle.openTime);
        bars += 1;
      }
      expect(bars).toBeGreaterThan(symbols.length);
    });

    test('V10 comes back when it is told to stop, and has nothing more once it is closed', async () => {
      const { feed } = await opened();
      await feed.next(AbortSignal.abort());
      await feed.close();
      expect(await feed.next(signal())).toBeUndefined();
    });

    test('may be closed before it was opened, and twice', async () => {
      const { feed } = make();
      await feed.close();
      await feed.close();
      expect(await feed.next(signal())).toBeUndefined();
    });
  });
}

function startOf(event: MarketEvent | undefined): number {
  if (event === undefined) throw new TypeError('the feed has no event');
  return event.kind === 'gap' ? event.from : event.candle.openTime;
}
