import { expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { type BaseAmount, baseAmount, type Price, price, type VenueFill } from '../../domain/index.ts';

// What no venue adapter can make through `price`, and a broken one all the same.
const NOT_A_NUMBER = price(0).div(0) as Price;
const BOUNDLESS = price(1).div(0) as Price;
const ENDLESS = baseAmount(1).div(0) as BaseAmount;

test.each<[string, Partial<VenueFill>, string]>([
  ['buys less than nothing', { amount: baseAmount(-5) }, 'its amount is -5'],
  ['buys nothing', { amount: baseAmount(0) }, 'its amount is 0'],
  ['buys without an end', { amount: ENDLESS }, 'its amount is Infinity'],
  ['is free', { price: price(0) }, 'its price is 0'],
  ['has no price', { price: NOT_A_NUMBER }, 'its price is NaN'],
  ['costs everything', { price: BOUNDLESS }, 'its price is Infinity'],
  ['has no time', { time: Number.NaN }, 'its time is NaN'],
  ['is of another market than its order', { symbol: 'ETH/USDT' }, 'its order a is of BTC/USDT'],
  ['goes the other way than its order', { side: 'sell' }, 'its order a is to buy'],
])('a fill that %s is not counted, the stop stays, and the symbol is in doubt', async (_, lie, why) => {
  const desk = executionDesk();
  desk.protect(95);
  await desk.enter('a', 100);
  const { purpose: __, ...honest } = fillOf('lie', 'a', { time: desk.venue.clock.now() });
  const fill: VenueFill = { ...honest, ...lie };
  desk.exchange.announce({ kind: 'fill', fill });
  expect(desk.fills).toHaveLength(1);
  expect([...desk.ledger.fills()]).toHaveLength(1);
  expect(desk.stops()).toEqual(['sell 1@95']);
  expect(desk.orders.frozenSymbols().get(fill.symbol)).toBe(`the fill lie cannot be: ${why}`);
  // The venue's own list does not have it.
  await desk.timers.pass(1_000);
  expect(desk.orders.frozenSymbols().size).toBe(0);
  expect((await desk.desk.reconcile()).differences).toEqual([]);
});

test('a venue that goes on telling what cannot be stays in doubt', async () => {
  const desk = executionDesk();
  const { purpose: _, ...fill } = fillOf('lie', null, { amount: -5 });
  desk.exchange.instead.fills = async () => ({ fills: [fill], cursor: null, more: false });
  const { differences } = await desk.desk.reconcile();
  expect(differences).toEqual([`${SPOT} is frozen: the fill lie cannot be: its amount is -5`]);
  expect(desk.fills).toEqual([]);
});

test('a time between two milliseconds is counted as the earlier', async () => {
  const desk = executionDesk();
  desk.exchange.mute = true;
  await desk.place('a');
  const { purpose: _, ...fill } = fillOf('t', 'a', { time: 2_000.5 });
  desk.exchange.mute = false;
  desk.exchange.announce({ kind: 'fill', fill });
  expect([...desk.ledger.fills()].map(({ time }) => time)).toEqual([2_000]);
});
