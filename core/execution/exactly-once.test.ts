import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeskUnderTest, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { PERPETUAL, SPOT, testVenue } from '../../tests/contracts/simulated-venue.ts';
import {
  LedgerError,
  type OrderLedger,
  sum,
  type VenueFault,
  type VenueFill,
  type VenueProfile,
  ZERO_BASE,
} from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/index.ts';
import { flattenIn } from './testing/flattening.ts';

const DAY_START = 1_700_000_000_000;

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
  fc.record({
    kind: fc.constantFrom('lag' as const, 'catch up' as const),
    question: fc.constantFrom('order' as const, 'openOrders' as const, 'fills' as const),
  }),
  fc.record({ kind: fc.constantFrom('disconnect' as const, 'reconnect' as const, 'reconcile' as const) }),
  fc.record({ kind: fc.constantFrom('lock ledger' as const, 'free ledger' as const) }),
  fc.record({ kind: fc.constantFrom('crash' as const, 'flatten' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: whole(100, 12_000) }),
  fc.record({ kind: fc.constant('tell again' as const), index: fc.nat({ max: 20 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** A ledger that a process writes to until it ends, or while somebody else locks it. */
interface Life {
  ended: boolean;
  locked: boolean;
}

interface Day {
  readonly desk: DeskUnderTest;
  readonly venue: ReturnType<typeof testVenue>;
  readonly ledger: OrderLedger;
}

async function run(commands: readonly Command[], absence: VenueProfile['absence']): Promise<Day> {
  const venue = testVenue({ takerFeeBps: 10, makerFeeBps: 5, spreadBps: 2, slippageBps: 2, latencyMs: 500 });
  for (const symbol of [SPOT, PERPETUAL]) venue.step(symbol, [100, 100, 100, 100]);
  const ledger = new MemoryOrderLedger();
  let life: Life = { ended: false, locked: false };
  const newDesk = (): DeskUnderTest => {
    const desk = executionDesk({
      venue,
      ledger: during(life, ledger),
      symbols: [SPOT, PERPETUAL],
      profile: { absence },
    });
    desk.protect(90, SPOT);
    return desk;
  };
  let desk = newDesk();
  const nameOf = (
    index: number,
    { symbol, purpose }: Pick<Extract<Command, { kind: 'place' }>, 'symbol' | 'purpose'>,
  ) => desk.ids.make({ symbol, time: DAY_START + index * 1_000, purpose, ordinal: 0 });

  async function happen(given: Command, index: number): Promise<void> {
    const earlier = (at: number): Extract<Command, { kind: 'place' }> | undefined => {
      const other = commands[at];
      return at < index && other?.kind === 'place' ? other : undefined;
    };
    const placeAs = (at: number, of: Extract<Command, { kind: 'place' }>): Promise<unknown> => {
      const { symbol, side, amount, limitPrice, purpose } = of;
      const limit = limitPrice === undefined ? {} : { limitPrice };
      return desk.place(nameOf(at, of), {
        symbol,
        side,
        amount,
        purpose,
        reduceOnly: purpose === 'exit',
        ...limit,
      });
    };
    switch (given.kind) {
      case 'place': {
        const placing = placeAs(index, given);
        if (given.waits) await placing;
        break;
      }
      case 'place again': {
        const other = earlier(given.index);
        if (other !== undefined) await placeAs(given.index, other);
        break;
      }
      case 'cancel': {
        const other = earlier(given.index);
        if (other !== undefined) await desk.orders.cancel(nameOf(given.index, other));
        break;
      }
      case 'step': {
        const [low = 0, open = 0, close = 0, high = 0] = given.prices.toSorted((a, b) => a - b);
        venue.step(given.symbol, [open, high, low, close], given.volume);
        desk.desk.price(given.symbol, close);
        break;
      }
      case 'fault':
        desk.exchange.fail(given.call, given.when);
        break;
      case 'refusal':
        desk.exchange.fail(given.call, 'before', given.fault);
        break;
      case 'lag':
        desk.exchange.freeze(given.question);
        break;
      case 'catch up':
        desk.exchange.catchUp(given.question);
        break;
      case 'disconnect':
        desk.exchange.mute = true;
        break;
      case 'reconnect':
        desk.exchange.mute = false;
        await desk.desk.reconcile();
        break;
      case 'reconcile':
        await desk.desk.reconcile();
        break;
      case 'lock ledger':
        life.locked = true;
        break;
      case 'free ledger':
        life.locked = false;
        break;
      case 'wait':
        await desk.timers.pass(given.ms);
        break;
      case 'flatten':
        await flattenIn(desk, () => venue.step(SPOT, [100, 100, 100, 100], 3));
        break;
      case 'crash':
        // Calls on their way arrive; their answers find nobody. The new process knows what the ledger knows.
        life.ended = true;
        kill(desk);
        life = { ended: false, locked: false };
        desk = newDesk();
        break;
      case 'tell again': {
        const event = venue.events[given.index];
        if (event !== undefined) desk.exchange.announce(event);
        break;
      }
    }
  }
  for (const [index, given] of commands.entries()) await happen(given, index);
  life.locked = false;
  return { desk, venue, ledger };
}

/** A process that has ended calls nobody any more. */
function kill(desk: DeskUnderTest): void {
  desk.desk.close();
  const never = (): Promise<never> => new Promise(() => undefined);
  for (const call of [
    'submit',
    'cancel',
    'order',
    'openOrders',
    'fills',
    'account',
    'accountEvents',
  ] as const) {
    desk.exchange.instead[call] = never;
  }
}

function during(life: Life, ledger: MemoryOrderLedger): OrderLedger {
  return new Proxy<OrderLedger>(ledger, {
    get: (target, name) => {
      if (life.ended || (life.locked && String(name).startsWith('append'))) {
        return () => {
          throw new LedgerError('database is locked');
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** The line is good again and time passes: reconciles until every answer is in. */
async function recover({ desk }: Day): Promise<readonly string[]> {
  desk.exchange.mute = false;
  for (const question of ['order', 'openOrders', 'fills'] as const) desk.exchange.catchUp(question);
  let differences: readonly string[] = [];
  for (let round = 0; round < 40; round += 1) {
    await desk.timers.pass(11_000);
    differences = (await desk.desk.reconcile()).differences;
  }
  await desk.orders.idle();
  return differences;
}

async function fillsOf({ venue }: Day): Promise<readonly VenueFill[]> {
  const pages = await Promise.all(
    [SPOT, PERPETUAL].map((symbol) => venue.exchange.fills({ symbol, cursor: null, since: 0 })),
  );
  return pages.flatMap(({ fills }) => fills);
}

const day = fc.array(command, { minLength: 20, maxLength: 60, size: 'max' });
const patience = fc.constantFrom({ answers: 1, windowMs: 0 }, { answers: 3, windowMs: 10_000 });

describe('whatever fails, and in whatever order it happens', () => {
  test('#1 #13 #15 every fill is counted exactly once, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(day, patience, async (commands, absence) => {
        const lived = await run(commands, absence);
        const { desk, venue, ledger } = lived;
        expect(await recover(lived)).toEqual([]);
        expect(desk.orders.fault).toBeNull();

        const counted = [...ledger.fills()];
        const ids = (fills: readonly { readonly tradeId: string }[]) =>
          fills.map((fill) => fill.tradeId).sort();
        expect(ids(counted)).toEqual(ids(await fillsOf(lived)));
        expect(counted.filter(({ purpose }) => purpose === 'external')).toEqual([]);
        const account = await venue.exchange.account();
        expect(desk.quantity(SPOT)).toBe((account.assets.get('BTC')?.total ?? ZERO_BASE).toFixed());
        expect(desk.quantity(PERPETUAL)).toBe((account.positions.get(PERPETUAL) ?? ZERO_BASE).toFixed());
        for (const order of ledger.recentOrders({ limit: 1_000 })) {
          const own = counted.filter((fill) => fill.clientOrderId === order.clientOrderId);
          const amounts = own.map(({ amount }) => amount);
          expect(sum(ZERO_BASE, amounts).eq(order.filledAmount)).toBe(true);
          const { symbol, clientOrderId } = order;
          const ref = { symbol, clientOrderId, venueOrderId: null, type: 'market' } as const;
          const lookup = await venue.exchange.order(ref);
          // What only fills told of is as large as they are, which may be less than was sent.
          if (lookup.kind === 'found') expect(order.amount.lte(lookup.order.amount)).toBe(true);
          expect(order.filledAmount.lte(order.amount)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('#2 #14 no working order is dropped, none is made up, and each has a known end', async () => {
    await fc.assert(
      fc.asyncProperty(day, patience, async (commands, absence) => {
        const lived = await run(commands, absence);
        const { desk, venue, ledger } = lived;
        await recover(lived);
        const working = (await venue.exchange.openOrders()).map((order) => order.clientOrderId);
        const unfinished = ledger.unfinishedOrders().map((order) => order.clientOrderId);
        expect([...unfinished].sort()).toEqual([...working].sort());
        for (const { symbol, clientOrderId, status } of ledger.recentOrders({ limit: 1_000 })) {
          const ref = { symbol, clientOrderId, venueOrderId: null, type: 'market' } as const;
          const lookup = await venue.exchange.order(ref);
          const ended: readonly string[] = ['CANCELED', 'REJECTED'];
          // What was believed never to have arrived, and did, is cancelled there.
          const there = lookup.kind === 'found' ? lookup.order.status : null;
          expect(there === status || ended.includes(status)).toBe(true);
          expect(there === 'OPEN' || there === 'PARTIALLY_FILLED').toBe(unfinished.includes(clientOrderId));
        }
        expect(desk.orders.frozenSymbols().size).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('no order is sent twice', async () => {
    await fc.assert(
      fc.asyncProperty(day, patience, async (commands, absence) => {
        const { desk } = await run(commands, absence);
        const sent = desk.exchange.calls.filter((call) => call.startsWith('submit'));
        expect(new Set(sent).size).toBe(sent.length);
      }),
      { numRuns: 50 },
    );
  });

  test('the same day gives the same ledger', async () => {
    await fc.assert(
      fc.asyncProperty(day, patience, async (commands, absence) => {
        const record = async (): Promise<string> => {
          const { ledger } = await run(commands, absence);
          return JSON.stringify([...ledger.fills(), ...ledger.recentOrders({ limit: 1_000 })]);
        };
        expect(await record()).toBe(await record());
      }),
      { numRuns: 20 },
    );
  });
});
