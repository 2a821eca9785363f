import { expect, test } from 'vitest';
import {
  type AccountEvent,
  accountEventId,
  type Connection,
  type VenueEvent,
  VenueListeners,
} from './index.ts';

const account = (id: string): VenueEvent => ({
  kind: 'account',
  // Of everything that an event tells only its name is looked at.
  event: { id: accountEventId(id) } as AccountEvent,
});
const connection: VenueEvent = { kind: 'connection', connection: {} as Connection };

function listening(listeners: VenueListeners) {
  const told: string[] = [];
  const stop = listeners.add((event) => told.push(event.kind === 'account' ? event.event.id : event.kind));
  return { told, stop };
}

test('what happened before anybody listened comes first, and only once everything is put together', async () => {
  const listeners = new VenueListeners();
  listeners.tell(connection);
  listeners.tell(account('1'));
  const one = listening(listeners);
  const other = listening(listeners);
  listeners.tell(account('2'));
  expect([one.told, other.told]).toEqual([[], []]);
  await Promise.resolve();
  expect([one.told, other.told]).toEqual([
    ['1', '2'],
    ['1', '2'],
  ]);
  listeners.tell(connection);
  listeners.tell(account('3'));
  expect(one.told).toEqual(['1', '2', 'connection', '3']);
});

test('where nothing happened, what happens is told at once', () => {
  const listeners = new VenueListeners();
  listeners.tell(connection);
  const { told } = listening(listeners);
  listeners.tell(account('1'));
  expect(told).toEqual(['1']);
});

test('nobody is told who has stopped listening, and what happens then is not kept', async () => {
  const listeners = new VenueListeners();
  const first = listening(listeners);
  const second = listening(listeners);
  first.stop();
  listeners.tell(account('1'));
  second.stop();
  listeners.tell(account('2'));
  const third = listening(listeners);
  await Promise.resolve();
  expect([first.told, second.told, third.told]).toEqual([[], ['1'], []]);
});
