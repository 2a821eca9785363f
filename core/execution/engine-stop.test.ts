import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { VenueError } from '../domain/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

/** A long of one, bought at 100 with a stop planned at 95 that the venue does not take. */
async function withoutStopAtVenue(
  symbol: string = PERPETUAL,
  given: { readonly side?: 'buy' | 'sell' } = {},
) {
  const desk = executionDesk({ symbols: [symbol] });
  desk.protect(given.side === 'sell' ? 105 : 95, symbol);
  await desk.place('a', { symbol, ...given });
  desk.exchange.instead.submit = async (intent) => {
    if (intent.type === 'stop') throw new VenueError('rejected', 'no stops today');
    return desk.venue.exchange.submit(intent);
  };
  desk.venue.step(symbol, flat(100));
  await desk.orders.idle();
  expect(desk.desk.protectionOf(symbol).protection).toBe('engine');
  /** The market goes to a price, and the engine hears of it. */
  const goesTo = async (price: number): Promise<void> => {
    desk.desk.price(symbol, price);
    await desk.orders.idle();
    desk.venue.step(symbol, flat(price));
    await desk.orders.idle();
  };
  return { desk, goesTo };
}

describe('the engine’s own stop', () => {
  test.each([
    ['a long', PERPETUAL, 'buy', 96, 95],
    ['a short', PERPETUAL, 'sell', 104, 105],
    ['coins', SPOT, 'buy', 96, 94],
  ] as const)(
    'closes %s when the price gets there, and not before',
    async (_, symbol, side, before, there) => {
      const { desk, goesTo } = await withoutStopAtVenue(symbol, { side });
      await goesTo(before);
      expect(desk.quantity(symbol)).not.toBe('0');
      await goesTo(there);
      expect(desk.quantity(symbol)).toBe('0');
      expect(desk.fills.at(-1)).toMatchObject({ purpose: 'protection' });
      expect(desk.desk.protectionOf(symbol).protection).toBe('none');
    },
  );

  test('sends one close, however often the price is told', async () => {
    const { desk } = await withoutStopAtVenue();
    const before = desk.calls('submit');
    for (const price of [94, 93, 92]) desk.desk.price(PERPETUAL, price);
    await desk.timers.pass(5_000);
    expect(desk.working('protection', PERPETUAL)).toHaveLength(1);
    const stops = desk.exchange.calls.length;
    desk.venue.step(PERPETUAL, flat(92));
    await desk.timers.pass(60_000);
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(desk.exchange.calls).toHaveLength(stops);
    expect(desk.calls('submit')).toBeGreaterThan(before);
  });

  test('is tried again without another price when the venue does not take the close', async () => {
    const { desk } = await withoutStopAtVenue();
    let refusals = 0;
    desk.exchange.instead.submit = async (intent) => {
      if (intent.type === 'market' && refusals >= 3) return desk.venue.exchange.submit(intent);
      if (intent.type === 'market') refusals += 1;
      throw new VenueError('rejected', 'not now');
    };
    desk.desk.price(PERPETUAL, 94);
    await desk.timers.pass(4_000);
    expect(refusals).toBe(3);
    desk.venue.step(PERPETUAL, flat(94));
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('goes on with each price where time stands still, as in a backtest', async () => {
    const { desk, goesTo } = await withoutStopAtVenue();
    desk.exchange.instead.submit = async () => {
      throw new VenueError('rejected', 'not now');
    };
    await goesTo(94);
    delete desk.exchange.instead.submit;
    await goesTo(93);
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('V18 leaves it to the stop at the venue for two seconds, and closes then', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    const before = desk.calls('submit');
    desk.desk.price(PERPETUAL, 94);
    await desk.timers.pass(1_700);
    expect(desk.calls('submit')).toBe(before);
    await desk.timers.pass(2_100);
    expect(desk.calls('submit')).toBe(before + 1);
    desk.venue.step(PERPETUAL, flat(94));
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('does nothing when the price comes back before that', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL });
    const before = desk.calls('submit');
    desk.desk.price(PERPETUAL, 94);
    await desk.timers.pass(1_000);
    desk.desk.price(PERPETUAL, 96);
    await desk.timers.pass(60_000);
    expect(desk.calls('submit')).toBe(before);
    expect(desk.timers.waiting).toBe(0);
  });

  test('does not close what is just being closed', async () => {
    const { desk } = await withoutStopAtVenue();
    await desk.place('x', { ...exit, symbol: PERPETUAL });
    desk.desk.price(PERPETUAL, 94);
    await desk.orders.idle();
    expect(desk.working('protection', PERPETUAL)).toEqual([]);
  });

  test('moves with the plan, and holds the last one where the plan is lost', async () => {
    const { desk, goesTo } = await withoutStopAtVenue();
    desk.protect(98, PERPETUAL);
    desk.desk.protect(PERPETUAL);
    desk.stopPrices.clear();
    desk.desk.protect(PERPETUAL);
    expect(desk.desk.protectionOf(PERPETUAL).protection).toBe('engine');
    await goesTo(97);
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('a position that turns round is not closed by the plan of the other side', async () => {
    const { desk, goesTo } = await withoutStopAtVenue();
    desk.stopPrices.clear();
    await desk.enter('b', 100, { symbol: PERPETUAL, side: 'sell', amount: 2 });
    expect(desk.quantity(PERPETUAL)).toBe('-1');
    await goesTo(99);
    expect(desk.quantity(PERPETUAL)).toBe('-1');
  });

  test('too little for the venue to take stays', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.place('a', { amount: 1 });
    desk.venue.step(SPOT, flat(100), 0.05);
    await desk.orders.idle();
    desk.desk.price(SPOT, 90);
    await desk.timers.pass(10_000);
    expect(desk.working('protection')).toEqual([]);
  });

  test('closes where the venue does not tell of the market', async () => {
    const { desk, goesTo } = await withoutStopAtVenue();
    desk.exchange.instrument = () => undefined;
    await goesTo(94);
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('is held back by the emergency stop, without a trace in the ledger', async () => {
    const { desk, goesTo } = await withoutStopAtVenue();
    desk.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    const before = desk.history.length;
    await goesTo(94);
    await desk.timers.pass(60_000);
    expect(desk.quantity(PERPETUAL)).toBe('1');
    expect(desk.history).toHaveLength(before);
  });

  test('fails without ending the program, and is tried again', async () => {
    const { desk, goesTo } = await withoutStopAtVenue();
    desk.gate.ask = () => {
      throw new Error('the latch cannot be read');
    };
    await goesTo(94);
    desk.gate.ask = () => ({ allowed: true });
    await desk.timers.pass(5_000);
    desk.venue.step(PERPETUAL, flat(94));
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('ends with the program', async () => {
    const { desk } = await withoutStopAtVenue();
    desk.exchange.instead.submit = async () => {
      throw new VenueError('rejected', 'not now');
    };
    desk.desk.price(PERPETUAL, 94);
    desk.desk.close();
    await desk.orders.idle();
    const before = desk.calls('submit');
    await desk.timers.pass(60_000);
    expect(desk.calls('submit')).toBe(before);
    expect(desk.timers.waiting).toBe(0);
  });
});

describe('a position that the venue does not protect', () => {
  test('is told after two seconds, once, and again when it is protected', async () => {
    const { desk } = await withoutStopAtVenue();
    await desk.timers.pass(1_900);
    expect(desk.troubles).toEqual([]);
    await desk.timers.pass(200);
    expect(desk.troubles).toEqual(['engine']);
    await desk.timers.pass(30_000);
    expect(desk.troubles).toEqual(['engine']);
    delete desk.exchange.instead.submit;
    await desk.timers.pass(60_000);
    expect(desk.troubles).toEqual(['engine', null]);
  });

  test('is told as not protected at all where there is no plan', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    await desk.timers.pass(2_000);
    expect(desk.troubles).toEqual(['none']);
    await desk.place('x', exit);
    desk.venue.step(SPOT, flat(100));
    await desk.orders.idle();
    expect(desk.troubles).toEqual(['none', null]);
  });

  test('is not told when the stop was there in time, nor for moments that add up', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100);
    for (const level of [96, 97, 98]) {
      desk.exchange.fail('submit', 'before', 'rejected');
      desk.protect(level);
      desk.desk.protect(SPOT);
      await desk.timers.pass(1_500);
    }
    expect(desk.stops()).toEqual(['sell 1@98']);
    await desk.timers.pass(10_000);
    expect(desk.troubles).toEqual([]);
  });

  test('is not told while the venue works a close of all of it', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100, { amount: 2 });
    await desk.place('x', { ...exit, amount: 2 });
    await desk.timers.pass(60_000);
    expect(desk.troubles).toEqual([]);
  });

  test('is told while a close of a part of it works', async () => {
    const desk = executionDesk();
    desk.protect(95);
    await desk.enter('a', 100, { amount: 2 });
    await desk.place('x', { ...exit, amount: 1 });
    await desk.timers.pass(2_100);
    expect(desk.troubles).toEqual(['engine']);
  });

  test('a listener that fails ends nothing', async () => {
    const { desk } = await withoutStopAtVenue();
    desk.troubles.push = () => {
      throw new Error('no bell');
    };
    await desk.timers.pass(3_000);
    expect(desk.desk.protectionOf(PERPETUAL).protection).toBe('engine');
  });

  test('is not told any more once the program ends', async () => {
    const { desk } = await withoutStopAtVenue();
    desk.desk.close();
    await desk.timers.pass(10_000);
    expect(desk.troubles).toEqual([]);
  });
});
