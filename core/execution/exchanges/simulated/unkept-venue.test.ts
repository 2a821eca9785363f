import { expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../../tests/contracts/builders.ts';
import { clientOrderId, venueOrderId } from '../../../domain/index.ts';
import { UnkeptVenue } from './unkept-venue.ts';
import { acceptedOrder } from './working-order.ts';

const NOTHING = { orders: [], fills: [], balances: new Map(), appliedUntil: new Map() };

test('what was never there is not found, and what has no id of ours is found by the venue’s', () => {
  const venue = new UnkeptVenue();
  const order = acceptedOrder(intentOf('a'), venueOrderId('v1'), 1);
  const child = { ...order, clientOrderId: null, venueOrderId: venueOrderId('v2') };
  venue.save({ ...NOTHING, orders: [order, child], fills: [fillOf('t1', 'a', { time: 5 })] });
  expect(venue.order({ clientOrderId: clientOrderId('a') })).toEqual(order);
  expect(venue.order({ venueOrderId: venueOrderId('v2') })).toEqual(child);
  expect(venue.order({ clientOrderId: clientOrderId('b') })).toBeUndefined();
  expect(venue.order({ venueOrderId: venueOrderId('v3') })).toBeUndefined();
  expect([venue.fills('BTC/USDT', 0, 9).length, venue.fills('ETH/USDT', 0, 9)]).toEqual([1, []]);
  expect([5, 6].map((time) => venue.fillsBefore('BTC/USDT', time))).toEqual([0, 1]);
  expect(venue.fillsBefore('ETH/USDT', 9)).toBe(0);
  expect(venue.load()).toMatchObject({ orderCount: 2, fillCounts: new Map([['BTC/USDT', 1]]) });
});
