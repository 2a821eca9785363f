import { describe, expect, test } from 'vitest';
import { intentOf } from '../../tests/contracts/builders.ts';
import { DOUBTFUL, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { assetAmount, baseAmount, type OrderIntent, VenueError } from '../domain/index.ts';
import { flattenIn, marketMoves } from './testing/flattening.ts';

const FLAT = { flat: true, failures: [] };

const CLOSE = { side: 'sell', purpose: 'emergency', reduceOnly: true } as const;

function never(): Promise<never> {
  return new Promise(() => undefined);
}

describe('an entry that is in flight or in doubt while everything is closed', () => {
  test('is nothing to be flat with: its absence is proven first', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.exchange.fail('submit', 'before');
    await desk.place('a');
    const result = await flattenIn(desk);
    expect(result).toMatchObject(FLAT);
    expect(result.tookMs).toBeGreaterThanOrEqual(10_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('is closed when it arrives three seconds later', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    const late: OrderIntent[] = [];
    desk.exchange.instead.submit = async (intent) => {
      late.push(intent);
      throw new VenueError('uncertain', 'timed out');
    };
    await desk.place('a', { amount: 5 });
    delete desk.exchange.instead.submit;
    const result = await flattenIn(desk, async (turn) => {
      if (turn === 30) for (const intent of late) await desk.venue.exchange.submit(intent);
      marketMoves(desk);
    });
    expect(result).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect(await desk.there()).toEqual([]);
  });

  test('is named where nobody says what became of it', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.exchange.fail('submit', 'before');
    await desk.place('a');
    desk.exchange.instead.order = async () => {
      throw new VenueError('unavailable', 'in maintenance');
    };
    const { flat: done, failures } = await flattenIn(desk, () => undefined);
    expect(done).toBe(false);
    expect(failures).toContain('simulated: it is not known what became of order a');
  });

  test('does not hold up the closing of what is held', async () => {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL] });
    await desk.enter('long', 100, { symbol: PERPETUAL });
    desk.exchange.instead.submit = (intent) =>
      intent.purpose === 'entry' ? never() : desk.venue.exchange.submit(intent);
    void desk.place('a');
    void desk.flattener.flatten();
    await desk.timers.pass(400);
    marketMoves(desk);
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(await desk.flattener.isFlat()).toBe(false);
  });

  test('an order that the venue does not list, though it works, is cancelled by its id', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.openOrders = async () => [];
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(await desk.there()).toEqual([]);
  });

  test('a close that has filled unheard is asked about', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.exchange.mute = true;
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(desk.quantity()).toBe('0');
    expect(desk.orders.unfinished()).toEqual([]);
  });
});

describe('in an account that is shared with the trader', () => {
  async function shared() {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL], profile: { ...DOUBTFUL, account: 'shared' } });
    desk.exchange.mute = true;
    await desk.venue.exchange.submit(intentOf('by-hand', { amount: 5 }));
    await desk.venue.exchange.submit(intentOf('resting', { limitPrice: 50 }));
    desk.venue.step(SPOT, flat(100));
    desk.exchange.mute = false;
    const coins = async () => (await desk.venue.exchange.account()).assets.get('BTC')?.total.toFixed();
    return { desk, coins };
  }

  test('V3 only what the ledger owns is sold, and only our orders are cancelled', async () => {
    const { desk, coins } = await shared();
    desk.protect(90);
    await desk.enter('a', 100, { amount: 2 });
    await desk.place('b', { limitPrice: 60 });
    const ours = desk.ids.make({ symbol: SPOT, time: 1, purpose: 'entry', ordinal: 0 });
    desk.exchange.mute = true;
    await desk.venue.exchange.submit(intentOf(ours, { limitPrice: 61 }));
    desk.exchange.mute = false;
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(await coins()).toBe('5');
    expect(await desk.there()).toEqual(['resting']);
  });

  /** Another process closes what is ours, and nothing of it is heard here. */
  async function closedUnheard() {
    const { desk, coins } = await shared();
    await desk.enter('a', 100, { amount: 2 });
    desk.exchange.mute = true;
    const close = desk.ids.make({ symbol: SPOT, time: 1, purpose: 'emergency', ordinal: 0 });
    const sale = { side: 'sell', amount: 2, purpose: 'emergency', reduceOnly: true } as const;
    await desk.venue.exchange.submit(intentOf(close, sale));
    desk.venue.step(SPOT, flat(100));
    return { desk, coins };
  }

  test('what another process has closed of ours meanwhile is not sold again', async () => {
    const { desk, coins } = await closedUnheard();
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(await coins()).toBe('5');
    expect(desk.calls('submit test')).toBe(0);
    await desk.timers.pass(60_000);
    expect(desk.quantity()).toBe('0');
  });

  test('the venue is asked a few times what was closed before our books are believed', async () => {
    const { desk, coins } = await closedUnheard();
    desk.exchange.fail('fills', 'before');
    desk.exchange.fail('fills', 'before');
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(await coins()).toBe('5');
  });

  test('what another process closes while this one may not is not sold again', async () => {
    const { desk, coins } = await shared();
    await desk.enter('a', 100, { amount: 2 });
    desk.exchange.mute = true;
    let isForbidden = true;
    desk.gate.ask = () =>
      isForbidden ? { allowed: false, code: 'closed', message: 'another closes' } : { allowed: true };
    const others = desk.ids.make({ symbol: SPOT, time: 1_000, purpose: 'emergency', ordinal: 7 });
    const result = await flattenIn(desk, async (turn) => {
      if (turn === 5) await desk.venue.exchange.submit(intentOf(others, { ...CLOSE, amount: 2 }));
      marketMoves(desk);
      if (turn === 15) isForbidden = false;
    });
    expect(result).toMatchObject(FLAT);
    expect(await coins()).toBe('5');
    expect(desk.calls('submit test')).toBe(0);
  });

  test('what is held is closed all the same where the venue never tells its fills', async () => {
    const { desk } = await shared();
    await desk.enter('a', 100, { amount: 2 });
    desk.exchange.instead.fills = async () => {
      throw new VenueError('unavailable', 'no fills today');
    };
    void desk.flattener.flatten();
    await desk.timers.pass(300);
    expect(desk.calls('submit test')).toBe(0);
    await desk.timers.pass(1_000);
    expect(desk.calls('submit test')).toBe(1);
  });

  test('what the trader has sold of ours himself is not sold again', async () => {
    const { desk, coins } = await shared();
    await desk.enter('a', 100, { amount: 2 });
    const account = await desk.venue.exchange.account();
    desk.exchange.instead.account = async () => ({
      ...account,
      assets: new Map([['BTC', { total: assetAmount(1), free: assetAmount(1) }]]),
    });
    void desk.flattener.flatten();
    await desk.timers.pass(100);
    expect(desk.working('emergency')).toMatchObject([{ amount: baseAmount(1) }]);
    expect(await coins()).toBe('7');
  });

  test('a close whose fills are not told yet is not followed by another, which would sell what is his', async () => {
    const { desk, coins } = await shared();
    await desk.enter('a', 100, { amount: 2 });
    desk.exchange.mute = true;
    desk.exchange.freeze('fills');
    const result = await flattenIn(desk, (turn) => {
      marketMoves(desk);
      if (turn === 100) desk.exchange.catchUp('fills');
    });
    expect(result).toMatchObject(FLAT);
    expect(await coins()).toBe('5');
    expect(desk.calls('submit test')).toBe(1);
  });

  test('a close in doubt is waited for, and another follows only when its absence is proven', async () => {
    const { desk, coins } = await shared();
    await desk.enter('a', 100, { amount: 2 });
    desk.exchange.fail('submit', 'before');
    const result = await flattenIn(desk);
    expect(result).toMatchObject(FLAT);
    expect(result.tookMs).toBeGreaterThanOrEqual(10_000);
    expect(await coins()).toBe('5');
  });

  test('a derivative is closed as far as it is ours, and a stop that rests does not stand in the way', async () => {
    const { desk } = await shared();
    desk.protect(90, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 2 });
    const account = await desk.venue.exchange.account();
    desk.exchange.instead.account = async () => ({
      ...account,
      positions: new Map([[PERPETUAL, baseAmount(7)]]),
    });
    desk.exchange.instead.cancel = async () => {
      throw new VenueError('rejected', 'not now');
    };
    void desk.flattener.flatten();
    await desk.timers.pass(100);
    expect(desk.working('emergency', PERPETUAL)).toMatchObject([{ amount: baseAmount(2) }]);
  });

  test('a position on the other side of ours is not ours', async () => {
    const { desk } = await shared();
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 2 });
    const account = await desk.venue.exchange.account();
    desk.exchange.instead.account = async () => ({
      ...account,
      positions: new Map([[PERPETUAL, baseAmount(-3)]]),
    });
    void desk.flattener.flatten();
    await desk.timers.pass(100);
    expect(desk.working('emergency', PERPETUAL)).toEqual([]);
  });
});

describe('a venue that is slow or wants to be left alone', () => {
  test('is not asked again before it says', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.exchange.fail(
      'openOrders',
      'before',
      new VenueError('rate-limited', 'slow down', { retryAfterMs: 30_000 }),
    );
    const result = await flattenIn(desk);
    expect(result).toMatchObject(FLAT);
    expect(result.tookMs).toBeGreaterThanOrEqual(30_000);
    expect(desk.calls('openOrders')).toBeLessThan(10);
  });

  test('is called all the same where it was others who asked too much', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    const limited = new VenueError('rate-limited', 'slow down', { retryAfterMs: 30_000 });
    desk.exchange.fail('openOrders', 'before', limited);
    await desk.desk.reconcile();
    const result = await flattenIn(desk);
    expect(result).toMatchObject(FLAT);
    expect(result.tookMs).toBeLessThan(2_000);
  });

  test('is not looked at while it wants to be left alone', async () => {
    const desk = executionDesk();
    const limited = new VenueError('rate-limited', 'slow down', { retryAfterMs: 30_000 });
    desk.exchange.fail('openOrders', 'before', limited);
    await expect(desk.flattener.isFlat()).rejects.toThrow('slow down');
    const before = desk.exchange.calls.length;
    await expect(desk.flattener.isFlat()).rejects.toThrow('asked to be left alone');
    expect((await desk.desk.reconcile()).differences).toEqual([
      expect.stringContaining('asked to be left alone'),
    ]);
    expect(desk.exchange.calls).toHaveLength(before);
    await desk.timers.pass(30_000);
    expect(await desk.flattener.isFlat()).toBe(true);
  });

  test('one call that never answers holds up neither the others nor the next round', async () => {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL] });
    await desk.enter('long', 100);
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    let hangs = true;
    desk.exchange.instead.submit = (intent) =>
      intent.symbol === SPOT && hangs ? never() : desk.venue.exchange.submit(intent);
    let others = '';
    const result = await flattenIn(desk, (turn) => {
      marketMoves(desk);
      if (turn === 5) others = desk.quantity(PERPETUAL);
      if (turn === 50) hangs = false;
    });
    expect(others).toBe('0');
    expect(desk.quantity(SPOT)).toBe('0');
    expect(result).toMatchObject({ flat: true, failures: [] });
  });

  test.each(['openOrders', 'account', 'fills', 'order'] as const)('nor does %s', async (call) => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.orders.inquiry.doubt(SPOT, 'a test wants to know');
    let hangs = true;
    desk.exchange.instead[call] = (...args: readonly unknown[]) =>
      hangs
        ? never()
        : (desk.venue.exchange[call] as (...all: readonly unknown[]) => Promise<never>)(...args);
    const result = await flattenIn(desk, (turn) => {
      marketMoves(desk);
      if (turn === 150) hangs = false;
    });
    expect(result).toMatchObject(FLAT);
  });
});

describe('the end of the program', () => {
  test('ends a flattening at once, and what is left is told', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    const result = await flattenIn(desk, (turn) => {
      if (turn === 3) desk.flattener.close();
    });
    expect(result).toMatchObject({ flat: false });
    expect(result.tookMs).toBeLessThan(1_000);
  });

  test('ends it while a call hangs', async () => {
    const desk = executionDesk();
    desk.exchange.instead.openOrders = never;
    const flattening = desk.flattener.flatten();
    const looking = expect(desk.flattener.isFlat()).rejects.toThrow('the program ended');
    desk.flattener.close();
    expect(await flattening).toMatchObject({
      flat: false,
      failures: ['the program ended before it was done'],
    });
    await looking;
    expect(await desk.flattener.flatten()).toMatchObject({ flat: false });
  });
});

describe('what a flattening asks', () => {
  const shared = { ...DOUBTFUL, account: 'shared' } as const;

  test('V8 goes before everything else, and nothing else does', async () => {
    const desk = executionDesk({ profile: shared });
    const { asked } = desk.exchange;
    desk.protect(90);
    await desk.enter('long', 100, { amount: 2 });
    await desk.place('resting', { limitPrice: 80 });
    await desk.desk.reconcile();
    expect(asked.urgent).toEqual([]);
    const before = asked.ordinary.length;
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(new Set(asked.urgent)).toEqual(new Set(['fills', 'openOrders', 'account']));
    expect(asked.ordinary).toHaveLength(before);
    await desk.desk.reconcile();
    expect(asked.ordinary.length).toBeGreaterThan(before);
  });

  test('V7 reads the fills of a symbol once for all its orders that are cancelled, after the last has answered', async () => {
    const desk = executionDesk({ profile: shared });
    for (const price of [80, 81, 82, 83]) await desk.place(`at${price}`, { limitPrice: price });
    const answers: (() => void)[] = [];
    desk.exchange.instead.cancel = async (ref) => {
      const answer = await desk.venue.exchange.cancel(ref);
      await new Promise<void>((resolve) => answers.push(resolve));
      return answer;
    };
    const result = flattenIn(desk, (turn) => answers[turn - 1]?.());
    await desk.timers.pass(0);
    const before = desk.calls('fills');
    expect(await result).toMatchObject(FLAT);
    expect(answers).toHaveLength(4);
    expect(desk.calls('fills') - before).toBe(1);
  });

  test('V1 reads the fills of a cancelled order since it was made, though its end was heard before its cancel was answered', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL], profile: shared });
    await desk.place('resting', { symbol: PERPETUAL, limitPrice: 80 });
    const createdAt = desk.orders.unfinished()[0]?.createdAt ?? Number.NaN;
    for (let step = 0; step < 10; step += 1) desk.venue.step(PERPETUAL, flat(100));
    await desk.enter('long', 100, { symbol: PERPETUAL });
    const since: number[] = [];
    desk.exchange.instead.fills = (query) => {
      since.push(query.since);
      return desk.venue.exchange.fills(query);
    };
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    // Less ten minutes, for lists lag.
    expect(since[0]).toBe(createdAt - 600_000);
  });

  test('V3 an order of ours in a symbol that the books know nothing of is found before anything counts as flat', async () => {
    const desk = executionDesk({ profile: shared });
    await desk.place('resting', { limitPrice: 80 });
    const ours = desk.ids.make({ symbol: 'ETH/USDT', time: 1, purpose: 'entry', ordinal: 0 });
    desk.exchange.mute = true;
    await desk.venue.exchange.submit(intentOf(ours, { symbol: 'ETH/USDT', limitPrice: 61 }));
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    expect(await desk.there()).toEqual([]);
  });

  test('V3 so it is by one of the looks at what was closed', async () => {
    const desk = executionDesk({ profile: shared });
    await desk.enter('long', 100);
    expect(await flattenIn(desk)).toMatchObject(FLAT);
    const looks = async (count: number) => {
      const said: boolean[] = [];
      for (let look = 0; look < count; look += 1) said.push(await desk.flattener.isFlat());
      return said.indexOf(false);
    };
    expect(await looks(1)).toBe(-1);
    const ours = desk.ids.make({ symbol: 'ETH/USDT', time: 1, purpose: 'entry', ordinal: 0 });
    desk.exchange.mute = true;
    await desk.venue.exchange.submit(intentOf(ours, { symbol: 'ETH/USDT', limitPrice: 61 }));
    expect(await looks(20)).toBe(13);
  });

  test('V8 is not held up by a comparison, which waits until it is over', async () => {
    const desk = executionDesk({ profile: shared });
    await desk.enter('long', 100);
    const compared: unknown[] = [];
    const result = flattenIn(desk, (turn) => {
      if (turn === 1) void desk.desk.reconcile().then(({ differences }) => compared.push(differences));
      if (turn < 5) return expect([desk.calls('accountEvents'), compared]).toEqual([0, []]);
      return marketMoves(desk);
    });
    expect(await result).toMatchObject(FLAT);
    await desk.timers.pass(0);
    expect([desk.calls('accountEvents'), compared]).toEqual([1, [[]]]);
  });

  test('V8 goes on alone when a comparison is under way', async () => {
    const desk = executionDesk({ profile: shared });
    await desk.enter('long', 100);
    const flattened: unknown[] = [];
    desk.exchange.during('fills', () => {
      void desk.flattener.flatten().then(({ flat: done }) => flattened.push(done));
    });
    const comparing = desk.desk.reconcile();
    await desk.timers.pass(0);
    expect([flattened, desk.calls('accountEvents')]).toEqual([[], 0]);
    marketMoves(desk);
    await desk.timers.pass(1_000);
    await comparing;
    expect([flattened, desk.calls('accountEvents')]).toEqual([[true], 1]);
  });
});

describe('a look at the venue', () => {
  test('says whether anything of ours is there', async () => {
    const desk = executionDesk();
    expect(await desk.flattener.isFlat()).toBe(true);
    await desk.place('a', { limitPrice: 95 });
    expect(await desk.flattener.isFlat()).toBe(false);
    await desk.orders.withdrawEntries(SPOT);
    expect(await desk.flattener.isFlat()).toBe(true);
    await desk.enter('b', 100);
    expect(await desk.flattener.isFlat()).toBe(false);
  });

  describe('in a shared account', () => {
    const shared = { ...DOUBTFUL, account: 'shared' } as const;

    /** An entry whose absence was proven, and everything is flat; from here on nothing is heard of the venue. */
    async function flatBefore() {
      const desk = executionDesk({ profile: shared });
      const late: OrderIntent[] = [];
      desk.exchange.instead.submit = async (intent) => {
        late.push(intent);
        throw new VenueError('uncertain', 'timed out');
      };
      const clientOrderId = desk.ids.make({ symbol: SPOT, time: 1, purpose: 'entry', ordinal: 0 });
      await desk.place(clientOrderId, { amount: 5 });
      delete desk.exchange.instead.submit;
      expect(await flattenIn(desk)).toMatchObject(FLAT);
      desk.exchange.mute = true;
      const arrive = async (): Promise<void> => {
        for (const intent of late) await desk.venue.exchange.submit(intent);
        marketMoves(desk);
      };
      return { desk, arrive };
    }

    test('V1 V3 finds what has arrived and filled unheard by what the account shows, and asks for that first', async () => {
      const { desk, arrive } = await flatBefore();
      expect(await desk.flattener.isFlat()).toBe(true);
      await arrive();
      const { asked } = desk.exchange;
      const before = asked.ordinary.length;
      expect(await desk.flattener.isFlat()).toBe(false);
      expect(asked.ordinary.slice(before)).not.toContain('fills');
      expect(await flattenIn(desk)).toMatchObject(FLAT);
      expect(desk.quantity()).toBe('0');
    });

    test('V1 V3 goes on asking while the list of fills lags, and while it is not told', async () => {
      const { desk, arrive } = await flatBefore();
      desk.exchange.freeze('fills');
      await arrive();
      expect(await desk.flattener.isFlat()).toBe(true);
      for (let look = 0; look < 5; look += 1) {
        desk.exchange.fail('fills', 'before', 'unavailable');
        await expect(desk.flattener.isFlat()).rejects.toThrow('unavailable');
      }
      desk.exchange.catchUp('fills');
      expect(await desk.flattener.isFlat()).toBe(false);
    });

    test('V3 asks a few times what the trader has done himself, and leaves it to him', async () => {
      const { desk } = await flatBefore();
      await desk.venue.exchange.submit(intentOf('by-hand', { amount: 5 }));
      marketMoves(desk);
      const before = desk.calls('fills');
      const looks: boolean[] = [];
      for (let look = 0; look < 3; look += 1) looks.push(await desk.flattener.isFlat());
      const after = desk.calls('fills');
      for (let look = 0; look < 3; look += 1) looks.push(await desk.flattener.isFlat());
      expect(new Set(looks)).toEqual(new Set([true]));
      expect(after - before).toBeGreaterThanOrEqual(3);
      expect(desk.calls('fills')).toBe(after);
    });

    test('does not take an account that is not told for one that has changed', async () => {
      const { desk } = await flatBefore();
      const before = desk.calls('fills');
      desk.exchange.fail('account', 'before', 'unavailable');
      await expect(desk.flattener.isFlat()).rejects.toThrow('unavailable');
      expect(desk.calls('fills')).toBe(before);
      expect(await desk.flattener.isFlat()).toBe(true);
    });
  });

  test('does not guess when the venue does not answer', async () => {
    const desk = executionDesk();
    desk.exchange.fail('account', 'before', 'unavailable');
    await expect(desk.flattener.isFlat()).rejects.toThrow('unavailable');
  });
});
