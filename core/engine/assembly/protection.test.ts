import { describe, expect, it } from 'vitest';
import type { VenueOrder } from '../../domain/index.ts';
import { BTC, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

type Scene = Awaited<ReturnType<typeof engineScene>>;

/** An order takes part in a tenth of a step's volume: 5 coins of volume fill half a coin. */
const THIN = { simulation: { maxVolumeShare: 0.1, latencyMs: 0 } };

/** Three coins are to be bought, and the order is at the venue. */
async function entering(options: SceneOptions = {}): Promise<Scene> {
  const scene = await engineScene({ patience: 'prompt', ...options });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  scene.voters.says.set(BTC, 'HOLD');
  return scene;
}

/** A piece of the bar that is forming, where the market's clock stands. */
const piece = ({ step, clock }: Scene, close: number, shape = {}, durationMs = MINUTE) =>
  step(BTC, close, { openTime: clock.now(), ...shape }, durationMs);

/** The symbol's position with its protection. */
function held({ engine }: Scene): string {
  const { protection } = engine.desk.protectionOf(BTC);
  return `${engine.portfolio.position(BTC).quantity.toFixed()} ${protection}`;
}

/** What the venue works, as `type side amount`. */
async function atVenue({ venue }: Scene): Promise<readonly string[]> {
  return (await venue.openOrders()).map(({ type, side, amount }) => `${type} ${side} ${amount.toFixed()}`);
}

async function venueOrder({ venue }: Scene, type: VenueOrder['type'], id: string): Promise<VenueOrder> {
  const found = await venue.order({ symbol: BTC, clientOrderId: id as never, venueOrderId: null, type });
  if (found.kind !== 'found') throw new TypeError(`the venue has no order ${id}`);
  return found.order;
}

describe('an entry that the venue calls filled while its list of trades lags 20 s', () => {
  /** The entry has filled; of that only the order's status gets through. */
  async function lagging(options: SceneOptions = {}) {
    const scene = await entering(options);
    const [entry] = scene.engine.desk.orders.unfinished(BTC);
    if (entry === undefined) throw new TypeError('nothing was entered');
    scene.exchange.freeze('fills');
    scene.exchange.mute = true;
    await piece(scene, 1_000);
    scene.exchange.mute = false;
    const order = await venueOrder(scene, 'market', entry.clientOrderId);
    expect(order.status).toBe('FILLED');
    scene.exchange.announce({ kind: 'order', order });
    await scene.engine.desk.orders.idle();
    return { ...scene, entry };
  }

  it('has its stop at once, and keeps it and its thesis over the next bar’s decision', async () => {
    const scene = await lagging();
    expect(await atVenue(scene)).toEqual(['stop sell 3']);
    expect(held(scene)).toBe('0 venue');
    const stop = scene.engine.desk.protectionOf(BTC).stopPrice?.toFixed();
    scene.voters.says.set(BTC, 'BUY');
    await scene.close(BTC, 1_000);
    expect(scene.outcomes(BTC).at(-1)).toBe('held entry-pending');
    await scene.time.pass(20 * SECOND);
    expect(scene.engine.theses.of(BTC)?.entryOrderId).toBe(scene.entry.clientOrderId);
    expect(await atVenue(scene)).toEqual(['stop sell 3']);
    scene.exchange.catchUp('fills');
    await scene.time.pass(3 * SECOND);
    expect(held(scene)).toBe('3 venue');
    expect(scene.engine.desk.protectionOf(BTC).stopPrice?.toFixed()).toBe(stop);
    expect(scene.engine.desk.orders.frozenSymbols().size).toBe(0);
    expect(scene.told.protection).toEqual([]);
    expect(scene.engine.theses.of(BTC)?.entryOrderId).toBe(scene.entry.clientOrderId);
  });

  it('is closed by that stop, and is flat in the books when the trades are told', async () => {
    const scene = await lagging();
    await piece(scene, 940, { open: 1_000, low: 930 });
    await scene.time.pass(SECOND);
    scene.exchange.catchUp('fills');
    await scene.time.pass(10 * SECOND);
    expect(held(scene)).toBe('0 none');
    expect(scene.told.fills.map(({ purpose }) => purpose).toSorted()).toEqual(['entry', 'protection']);
    expect(scene.engine.portfolio.roundTrips).toHaveLength(1);
    expect(await atVenue(scene)).toEqual([]);
    expect(scene.engine.theses.of(BTC)).toBeNull();
    expect((await scene.engine.desk.reconcile()).differences).toEqual([]);
  });

  it('without a stop at the venue is watched by the engine and shown', async () => {
    const scene = await lagging({ profile: { nativeStops: false } });
    expect(held(scene)).toBe('0 engine');
    await scene.time.pass(2 * SECOND);
    expect(scene.told.protection).toEqual([`${BTC} engine`]);
    await piece(scene, 940, { open: 1_000, low: 930 });
    await piece(scene, 940);
    scene.exchange.catchUp('fills');
    await scene.time.pass(10 * SECOND);
    expect(held(scene)).toBe('0 none');
    expect(scene.told.fills.map(({ purpose }) => purpose).toSorted()).toEqual(['entry', 'protection']);
  });
});

describe('an entry of which half a coin of three has filled, and closed at its stop', () => {
  /** The venue answers to nothing that is to be taken back. */
  async function closedInPart(): Promise<Scene> {
    const scene = await entering({ settings: THIN });
    await piece(scene, 1_000, { volume: 5 });
    expect(held(scene)).toBe('0.5 venue');
    for (let times = 0; times < 3; times += 1) scene.exchange.fail('cancel', 'before', 'unavailable');
    await piece(scene, 950, { open: 990, low: 940, volume: 5 });
    expect(scene.told.fills.map(({ purpose }) => purpose)).toEqual(['entry', 'protection']);
    return scene;
  }

  it('has the rest withdrawn, until it is', async () => {
    const scene = await closedInPart();
    expect(await atVenue(scene)).toEqual(['market buy 3']);
    await scene.time.pass(5 * SECOND);
    expect(await atVenue(scene)).toEqual([]);
    expect(held(scene)).toBe('0 none');
    expect(scene.engine.theses.of(BTC)).toBeNull();
  });

  it('protects whatever the rest still buys until then', async () => {
    const scene = await closedInPart();
    const stop = scene.engine.theses.stopPrice(BTC)?.toFixed();
    await piece(scene, 1_000, { open: 1_000, volume: 10 });
    expect(held(scene)).toBe('1 venue');
    expect(scene.engine.desk.protectionOf(BTC).stopPrice?.toFixed()).toBe(stop);
    await scene.time.pass(5 * SECOND);
    expect(await atVenue(scene)).toEqual(['stop sell 1']);
    await piece(scene, 940, { open: 1_000, low: 930, volume: 100 });
    await scene.time.pass(5 * SECOND);
    expect(held(scene)).toBe('0 none');
    expect(scene.engine.theses.of(BTC)).toBeNull();
    expect((await scene.engine.desk.reconcile()).differences).toEqual([]);
  });
});

describe('an exit while the entry goes on to buy', () => {
  async function exiting(given: { readonly cancelsLost: number }): Promise<Scene> {
    const scene = await entering({ settings: THIN });
    await piece(scene, 1_000, { volume: 10 });
    expect(held(scene)).toBe('1 venue');
    for (let times = 0; times < given.cancelsLost; times += 1)
      scene.exchange.fail('cancel', 'before', 'unavailable');
    scene.voters.says.set(BTC, 'SELL');
    const closing = scene.close(BTC, 1_000);
    await scene.time.pass(0);
    await closing;
    scene.voters.says.set(BTC, 'HOLD');
    return scene;
  }

  it('takes the rest of the entry back first, and closes all that it bought', async () => {
    const scene = await exiting({ cancelsLost: 0 });
    expect(scene.outcomes(BTC).at(-1)).toBe('traded opposite-consensus');
    expect(await atVenue(scene)).toEqual(['market sell 1']);
    await piece(scene, 1_000, { volume: 100 });
    expect(held(scene)).toBe('0 none');
    expect(await atVenue(scene)).toEqual([]);
    expect(scene.engine.theses.of(BTC)).toBeNull();
  });

  it.each([
    // The exit's own coins are let go, and what the entry buys beside it has a stop of its own.
    [1, 'traded opposite-consensus', '2 venue', ['stop sell 2']],
    // The exit's coins stay with their stop.
    [2, 'blocked stop-holds-coins', '3 venue', ['stop sell 1', 'stop sell 2']],
  ])('leaves nothing without a stop when %d cancels are lost', async (lost, outcome, position, orders) => {
    const scene = await exiting({ cancelsLost: lost });
    expect(scene.outcomes(BTC).at(-1)).toBe(outcome);
    await piece(scene, 1_000, { volume: 100 });
    await scene.time.pass(10 * SECOND);
    expect(held(scene)).toBe(position);
    expect(await atVenue(scene)).toEqual(orders);
    expect(scene.told.protection).toEqual([]);
    expect((await scene.engine.desk.reconcile()).differences).toEqual([]);
    await piece(scene, 940, { open: 1_000, low: 930, volume: 100 });
    await scene.time.pass(SECOND);
    expect(held(scene)).toBe('0 none');
    expect(scene.engine.theses.of(BTC)).toBeNull();
  });
});

describe('the engine’s own stop', () => {
  it.each([20 * SECOND, 5 * MINUTE])('fires while a voter thinks for %d ms', async (ms) => {
    const scene = await entering({ patience: 'slow', profile: { nativeStops: false } });
    await piece(scene, 1_000);
    expect(held(scene)).toBe('3 engine');
    scene.voters.thinksMs.set(BTC, ms);
    expect(scene.close(BTC, 1_000)).toBeUndefined();
    expect(scene.voters.briefs).toHaveLength(2);
    await scene.time.pass(ms / 2);
    await piece(scene, 940, { open: 1_000, low: 930 }, SECOND);
    await piece(scene, 941, { open: 941 }, SECOND);
    expect(scene.told.fills.map(({ purpose, price }) => `${purpose} ${price.toFixed()}`)).toEqual([
      'entry 1000',
      'protection 941',
    ]);
    expect(held(scene)).toBe('0 none');
    expect(scene.outcomes(BTC)).toHaveLength(1);
    await scene.time.pass(ms);
    expect(scene.outcomes(BTC)).toEqual(['traded entry', 'held position-closed']);
  });

  it('closes at once what lost its stop at the venue while a voter thinks', async () => {
    const scene = await entering({ patience: 'slow' });
    await piece(scene, 1_000);
    scene.voters.thinksMs.set(BTC, 5 * MINUTE);
    expect(scene.close(BTC, 1_000)).toBeUndefined();
    const [stop] = scene.engine.desk.orders.unfinished(BTC);
    if (stop === undefined) throw new TypeError('there is no stop');
    // It is taken away by hand, and the venue takes no other.
    for (let times = 0; times < 9; times += 1) scene.exchange.fail('submit', 'before', 'rejected');
    await scene.venue.cancel({ ...stop });
    await scene.time.pass(3 * SECOND);
    expect(scene.told.protection).toEqual([`${BTC} engine`]);
    scene.exchange.instead.submit = (intent) => scene.venue.submit(intent);
    await piece(scene, 940, { open: 1_000, low: 930 }, SECOND);
    await scene.time.pass(MINUTE);
    await piece(scene, 941, { open: 941 }, SECOND);
    await scene.time.pass(SECOND);
    expect(held(scene)).toBe('0 none');
    expect(scene.outcomes(BTC)).toHaveLength(1);
  });
});
