import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../../tests/contracts/builders.ts';
import { type AtLocalVenue, atLocalVenue } from '../../../../tests/venue/testing/exchange-at-venue.ts';
import { type LogFields, SILENT_LOGGER } from '../../../domain/index.ts';

const states = ({ events }: AtLocalVenue): string[] =>
  events.flatMap((event) => (event.kind === 'connection' ? [event.connection.state] : []));
const fills = ({ events }: AtLocalVenue): number => events.filter(({ kind }) => kind === 'fill').length;

async function opened(id: string, log = SILENT_LOGGER) {
  const there = await atLocalVenue(id, {}, log);
  const symbol = id === 'binanceusdm' ? 'SOL/USDT:USDT' : 'SOL/USDT';
  await there.exchange.open({ symbols: [symbol] });
  // Every attempt is one: ccxt is watched at its work.
  const attempts: string[] = [];
  const { api } = there.ccxt;
  for (const name of ['watchOrders', 'watchMyTrades'] as const) {
    const watch = api[name].bind(api);
    api[name] = (...given) => {
      attempts.push(name);
      return watch(...given);
    };
  }
  const buy = (name: string) => there.exchange.submit(intentOf(name, { symbol, amount: '0.5' }));
  return { ...there, attempts, buy };
}

describe.each(['binance', 'binanceusdm'])('the account’s stream of %s', (id) => {
  test('tells of a fill', async () => {
    const there = await opened(id);
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('plans nothing for later that keeps the program from ending', async () => {
    const { ccxt } = await opened(id);
    // What ccxt calls when it plans, a key to be kept alive in twenty minutes, say.
    const planning = ccxt.api as unknown as { delay(ms: number, what: () => Promise<void>): void };
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    planning.delay(1_200_000, async () => undefined);
    expect(timers()).toBe(before);
  });

  test('V20 C19 that the venue has ended is begun anew, and hears what comes then', async () => {
    const there = await opened(id);
    there.venue.faults.raise({ name: 'user-stream-expired' });
    await there.until(() => states(there).includes('disconnected'));
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('C25 that breaks off is begun anew', async () => {
    const there = await opened(id);
    there.venue.faults.raise({ name: 'dropped-sockets' });
    await there.until(() => states(there).includes('disconnected'));
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('C23 survives a frame that is none, and nothing of it reaches the terminal', async () => {
    const said: LogFields[] = [];
    const there = await opened(id, { ...SILENT_LOGGER, warn: (fields) => said.push(fields) });
    there.venue.faults.raise({ name: 'garbage-frame' });
    await there.until(() => said.length > 0);
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test('of a key that was no longer good is begun anew when it is again', async () => {
    const there = await opened(id);
    there.venue.account().keyWorks = false;
    there.venue.faults.raise({ name: 'dropped-sockets' });
    await there.until(() => states(there).includes('disconnected'));
    there.venue.account().keyWorks = true;
    await there.until(() => states(there).at(-1) === 'connected');
    await there.buy('a');
    await there.until(() => fills(there) > 0);
  });

  test.each<[string, (there: AtLocalVenue) => unknown]>([
    ['is down', ({ venue }) => venue.close()],
    [
      'does not know the key any more',
      ({ venue }) => {
        venue.account().keyWorks = false;
        venue.faults.raise({ name: 'dropped-sockets' });
      },
    ],
  ])('C21 of a venue that %s fails in front of everybody and behind nobody', async (_name, fail) => {
    const unheard: unknown[] = [];
    const note = (reason: unknown): void => {
      unheard.push(reason);
    };
    process.on('unhandledRejection', note);
    const there = await opened(id);
    await fail(there);
    await there.until(() => states(there).includes('disconnected'));
    const before = there.attempts.length;
    // Futures log in with a key of their own, which the venue still knows.
    await there.until(() => there.attempts.length > before + 2 || states(there).at(-1) === 'connected');
    await there.exchange.close();
    await there.venue.settle(50);
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });
});
