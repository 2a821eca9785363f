import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL } from '../../../tests/contracts/simulated-venue.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';

/** An entry that fills at a venue whose lists stand still and whose announcements are lost. */
async function givenUp(minutes: number) {
  const ledger = new MemoryOrderLedger();
  const first = executionDesk({ ledger, symbols: [PERPETUAL] });
  first.exchange.mute = true;
  for (const question of ['order', 'fills', 'openOrders'] as const) first.exchange.freeze(question);
  first.exchange.fail('submit', 'after');
  await first.place('a', { symbol: PERPETUAL });
  first.venue.step(PERPETUAL, flat(100));
  await first.timers.pass(5_000);
  expect(first.statusOf('a')).toBe('CANCELED');
  for (let minute = 0; minute < minutes; minute += 1) first.venue.step(PERPETUAL, flat(100));
  const restart = () => {
    first.desk.close();
    return executionDesk({ ledger, venue: first.venue, symbols: [PERPETUAL] });
  };
  const wake = () => {
    for (const question of ['order', 'fills', 'openOrders'] as const) first.exchange.catchUp(question);
    return first;
  };
  return { restart, wake, ledger };
}

describe('an order that was given up though it had filled', () => {
  test.each(['wake', 'restart'] as const)('is found an hour later: %s', async (how) => {
    const scene = await givenUp(60);
    const desk = scene[how]();
    expect((await desk.desk.reconcile()).differences).toEqual([]);
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity(PERPETUAL)).toBe('1');
  });

  test('is not looked for for ever', async () => {
    const { restart } = await givenUp(25 * 60);
    const desk = restart();
    const asked: number[] = [];
    const { fills } = desk.venue.exchange;
    desk.exchange.instead.fills = async (query) => {
      asked.push(desk.venue.clock.now() - query.since);
      return fills.call(desk.venue.exchange, query);
    };
    await desk.orders.inquiry.replayFills(PERPETUAL);
    expect(asked).toEqual([600_000]);
  });

  test('is not looked for where the ledger cannot be read', async () => {
    const { wake, ledger } = await givenUp(60);
    ledger.recentOrders = () => {
      throw new Error('disk I/O error');
    };
    const desk = wake();
    await desk.orders.inquiry.replayFills(PERPETUAL);
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });
});
