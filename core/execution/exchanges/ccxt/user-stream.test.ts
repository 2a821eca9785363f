import { expect, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { type Connection, SILENT_LOGGER } from '../../../domain/index.ts';
import { Calls } from './calls.ts';
import { UserStream } from './user-stream.ts';

/** A line that a test speaks on, or cuts. */
function line() {
  const heard: unknown[] = [];
  let asked = 0;
  let waiting: PromiseWithResolvers<unknown> = Promise.withResolvers();
  return {
    heard,
    get asked() {
      return asked;
    },
    source: {
      next: () => {
        asked += 1;
        waiting = Promise.withResolvers();
        return waiting.promise;
      },
      take: (rows: unknown) => {
        if (rows === 'garbage') throw new TypeError('garbage');
        heard.push(rows);
      },
    },
    say: (rows: unknown) => waiting.resolve(rows),
    cut: (reason: unknown) => waiting.reject(reason),
  };
}

function listening() {
  const timers = new VirtualTimers();
  const [orders, trades] = [line(), line()];
  const told: Connection[] = [];
  const faults: string[] = [];
  const lines = { areOpen: true };
  const stream = new UserStream({
    calls: new Calls('Binance'),
    timers,
    log: { ...SILENT_LOGGER, error: (_fields, message) => faults.push(message) },
    sources: { orders: orders.source, trades: trades.source },
    isListening: () => lines.areOpen,
    onConnection: (connection) => told.push(connection),
  });
  let hasBegun = false;
  void stream.start().then(() => {
    hasBegun = true;
  });
  return {
    timers,
    lines,
    hasBegun: () => hasBegun,
    orders,
    trades,
    stream,
    told,
    faults,
    states: () => told.map(({ state }) => state),
  };
}

test('a quiet line is up when it is open', async () => {
  const { timers, lines, states, hasBegun } = listening();
  lines.areOpen = false;
  await timers.pass(5_000);
  expect([states(), hasBegun()]).toEqual([[], false]);
  lines.areOpen = true;
  await timers.pass(20);
  expect([states(), hasBegun()]).toEqual([['connected'], true]);
});

test('has begun also when a line has failed, or nobody wants to know any more', async () => {
  const { timers, orders, hasBegun } = listening();
  await timers.pass(0);
  orders.cut(new Error('refused'));
  await timers.pass(0);
  expect(hasBegun()).toBe(true);
  const stopped = listening();
  stopped.stream.stop();
  await stopped.timers.pass(0);
  expect(stopped.hasBegun()).toBe(true);
});

test('is up as soon as all have spoken, and hands on what they say', async () => {
  const { timers, lines, orders, trades, states } = listening();
  lines.areOpen = false;
  await timers.pass(0);
  orders.say(['a']);
  await timers.pass(0);
  expect(states()).toEqual([]);
  trades.say(['t']);
  await timers.pass(0);
  expect(states()).toEqual(['connected']);
  orders.say(['b']);
  await timers.pass(0);
  expect([orders.heard, trades.heard]).toEqual([[['a'], ['b']], [['t']]]);
});

test('a line that fails is down at once, is tried again ever more slowly, and is up when it holds', async () => {
  const { timers, lines, orders, told, states } = listening();
  await timers.pass(2_000);
  lines.areOpen = false;
  orders.cut(new Error('connection lost'));
  await timers.pass(0);
  expect(told.at(-1)).toEqual({
    state: 'disconnected',
    message: 'Binance: connection lost',
  });
  const asked = [];
  for (let second = 0; second < 60; second += 1) {
    orders.cut(new Error('refused'));
    await timers.pass(1_000);
    asked.push(orders.asked);
  }
  expect(orders.asked).toBeLessThan(12);
  expect(states()).toEqual(['connected', 'disconnected']);
  lines.areOpen = true;
  await timers.pass(20_000);
  expect(states()).toEqual(['connected', 'disconnected', 'connected']);
});

test('a quiet line that stood for a while is tried again soon, however often it failed before', async () => {
  const { timers, orders } = listening();
  await timers.pass(0);
  for (let failure = 0; failure < 8; failure += 1) {
    orders.cut(new Error('refused'));
    await timers.pass(16_000);
  }
  const { asked } = orders;
  orders.cut(new Error('connection lost'));
  await timers.pass(500);
  expect(orders.asked).toBe(asked + 1);
});

test('what cannot be read is told in the log and ends nothing', async () => {
  const { timers, orders, trades, faults, states } = listening();
  await timers.pass(0);
  trades.say([]);
  orders.say('garbage');
  await timers.pass(0);
  orders.say(['a']);
  await timers.pass(0);
  expect(orders.heard).toEqual([['a']]);
  expect(faults).toEqual(['what the venue streamed of orders cannot be read']);
  expect(states()).toEqual(['connected']);
});

test('nothing is told or asked after it was stopped', async () => {
  const { timers, lines, orders, trades, stream, states } = listening();
  lines.areOpen = false;
  await timers.pass(100);
  stream.stop();
  orders.cut('closed by the user');
  trades.say(['late']);
  await timers.pass(60_000);
  expect(states()).toEqual([]);
  expect([orders.asked, trades.asked]).toEqual([1, 1]);
  expect(timers.waiting).toBe(0);
});

test('a failure without words is told as unknown', async () => {
  const { timers, orders, told } = listening();
  await timers.pass(0);
  orders.cut('no error at all');
  await timers.pass(0);
  expect(told.at(-1)?.message).toBe('Binance: an unknown failure');
});
