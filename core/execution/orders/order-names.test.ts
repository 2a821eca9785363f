import { expect, test } from 'vitest';
import { clientOrderId, venueOrderId } from '../../domain/index.ts';
import { OrderNames } from './order-names.ts';

test('the venue’s id names an order among those of its symbol, and no other symbol’s', () => {
  const names = new OrderNames();
  names.note('BTC/USDT', venueOrderId('1001'), clientOrderId('ours'));
  const told = { clientOrderId: null, venueOrderId: venueOrderId('1001'), parentVenueOrderId: null };
  expect(names.ownerOf({ ...told, symbol: 'BTC/USDT' })).toBe('ours');
  expect(names.ownerOf({ ...told, symbol: 'ETH/USDT' })).toBeNull();
  const child = { ...told, venueOrderId: venueOrderId('1'), parentVenueOrderId: venueOrderId('1001') };
  expect(names.ownerOf({ ...child, symbol: 'ETH/USDT' })).toBeNull();
  expect(names.byVenueId('ETH/USDT', venueOrderId('1001'))).toBeUndefined();
  expect(names.byVenueId('BTC/USDT', null)).toBeUndefined();
});
