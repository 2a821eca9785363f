import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { PERPETUAL, SPOT, testVenue } from '../../tests/contracts/simulated-venue.ts';
import {
  clientOrderId,
  LedgerError,
  type OrderLedger,
  sum,
  type VenueFault,
  ZERO_BASE,
} from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/memory/memory-order-ledger.ts';

type Desk = ReturnType<typeof executionDesk>;

const symbols = fc.constantFrom(SPOT, PERPETUAL);
const whole = (min: number, max: number) => fc.integer({ min, max });
const prices = fc.tuple(whole(80, 120), whole(80, 120), whole(80, 120), whole(80, 120));

/** Everything that can happen on a bad day. Orders are named by the place of their command. */
const place = fc.record({
  kind: fc.constant('place' as const),
  symbol: symbols,
  side: fc.constantFrom('buy' as const, 'sell' as const),
  amount: whole(1, 9),
  limitPrice: fc.option(whole(85, 115), { nil: undefined }),
  purpose: fc.constantFrom('entry' as const, 'exit' as const),
  // The caller waits for the answer, or goes on while it is on its way.
  waits: fc.boolean(),
});
const step = fc.record({ kind: fc.constant('step' as const), symbol: symbols, prices, volume: whole(0, 6) });
const command = fc.oneof(
  { arbitrary: place, weight: 6 },
  { arbitrary: step, weight: 8 },
  fc.record({ kind: fc.constant('place again' as const), index: fc.nat({ max: 30 }) }),
  fc.record({ kind: fc.constant('cancel' as const), index: fc.nat({ max: 30 }) }),
  fc.record({
    kind: fc.constant('fault' as const),
    call: fc.constantFrom('submit' as const, 'cancel' as const, 'order' as const, 'fills' as const),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  fc.record({
    kind: fc.constant('refusal' as const),
    call: fc.constantFrom('submit' as const, 'cancel' as const),
    fault: fc.constantFrom<VenueFault>('rejected', 'rate-limited', 'unauthorised', 'unavailable'),
  }),
  fc.record({ kind: fc.constantFrom('disconnect' as const, 'reconnect' as const, 'reconcile' as const) }),
  fc.record({ kind: fc.constantFrom('crash' as const, 'flatten' as const) }),
  fc.record({ kind: fc.constant('tell again' as const), index: fc.nat({ max: 20 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

async function run(
  commands: readonly Command[],
): Promise<{ desk: Desk; venue: ReturnType<typeof testVenue> }> {
  const venue = testVenue({ takerFeeBps: 10, makerFeeBps: 5, spreadBps: 2, slippageBps: 2, latencyMs: 500 });
  for (const symbol of [SPOT, PERPETUAL]) venue.step(symbol, [100, 100, 100, 100]);
  const ledger = new MemoryOrderLedger();
  let life = { ended: false };
  const newDesk = (): Desk => {
    const desk = executionDesk({ venue, ledger: until(life, ledger), symbols: [SPOT, PERPETUAL] });
    desk.protect(90, SPOT);
    desk.onWait.run = () => venue.step(SPOT, [100, 100, 100, 100], 3);
    return desk;
  };
  let desk = newDesk();

  for (const [index, given] of commands.entries()) {
    const placeAs = (name: number, of: Extract<Command, { kind: 'place' }>): Promise<unknown> => {
      const { symbol, side, amount, limitPrice, purpose } = of;
      const reduceOnly = purpose === 'exit';
      const prices = limitPrice === undefined ? {} : { limitPrice };
      return desk.place(`o${name}`, { symbol, side, amount, purpose, reduceOnly, ...prices });
    };
    switch (given.kind) {
      case 'place': {
        const placing = placeAs(index, given);
        if (given.waits) await placing;
        break;
      }
      case 'place again': {
        const earlier = commands[given.index];
        if (given.index < index && earlier?.kind === 'place') await placeAs(given.index, earlier);
        break;
      }
      case 'cancel':
        await desk.orders.cancel(clientOrderId(`o${given.index}`));
        break;
      case 'step': {
        const [low, open, close, high] = given.prices.toSorted((a, b) => a - b) as [
          number,
          number,
          number,
          number,
        ];
        venue.step(given.symbol, [open, high, low, close], given.volume);
        break;
      }
      case 'fault':
        desk.exchange.fail(given.call, given.when);
        break;
      case 'refusal':
        desk.exchange.fail(given.call, 'before', given.fault);
        break;
      case 'disconnect':
        desk.exchange.mute = true;
        break;
      case 'reconnect':
        desk.exchange.mute = false;
        await desk.reconciler.reconcile();
        break;
      case 'reconcile':
        await desk.reconciler.reconcile();
        break;
      case 'flatten':
        await desk.flattener.flatten();
        break;
      case 'crash':
        // Calls on their way arrive; their answers find nobody. The new process knows what the ledger knows.
        life.ended = true;
        desk.orders.close();
        life = { ended: false };
        desk = newDesk();
        break;
      case 'tell again': {
        const event = venue.events[given.index];
        if (event !== undefined) desk.exchange.announce(event);
        break;
      }
    }
  }
  return { desk, venue };
}

/** The ledger as one process sees it: nothing is written by a process that has ended. */
function until(life: { readonly ended: boolean }, ledger: OrderLedger): OrderLedger {
  const alive = (): OrderLedger => {
    if (life.ended) throw new LedgerError('this process has ended');
    return ledger;
  };
  return {
    appendIntent: (intent) => alive().appendIntent(intent),
    appendEvent: (event) => alive().appendEvent(event),
    appendFill: (fill) => alive().appendFill(fill),
    order: (id) => alive().order(id),
    unfinishedOrders: () => alive().unfinishedOrders(),
    recentOrders: (query) => alive().recentOrders(query),
    fills: () => alive().fills(),
  };
}

/** The line is good again and time passes: reconciles until every answer is in. */
async function recover(desk: Desk, venue: ReturnType<typeof testVenue>): Promise<readonly string[]> {
  desk.exchange.mute = false;
  let differences: readonly string[] = [];
  for (let round = 0; round < 60; round += 1) {
    await desk.orders.idle();
    venue.clock.advanceTo(venue.clock.now() + 11_000);
    differences = await desk.reconciler.reconcile();
  }
  return differences;
}

describe('whatever fails, and in whatever order it happens', () => {
  const day = fc.array(command, { minLength: 20, maxLength: 60, size: 'max' });

  test('#1 #13 #15 every fill is counted exactly once, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(day, async (commands) => {
        const { desk, venue } = await run(commands);
        expect(await recover(desk, venue)).toEqual([]);

        const there = await venue.exchange.fillsSince(0);
        const counted = [...desk.ledger.fills()];
        expect(counted.map((fill) => fill.tradeId).sort()).toEqual(there.map((fill) => fill.tradeId).sort());
        for (const symbol of [SPOT, PERPETUAL]) {
          const held = (await venue.exchange.positions()).get(symbol) ?? ZERO_BASE;
          expect(desk.quantity(symbol)).toBe(held.toFixed());
        }
        for (const order of desk.ledger.recentOrders({ limit: 1_000 })) {
          const own = counted.filter((fill) => fill.clientOrderId === order.clientOrderId);
          expect(
            sum(
              ZERO_BASE,
              own.map(({ amount }) => amount),
            ).eq(order.filledAmount),
          ).toBe(true);
          expect(order.filledAmount.lte(order.amount)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('#2 #14 no working order is dropped, none is made up, and each has a known end', async () => {
    await fc.assert(
      fc.asyncProperty(day, async (commands) => {
        const { desk, venue } = await run(commands);
        await recover(desk, venue);
        const working = (await venue.exchange.openOrders()).map((order) => order.clientOrderId);
        const unfinished = desk.ledger.unfinishedOrders().map((order) => order.clientOrderId);
        expect([...unfinished].sort()).toEqual([...working].sort());
        for (const order of desk.ledger.recentOrders({ limit: 1_000 })) {
          const answer = await venue.exchange.order(order.symbol, order.clientOrderId);
          const never = order.status === 'CANCELED' || order.status === 'REJECTED';
          expect(answer === null ? never : answer.status === order.status).toBe(true);
        }
        expect(desk.orders.frozenSymbols().size).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('the same day gives the same ledger', async () => {
    await fc.assert(
      fc.asyncProperty(day, async (commands) => {
        const record = async (): Promise<string> => {
          const { desk } = await run(commands);
          return JSON.stringify([...desk.ledger.fills(), ...desk.ledger.recentOrders({ limit: 1_000 })]);
        };
        expect(await record()).toBe(await record());
      }),
      { numRuns: 20 },
    );
  });
});
