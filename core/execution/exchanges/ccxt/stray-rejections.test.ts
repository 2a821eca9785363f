import { EventEmitter } from 'node:events';
import ccxt from 'ccxt';
import { expect, test } from 'vitest';
import { type LogFields, SILENT_LOGGER, VenueError } from '../../../domain/index.ts';
import { hearStrays } from './stray-rejections.ts';

async function guarded() {
  const process = new EventEmitter();
  const said: LogFields[] = [];
  const log = { ...SILENT_LOGGER, error: (fields: LogFields) => said.push(fields) };
  const dispose = await hearStrays(process, log);
  return { said, dispose, process, reject: (reason: unknown) => process.emit('unhandledRejection', reason) };
}

test.each([
  ['of ccxt', new ccxt.NetworkError('GET https://venue.example/order?signature=abc failed'), 'GET failed'],
  ['of a venue', new VenueError('unavailable', 'the stream has ended'), 'the stream has ended'],
])(
  'C21 a failure %s that nobody waited for is told, without its signature, and ends nothing',
  async (_of, reason, words) => {
    const { reject, said } = await guarded();
    reject(reason);
    expect(said).toEqual([{ words: expect.stringContaining(words) }]);
    expect(JSON.stringify(said)).not.toContain('signature');
  },
);

test('any other is a fault of the program, and thrown', async () => {
  const { reject, said } = await guarded();
  const bug = new TypeError('x is not a function');
  expect(() => reject(bug)).toThrow(bug);
  expect(said).toEqual([]);
});

test('nothing is heard any more once the market is closed', async () => {
  const { dispose, process } = await guarded();
  dispose();
  expect(process.listenerCount('unhandledRejection')).toBe(0);
});
