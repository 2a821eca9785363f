import { describe, expect, it } from 'vitest';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { KeyRing } from './key-ring.ts';
import { VenueDesk } from './venue-desk.ts';

function desk() {
  const logged: string[] = [];
  const note = (fields: unknown, message: string): void => {
    logged.push(JSON.stringify([fields, message]));
  };
  const venues = new VenueDesk({
    keys: new KeyRing({ environment: {}, keychain: null }),
    clock: SYSTEM_CLOCK,
    timers: SYSTEM_TIMERS,
    booksFault: () => null,
    log: { ...SILENT_LOGGER, info: note },
    giveUp: () => expect.fail('nothing is given up'),
    start: async () => ({ run: 1, state: 'starting', mode: 'paper', message: '', failed: false }),
  });
  return { venues, logged };
}

describe('venues', () => {
  it('are all that ccxt knows, those first that take our orders', async () => {
    const list = await desk().venues.call('venues.list', {});
    expect(list.length).toBeGreaterThan(90);
    const ranks = list.map(({ isTraded, isProven }) => Number(isTraded) + Number(isProven));
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(ranks.filter((rank) => rank === 2)).toHaveLength(3);
    expect(list.filter(({ isTraded, refusals }) => !isTraded && refusals.length === 0)).toEqual([]);
    expect(list[1]?.name).toBe('Binance USDS-M');
  });

  it('tell which keys they ask for, and a key that goes in never comes back or into the log', async () => {
    const { venues, logged } = desk();
    const kept = await venues.call('venues.keepKey', {
      exchange: 'okx',
      credential: 'password',
      value: 'p4ss',
    });
    expect(kept.map(({ credential, source }) => [credential, source])).toEqual([
      ['apiKey', null],
      ['secret', null],
      ['password', 'memory'],
    ]);
    expect(JSON.stringify(kept)).not.toContain('p4ss');
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain('p4ss');
    const left = await venues.call('venues.forgetKey', { exchange: 'okx', credential: 'password' });
    expect(left.every(({ source }) => source === null)).toBe(true);
  });

  it('that there are not are refused before anything is done', async () => {
    const { venues } = desk();
    const choice = {
      exchange: 'nowhere',
      symbols: ['BTC/USDT'],
      timeframe: '1h',
      endpoint: null,
      proxy: null,
    } as const;
    const refused = { code: 'NOT_FOUND' };
    await expect(venues.call('venues.keys', { exchange: 'nowhere' })).rejects.toMatchObject(refused);
    await expect(
      venues.call('venues.check', { choice: { ...choice, symbols: ['BTC/USDT'] }, mode: 'paper' }),
    ).rejects.toMatchObject(refused);
    await expect(
      venues.call('venues.start', {
        choice: { ...choice, symbols: ['BTC/USDT'] },
        mode: 'paper',
        leavePositions: false,
      }),
    ).rejects.toMatchObject(refused);
  });
});
