import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candleOf, fillOf } from '../../tests/contracts/builders.ts';
import {
  baseAmount,
  type Fill,
  flatPosition,
  foldFill,
  type Position,
  price,
  type TradeExcursion,
} from '../domain/index.ts';
import { Excursions } from './excursions.ts';

const SYMBOL = 'BTC/USDT';
const HOUR = 3_600_000;

/** A watched symbol: fills fold into its position as the account folds them. */
function watched(stored: readonly TradeExcursion[] = [], position: Position = flatPosition(SYMBOL)) {
  const written: TradeExcursion[] = [];
  const store = { open: () => stored, write: (one: TradeExcursion) => void written.push(one) };
  let held = position;
  const excursions = new Excursions(store, () => held);
  let count = 0;
  const fill = (side: Fill['side'], amount: number, at: number, time: number, stop: number | null = null) => {
    count += 1;
    const one = fillOf(`f${count}`, 'order', { side, amount, price: at, time });
    const before = held;
    const { position: after, closed } = foldFill(before, one, 'BTC', baseAmount('0.01'));
    held = after;
    excursions.fill(one, { before, after, closed, stop: stop === null ? null : price(stop) });
  };
  const step = (at: number, [open, high, low, close]: readonly [number, number, number, number]) =>
    excursions.price(SYMBOL, candleOf(at, [open, high, low, close]), HOUR);
  return { excursions, written, fill, step };
}

const EXTREMES = ({ lowest, highest, endedAt }: TradeExcursion) => [lowest, highest, endedAt];

describe('what a round trip sees', () => {
  test('is every price from its first fill on, and its own exit', () => {
    const { fill, step, written, excursions } = watched();
    step(0, [100, 500, 1, 100]);
    fill('buy', 1, 100, HOUR, 95);
    step(HOUR, [100, 104, 98, 103]);
    fill('buy', 1, 103, 2 * HOUR, 96);
    step(2 * HOUR, [103, 109, 101, 108]);
    expect(excursions.of(SYMBOL)).toMatchObject({ lowest: 98, highest: 109, endedAt: null });
    fill('sell', 2, 97, 3 * HOUR);
    step(3 * HOUR, [97, 900, 2, 97]);
    expect(excursions.of(SYMBOL)).toBeUndefined();
    expect(written.at(-1)).toEqual({
      ...{ tradeId: 'BTC/USDT f1 buy', symbol: SYMBOL, side: 'buy', openedAt: HOUR, endedAt: 3 * HOUR },
      ...{ firstPrice: price(100), firstStop: price(95), lowest: 97, highest: 109 },
    });
  });

  test('of the piece in which it was opened is only what it paid and the close', () => {
    const { fill, step, excursions } = watched();
    fill('buy', 1, 100, HOUR + 1);
    step(HOUR, [80, 150, 70, 101]);
    expect(excursions.of(SYMBOL)).toMatchObject({ lowest: 100, highest: 101 });
    step(0, [1, 1, 1, 1]);
    expect(excursions.of(SYMBOL)).toMatchObject({ lowest: 100, highest: 101 });
    step(2 * HOUR, [101, 102, 99, 100]);
    expect(excursions.of(SYMBOL)).toMatchObject({ lowest: 99, highest: 102 });
  });

  test('of a fill through flat ends one trade and begins the next', () => {
    const { fill, step, written, excursions } = watched();
    fill('buy', 1, 100, HOUR, 95);
    step(HOUR, [100, 110, 90, 105]);
    fill('sell', 3, 104, 2 * HOUR, 108);
    expect(written.map(EXTREMES)).toEqual([
      [100, 100, null],
      [90, 110, 2 * HOUR],
      [104, 104, null],
    ]);
    expect(excursions.of(SYMBOL)).toMatchObject({ side: 'sell', firstStop: price(108) });
  });

  test('of another symbol, of a remainder too small to trade or without a position is nothing', () => {
    const { fill, step, excursions, written } = watched();
    fill('buy', 1, 100, HOUR);
    excursions.price('ETH/USDT', candleOf(HOUR, [1, 2, 0.5, 1]), HOUR);
    excursions.bar('ETH/USDT', candleOf(HOUR, [1, 2, 0.5, 1]), HOUR);
    fill('sell', 0.995, 101, 2 * HOUR);
    expect(excursions.of(SYMBOL)).toBeUndefined();
    step(2 * HOUR, [1, 1, 1, 1]);
    expect(written.map(EXTREMES)).toEqual([
      [100, 100, null],
      [100, 101, 2 * HOUR],
    ]);
    // The first fill that closes the remainder opens nothing.
    fill('sell', 0.005, 101, 3 * HOUR);
    expect(written).toHaveLength(2);
  });

  test('is stored at the close of a bar, and at the end, when it has changed', () => {
    const { fill, step, excursions, written } = watched();
    fill('buy', 1, 100, HOUR);
    step(HOUR, [100, 103, 99, 101]);
    expect(written).toHaveLength(1);
    excursions.bar(SYMBOL, candleOf(HOUR, [100, 103, 99, 101]), HOUR);
    excursions.bar(SYMBOL, candleOf(2 * HOUR, [101, 102, 100, 101]), HOUR);
    expect(written).toHaveLength(2);
    step(3 * HOUR, [100, 104, 99, 101]);
    excursions.flush();
    excursions.flush();
    expect(written.map(EXTREMES)).toEqual([
      [100, 100, null],
      [99, 103, null],
      [99, 104, null],
    ]);
  });
});

describe('after a restart', () => {
  const STORED: TradeExcursion = {
    ...{ tradeId: 'BTC/USDT f0 buy', symbol: SYMBOL, side: 'buy', openedAt: HOUR, endedAt: null },
    ...{ firstPrice: price(100), firstStop: null, lowest: 99, highest: 101 },
  };
  const HELD = foldFill(flatPosition(SYMBOL), fillOf('f0', 'order', { time: HOUR }), 'BTC').position;

  test('a trade that is still open goes on', () => {
    const { excursions, fill, step, written } = watched([STORED], HELD);
    step(2 * HOUR, [100, 105, 98, 100]);
    fill('sell', 1, 100, 3 * HOUR);
    expect(excursions.of(SYMBOL)).toBeUndefined();
    expect(written.map(EXTREMES)).toEqual([[98, 105, 3 * HOUR]]);
  });

  test('another trade that is open by now has seen nothing of it', () => {
    const later = { ...HELD, openedAt: 2 * HOUR };
    const { excursions, step, written } = watched([STORED], later);
    step(3 * HOUR, [100, 105, 98, 100]);
    expect(excursions.of(SYMBOL)).toBeUndefined();
    expect(written.map(EXTREMES)).toEqual([[99, 101, HOUR]]);
  });

  test('one that is not is ended', () => {
    const { excursions, written } = watched([STORED]);
    expect(excursions.of(SYMBOL)).toBeUndefined();
    expect(written.map(EXTREMES)).toEqual([[99, 101, HOUR]]);
  });
});

test('whatever is traded, nothing is seen that the trade did not live through', () => {
  const step = fc.record({
    prices: fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 4, maxLength: 4 }),
    deal: fc.option(
      fc.tuple(fc.constantFrom('buy' as const, 'sell' as const), fc.integer({ min: 1, max: 3 })),
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { fill, step: told, written } = watched();
      /** Prices by the time at which they were certain to be seen. */
      const tape: [time: number, price: number][] = [];
      for (const [index, { prices, deal }] of steps.entries()) {
        const [open = 1, a = 1, b = 1, close = 1] = prices;
        const at = index * HOUR;
        if (deal !== null) fill(deal[0], deal[1], open, at);
        tape.push([at, open]);
        const [low, high] = [Math.min(...prices), Math.max(...prices)];
        told(at, [open, high, low, close]);
        for (const each of [a, b, close]) tape.push([at + 1, each]);
      }
      for (const { openedAt, endedAt, lowest, highest } of written) {
        if (endedAt === null) continue;
        const lived = tape.filter(([time]) => time >= openedAt && time <= endedAt).map(([, each]) => each);
        expect([lowest, highest]).toEqual([Math.min(...lived), Math.max(...lived)]);
      }
    }),
  );
});
