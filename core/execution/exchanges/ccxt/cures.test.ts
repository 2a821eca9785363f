import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../../tests/contracts/builders.ts';
import { type LogFields, SILENT_LOGGER } from '../../../domain/index.ts';
import { type AtLocalVenue, atLocalVenue } from './testing/at-local-venue.ts';

const states = ({ events }: AtLocalVenue): string[] =>
  events.flatMap((event) => (event.kind === 'connection' ? [event.connection.state] : []));
const fills = ({ events }: AtLocalVenue): number => events.filter(({ kind }) => kind === 'fill').length;

async function opened(id: string, log = SILENT_LOGGER) {
  const there = await atLocalVenue(id, {}, log);
  const symbol = id === 'binanceusdm' ? 'SOL/USDT:USDT' : 'SOL/USDT';
  await there.exchange.open({ symbols: [symbol] });
  const buy = (name: string) => there.exchange.submit(intentOf(name, { symbol, amount: '0.5' }));
  return { ...there, buy };
}

describe.each(['binance'])('the account’s stream of %s', (id) => {
  test('tells of a fill', async () => {
    const there = await opened(id);
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('that the venue has ended is begun anew, and hears what comes then', async () => {
    const there = await opened(id);
    there.venue.faults.raise({ name: 'user-stream-expired' });
    await there.until(() => states(there).includes('disconnected'));
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('that breaks off is begun anew', async () => {
    const there = await opened(id);
    there.venue.faults.raise({ name: 'dropped-sockets' });
    await there.until(() => states(there).includes('disconnected'));
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('survives a frame that is none, and nothing of it reaches the terminal', async () => {
    const said: LogFields[] = [];
    const there = await opened(id, { ...SILENT_LOGGER, warn: (fields) => said.push(fields) });
    there.venue.faults.raise({ name: 'garbage-frame' });
    await there.until(() => said.length > 0);
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('of a key that is no longer good fails in front of everybody and behind nobody', async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown): void => {
      unheard.push(reason);
    };
    process.on('unhandledRejection', note);
    const there = await opened(id);
    there.venue.account().keyWorks = false;
    there.venue.faults.raise({ name: 'dropped-sockets' });
    await there.until(() => states(there).includes('disconnected'));
    await there.venue.settle(200);
    await there.exchange.close();
    await there.venue.settle(50);
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });
});
