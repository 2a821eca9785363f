import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { onEndSignal } from './end-signals.ts';

it.each([
  ['linux', 'SIGHUP', 'the terminal was closed'],
  ['linux', 'SIGTERM', 'the system asked the program to end'],
  ['darwin', 'SIGINT', 'Ctrl-C was pressed in the terminal'],
  ['win32', 'SIGHUP', 'the terminal was closed'],
  ['win32', 'SIGBREAK', 'Ctrl-Break was pressed in the terminal'],
] as const)('on %s %s ends the program, once', (platform, signal, reason) => {
  const source = new EventEmitter();
  const told: string[] = [];
  onEndSignal(platform, source, (why) => told.push(why));
  source.emit(signal);
  source.emit(signal);
  source.emit('SIGHUP');
  expect(told).toEqual([reason]);
  // Without a listener a signal has the system's own effect: Ctrl-C is for whoever will not wait.
  expect(source.eventNames()).not.toContain('SIGINT');
  expect(source.eventNames()).toContain('SIGHUP');
});

it('waits for no signal that a system does not have', () => {
  const source = new EventEmitter();
  const dispose = onEndSignal('win32', source, () => undefined);
  expect(source.eventNames()).toEqual(['SIGINT', 'SIGBREAK', 'SIGHUP']);
  dispose();
  expect(source.eventNames()).toEqual([]);
});
