import { expect, test } from 'vitest';
import { clientOrderId, venueOrderId } from '../../../domain/index.ts';
import { OwnIds } from './own-ids.ts';

test('an order is known by the venue’s id once it was heard of, and the last thousand are', () => {
  const ids = new OwnIds();
  const note = (id: string): void =>
    ids.note({ symbol: 'A/B', venueOrderId: venueOrderId(id), clientOrderId: clientOrderId(`c${id}`) });
  note('1');
  ids.note({ symbol: 'A/B', venueOrderId: venueOrderId('2'), clientOrderId: null });
  expect(ids.of('A/B', venueOrderId('1'))).toBe('c1');
  expect(ids.of('A/B', venueOrderId('2'))).toBeNull();
  expect(ids.of('C/D', venueOrderId('1'))).toBeNull();
  for (let number = 3; number < 1_003; number += 1) note(`${number}`);
  expect(ids.of('A/B', venueOrderId('1'))).toBeNull();
  expect(ids.of('A/B', venueOrderId('3'))).toBe('c3');
});
