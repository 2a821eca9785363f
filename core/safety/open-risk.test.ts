import { expect, test } from 'vitest';
import { baseAmount, price, quoteAmount, text } from '../domain/index.ts';
import { riskOfEntry, riskOfPosition } from './index.ts';

test.each([
  ['a long bought at 100', 2, 200, 95, '10'],
  ['a long whose stop is where it was bought', 2, 200, 100, '0'],
  ['a long whose stop has a gain behind it', 2, 200, 110, '0'],
  ['a short sold at 100', -2, -200, 105, '10'],
  ['a short whose stop has a gain behind it', -2, -200, 90, '0'],
  ['a long without a stop: everything it is worth', 2, 200, null, '250'],
  ['a short without a stop: everything it is worth', -2, -200, null, '250'],
])('%s', (_, quantity, cost, stop, risk) => {
  const position = { quantity: baseAmount(quantity), cost: quoteAmount(cost) };
  const stopPrice = stop === null ? null : price(stop);
  expect(text(riskOfPosition(position, stopPrice, quoteAmount(250)))).toBe(risk);
});

test.each([
  ['what has not filled, down to its planned stop', 95, '15'],
  ['of a short up to it', 105, '15'],
  ['all of it where no stop is planned', null, '300'],
])('an entry on its way risks %s', (_, stop, risk) => {
  const order = { amount: baseAmount(5), filledAmount: baseAmount(2) };
  expect(text(riskOfEntry(order, stop === null ? null : price(stop), price(100)))).toBe(risk);
});
