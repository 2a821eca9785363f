import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { VirtualTimers } from '../../tests/contracts/virtual-timers.ts';

/** As in a backtest: no time passes but the market's, and nothing that is waited for ever comes. */
class NoTime extends VirtualTimers {
  override monotonicMs(): number {
    return 0;
  }
}

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

describe('where only the market’s time passes', () => {
  test.each([SPOT, PERPETUAL])(
    'positions of %s are opened, protected, stopped out and closed',
    async (symbol) => {
      const timers = new NoTime();
      const desk = executionDesk({ timers, symbols: [symbol] });
      const waits: number[] = [];
      for (let round = 0; round < 50; round += 1) {
        desk.protect(95, symbol);
        await desk.enter(`a${round}`, 100, { symbol });
        expect(desk.stops(symbol)).toEqual(['sell 1@95']);
        if (round % 2 === 0) desk.venue.step(symbol, [100, 100, 94, 94]);
        else await desk.place(`x${round}`, { ...exit, symbol });
        desk.desk.price(symbol, 94);
        desk.venue.step(symbol, flat(100));
        desk.desk.price(symbol, 100);
        await desk.orders.idle();
        expect(desk.quantity(symbol)).toBe('0');
        expect(desk.orders.unfinished()).toEqual([]);
        waits.push(timers.waiting);
      }
      expect(desk.fills).toHaveLength(100);
      expect(desk.troubles).toEqual([]);
      // What is waited for in vain does not become more with each trade.
      expect(waits.at(-1)).toBe(waits[3]);
      expect(timers.waiting).toBeLessThanOrEqual(4);
    },
  );

  test('a price costs next to nothing while nothing is held', () => {
    const desk = executionDesk();
    const before = desk.exchange.calls.length;
    for (let step = 0; step < 100_000; step += 1) desk.desk.price(SPOT, 100);
    expect(desk.exchange.calls).toHaveLength(before);
  });
});
