import { expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../tests/contracts/simulated-venue.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;
const never = (): Promise<never> => new Promise(() => undefined);

test('a close that the venue never answers for does not keep the engine from closing in the place of a stop', async () => {
  const desk = executionDesk();
  desk.protect(95);
  await desk.enter('a', 100);
  desk.exchange.instead.submit = never;
  const closing = desk.place('x', exit);
  await desk.timers.pass(60_000);
  expect(await closing).toMatchObject({ outcome: 'unknown' });
  delete desk.exchange.instead.submit;
  await desk.timers.pass(30_000);
  expect(desk.statusOf('x')).toBe('CANCELED');
  expect(desk.stops()).toEqual(['sell 1@95']);
  desk.venue.step(SPOT, flat(90));
  await desk.orders.idle();
  expect(desk.quantity()).toBe('0');
});

test('an entry that filled and is never answered for has its stop when that is given up', async () => {
  const desk = executionDesk();
  desk.protect(95);
  desk.exchange.mute = true;
  desk.exchange.instead.submit = (intent) => desk.venue.exchange.submit(intent).then(never);
  const entering = desk.place('a');
  desk.venue.step(SPOT, flat(100));
  delete desk.exchange.instead.submit;
  await desk.timers.pass(61_000);
  expect(await entering).toMatchObject({ outcome: 'unknown' });
  expect(desk.stops()).toEqual(['sell 1@95']);
});

test('a comparison that the venue never answers is red, and the next one compares', async () => {
  const desk = executionDesk();
  desk.exchange.instead.account = never;
  const comparing = desk.desk.reconcile();
  await desk.timers.pass(60_000);
  expect((await comparing).differences).toEqual([expect.stringContaining('has not answered in 60 s')]);
  delete desk.exchange.instead.account;
  expect((await desk.desk.reconcile()).differences).toEqual([]);
});

test('a stop that the venue never lets go of does not hold up a close for good', async () => {
  const desk = executionDesk();
  desk.protect(95);
  await desk.enter('a', 100);
  desk.exchange.instead.cancel = never;
  const closing = desk.place('x', exit);
  await desk.timers.pass(60_000);
  expect(await closing).toMatchObject({ outcome: 'refused', code: 'stop-holds-coins' });
  delete desk.exchange.instead.cancel;
  await desk.timers.pass(1_000);
  expect(desk.orders.frozenSymbols().size).toBe(0);
  await desk.place('y', exit);
  desk.venue.step(SPOT, flat(100));
  await desk.orders.idle();
  expect(desk.quantity()).toBe('0');
});
