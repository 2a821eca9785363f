import { expect, test } from 'vitest';
import { intentOf, refTo } from '../../../tests/contracts/builders.ts';
import { FaultyExchange } from '../../../tests/contracts/faulty-exchange.ts';
import { SPOT, testVenue } from '../../../tests/contracts/simulated-venue.ts';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { VenueError } from '../../domain/index.ts';
import { PacedExchange } from './paced-exchange.ts';
import { VenuePatience } from './venue-patience.ts';

function scene() {
  const timers = new VirtualTimers();
  const venue = testVenue();
  venue.step(SPOT, [100, 100, 100, 100]);
  const exchange = new FaultyExchange(venue.exchange);
  const patience = new VenuePatience(timers);
  const other = new VenuePatience(timers);
  return {
    timers,
    venue,
    exchange,
    patience,
    other,
    paced: new PacedExchange(exchange, { timers, patience, others: [other] }),
  };
}

test('#24 V8 C15 a venue that asked for time is not called before it is over, by nobody', async () => {
  const { timers, exchange, patience, other, paced } = scene();
  exchange.fail('account', 'before', new VenueError('rate-limited', 'slow down', { retryAfterMs: 10_000 }));
  await expect(paced.account()).rejects.toMatchObject({ retryAfterMs: 10_000 });
  await timers.pass(4_000);
  expect([patience.remainingMs, other.remainingMs]).toEqual([6_000, 6_000]);
  const calls = exchange.calls.length;
  const refused = { fault: 'rate-limited', retryAfterMs: 6_000 };
  await expect(paced.openOrders()).rejects.toMatchObject(refused);
  await expect(paced.submit(intentOf('a'))).rejects.toMatchObject(refused);
  expect(exchange.calls).toHaveLength(calls);
  await timers.pass(6_000);
  await expect(paced.openOrders()).resolves.toEqual([]);
});

test('#24 V8 a venue that says no time is left alone for longer with each refusal, and for the shortest after a calm', async () => {
  const { timers, exchange, patience, other, paced } = scene();
  const refused = async (retryAfterMs?: number): Promise<number> => {
    const told = retryAfterMs === undefined ? {} : { retryAfterMs };
    exchange.fail('account', 'before', new VenueError('rate-limited', 'slow down', told));
    exchange.fail('account', 'before', new VenueError('rate-limited', 'slow down', told));
    // Those that are under way together are one refusal.
    await Promise.allSettled([paced.account(), paced.account()]);
    expect(other.remainingMs).toBe(patience.remainingMs);
    const pauseMs = patience.remainingMs;
    await timers.pass(pauseMs);
    return pauseMs;
  };
  const pauses: number[] = [];
  for (let turn = 0; turn < 7; turn += 1) pauses.push(await refused());
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  await timers.pass(60_000);
  // "At once" is no time either.
  expect([await refused(0), await refused(0)]).toEqual([2_000, 4_000]);
  expect(await refused(10_000)).toBe(10_000);
  exchange.fail('account', 'before');
  await expect(paced.account()).rejects.toMatchObject({ fault: 'uncertain' });
  expect(patience.remainingMs).toBe(0);
});

test('#24 what others are to be patient about holds up nothing here', async () => {
  const { other, paced } = scene();
  other.wait(10_000);
  await expect(paced.openOrders()).resolves.toEqual([]);
});

test('#24 V8 where others were told to wait one call goes first, and twenty do not go on against a venue that shuts out', async () => {
  const { timers, exchange, other, paced } = scene();
  other.wait(10_000);
  exchange.fail('cancel', 'before', new VenueError('rate-limited', 'slow down', { retryAfterMs: 5_000 }));
  const cancels = Array.from({ length: 20 }, (_none, place) => paced.cancel(refTo(`${place}`)));
  const faults = (await Promise.allSettled(cancels)).map((each) => each.status);
  expect(new Set(faults)).toEqual(new Set(['rejected']));
  expect(exchange.calls).toEqual(['cancel 0']);
  await timers.pass(5_000);
  await Promise.allSettled([paced.cancel(refTo('a')), paced.cancel(refTo('b'))]);
  expect(exchange.calls).toEqual(['cancel 0', 'cancel a', 'cancel b']);
});

test('#24 V8 the others follow at once where that call was answered', async () => {
  const { timers, exchange, other, paced } = scene();
  other.wait(10_000);
  const asked = [paced.openOrders(), paced.account(), paced.openOrders()];
  expect(exchange.calls).toEqual(['openOrders']);
  await Promise.all(asked);
  expect(exchange.calls).toEqual(['openOrders', 'account', 'openOrders']);
  await timers.pass(10_000);
  void paced.account();
  void paced.account();
  expect(exchange.calls).toHaveLength(5);
});

test('V8 what is asked in an emergency is asked as urgent', async () => {
  const { timers, exchange, patience } = scene();
  let isUrgent = false;
  const paced = new PacedExchange(exchange, { timers, patience, isUrgent: () => isUrgent });
  const questions = () => [
    paced.account(),
    paced.openOrders({ symbols: [SPOT] }),
    paced.fills({ symbol: SPOT, cursor: null, since: 0 }),
    paced.order(refTo('a')),
  ];
  await Promise.all(questions());
  expect(exchange.asked.urgent).toEqual([]);
  isUrgent = true;
  await Promise.all(questions());
  expect(exchange.asked.urgent).toEqual(['account', 'openOrders', 'fills', 'order']);
});

test('a shorter wait does not end a longer one, and other failures ask for none', async () => {
  const { timers, exchange, paced } = scene();
  const limited = (retryAfterMs: number) => new VenueError('rate-limited', 'slow down', { retryAfterMs });
  exchange.fail('account', 'before', limited(10_000));
  exchange.fail('openOrders', 'before', limited(1_000));
  exchange.fail('fills', 'before', new TypeError('a cut answer'));
  exchange.fail('order', 'before', 'unavailable');
  const all = [
    paced.account(),
    paced.openOrders(),
    paced.fills({ symbol: SPOT, cursor: null, since: 0 }),
    paced.order(refTo('a')),
  ];
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  await timers.pass(9_000);
  await expect(paced.account()).rejects.toMatchObject({ retryAfterMs: 1_000 });
});

test('a call that is not answered within a minute is in doubt, whatever comes of it later', async () => {
  const { timers, exchange, patience, paced } = scene();
  const { promise, reject } = Promise.withResolvers<never>();
  exchange.instead.account = () => promise;
  const told = paced.account().catch((error: unknown) => error);
  await timers.pass(59_999);
  expect(timers.waiting).toBe(1);
  await timers.pass(1);
  expect(await told).toMatchObject({ fault: 'uncertain', message: 'simulated has not answered in 60 s' });
  reject(new VenueError('rate-limited', 'slow down', { retryAfterMs: 3_000 }));
  await timers.pass(0);
  expect(patience.remainingMs).toBe(3_000);
});

test('a call that was answered leaves nothing to wait for', async () => {
  const { timers, exchange, paced } = scene();
  await paced.account();
  exchange.fail('account', 'before');
  await expect(paced.account()).rejects.toMatchObject({ fault: 'uncertain' });
  await timers.pass(0);
  expect(timers.waiting).toBe(0);
});

test('everything else is as the venue has it', async () => {
  const { venue, exchange, paced } = scene();
  const told: string[] = [];
  const stop = paced.onEvent(({ kind }) => told.push(kind));
  await paced.submit(intentOf('a'));
  await paced.cancel(refTo('a'));
  stop();
  expect(told).toContain('order');
  expect(await paced.accountEvents(0)).toEqual([]);
  expect(paced.id).toBe(exchange.id);
  expect(paced.profile).toBe(exchange.profile);
  expect(paced.connection).toEqual(exchange.connection);
  expect(paced.instrument(SPOT)).toBe(venue.exchange.instrument(SPOT));
  expect(paced.costs(SPOT)).toEqual(venue.exchange.costs(SPOT));
  expect(paced.clockOffsetMs()).toBe(venue.exchange.clockOffsetMs());
  await paced.open({ symbols: [SPOT] });
  await paced.close();
  expect(paced.connection.state).toBe('closed');
});
