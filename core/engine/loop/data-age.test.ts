import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import type { Connection, MarketEvent } from '../../domain/index.ts';
import { DataAge } from './data-age.ts';

const MINUTE = 60_000;

function step(symbol: string, durationMs = MINUTE): MarketEvent {
  const candle = { openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 };
  return { kind: 'step', symbol, candle, durationMs };
}

function scene(pace: number | null = 1_800) {
  const time = new VirtualTimers();
  const connections = new Map<string, Connection>();
  const connection = (symbol: string): Connection => {
    return connections.get(symbol) ?? { state: 'connected', message: '' };
  };
  const age = new DataAge({ symbols: ['BTC/USDT', 'ETH/USDT'], timers: time, connection, pace });
  return { time, age, connections };
}

describe('the age of market data', () => {
  it('is not known before the first event', () => {
    const { age } = scene();
    expect(age.of('BTC/USDT')).toEqual({
      symbol: 'BTC/USDT',
      stale: true,
      ageMs: Number.POSITIVE_INFINITY,
      connected: true,
    });
  });

  it.each([
    [30_000, false],
    [30_001, true],
  ])('#23 after %d ms of silence is stale: %s', async (silence, stale) => {
    const { age, time } = scene();
    age.arrived(step('BTC/USDT'));
    await time.pass(silence);
    expect(age.of('BTC/USDT')).toMatchObject({ ageMs: silence, stale });
  });

  it('V13 is each symbol’s own: one that goes on says nothing of one that is silent', async () => {
    const { age, time } = scene();
    age.arrived(step('BTC/USDT'));
    age.arrived(step('ETH/USDT'));
    await time.pass(31_000);
    age.arrived(step('ETH/USDT'));
    expect(age.of('BTC/USDT').stale).toBe(true);
    expect(age.of('ETH/USDT')).toMatchObject({ stale: false, ageMs: 0 });
    expect(age.oldest()).toMatchObject({ symbol: 'BTC/USDT', ageMs: 31_000 });
  });

  it('V9 does not count the time that the feed was held up for', async () => {
    const { age, time } = scene();
    age.arrived(step('BTC/USDT'));
    await time.pass(1_000);
    const thinking = age.hold(time.wait(5 * MINUTE));
    await time.pass(4 * MINUTE);
    expect(age.of('BTC/USDT').ageMs).toBe(1_000);
    await time.pass(MINUTE);
    await thinking;
    await time.pass(500);
    expect(age.of('BTC/USDT').ageMs).toBe(1_500);
  });

  it('counts again after work that failed', async () => {
    const { age, time } = scene();
    age.arrived(step('BTC/USDT'));
    await expect(age.hold(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await time.pass(31_000);
    expect(age.of('BTC/USDT').stale).toBe(true);
  });

  it.each([
    ['at 1x the step of a minute is a minute away', 1, MINUTE, 2 * MINUTE],
    ['at 1x with steps of a second', 1, 1_000, 30_000],
    ['in a feed that comes in its own time', null, MINUTE, 30_000],
  ] as const)('%s', async (_, pace, durationMs, allowed) => {
    const { age, time } = scene(pace);
    age.arrived(step('BTC/USDT', durationMs));
    await time.pass(allowed);
    expect(age.of('BTC/USDT').stale).toBe(false);
    await time.pass(1);
    expect(age.of('BTC/USDT').stale).toBe(true);
  });

  it('tells when the symbol’s connection is down, however fresh the last event', () => {
    const { age, connections } = scene();
    age.arrived(step('BTC/USDT'));
    connections.set('BTC/USDT', { state: 'disconnected', message: 'the line is dead' });
    expect(age.of('BTC/USDT')).toMatchObject({ stale: false, connected: false });
    expect(age.of('ETH/USDT').connected).toBe(true);
  });

  it('of no symbol at all is a mistake', () => {
    const connection = (): Connection => ({ state: 'connected', message: '' });
    const age = new DataAge({ symbols: [], timers: new VirtualTimers(), connection, pace: null });
    expect(() => age.oldest()).toThrow('no symbol');
  });
});
