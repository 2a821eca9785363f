import { expect, test } from 'vitest';
import { VenueError } from '../../../domain/index.ts';
import { KeyWatch } from './key-watch.ts';

const REVOKED = new VenueError('unauthorised', 'Binance answers -2015: Invalid API-key');
const fails = (error: Error) => async () => Promise.reject(error);

function watch() {
  const told: (string | null)[] = [];
  const key = new KeyWatch('Binance', () => told.push(key.trouble));
  const callOf = (error?: Error) => (error === undefined ? async () => 1 : fails(error));
  const ask = (error?: Error) => key.asking(callOf(error));
  const prove = (error?: Error) => key.proving(callOf(error));
  const order = (error?: Error) => key.ordering(callOf(error));
  return { key, told, ask, prove, order };
}

test('#20 a key that the venue refuses is told once, and that it takes it again', async () => {
  const { key, told, ask, prove } = watch();
  await expect(ask(REVOKED)).rejects.toBe(REVOKED);
  await expect(prove(REVOKED)).rejects.toBe(REVOKED);
  // What was answered without asking the venue shows nothing.
  expect(await ask()).toBe(1);
  expect(key.trouble).not.toBeNull();
  expect(await prove()).toBe(1);
  expect(told).toEqual([
    "Binance does not take the key any more (Binance answers -2015: Invalid API-key): see there that it exists, may read and trade, and is allowed from this machine's address",
    null,
  ]);
});

test('a key that may ask and not trade is told until an order is taken, whatever is asked meanwhile', async () => {
  const { key, told, prove, order } = watch();
  await expect(order(REVOKED)).rejects.toBe(REVOKED);
  await prove();
  expect(key.trouble).toBe(
    'Binance takes no orders by this key (Binance answers -2015: Invalid API-key): allow it to trade there; it is tried again within minutes',
  );
  await order();
  expect([key.trouble, told.length]).toEqual([null, 2]);
});

test('orders are tried again after a while', async () => {
  const { key, told, order } = watch();
  await expect(order(REVOKED)).rejects.toBe(REVOKED);
  key.forgive();
  key.forgive();
  expect([key.trouble, told.length]).toEqual([null, 2]);
});

test.each([
  new VenueError('rejected', 'too little'),
  new VenueError('uncertain', 'silent'),
  new TypeError('x'),
])('any other failure says nothing of the key: %s', async (error) => {
  const { told, ask, order } = watch();
  await expect(ask(error)).rejects.toBe(error);
  await expect(order(error)).rejects.toBe(error);
  expect(told).toEqual([]);
});
