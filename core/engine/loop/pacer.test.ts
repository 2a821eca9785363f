import { describe, expect, it } from 'vitest';
import type { MarketEvent, MarketFeed, Timers } from '../../domain/index.ts';
import { Pacer } from './pacer.ts';

const STEP_MS = 60_000;

function step(index: number): MarketEvent {
  const candle = { openTime: index * STEP_MS, open: 1, high: 1, low: 1, close: 1, volume: 1 };
  return { kind: 'step', symbol: 'BTC/USDT', candle, durationMs: STEP_MS };
}

function feedOf(events: readonly MarketEvent[]): MarketFeed {
  const queue = [...events];
  return {
    symbols: ['BTC/USDT'],
    open: async () => undefined,
    next: () => queue.shift(),
    warmUp: () => [],
    connection: () => ({ state: 'connected', message: '' }),
    close: async () => undefined,
  };
}

class FakeTimers implements Timers {
  now = 0;
  readonly waits: number[] = [];
  monotonicMs(): number {
    return this.now;
  }
  async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.now += ms;
  }
}

async function run(
  events: readonly MarketEvent[],
  timers: FakeTimers,
  handle: () => void,
  pace: number | null = 60,
): Promise<void> {
  await new Pacer({ feed: feedOf(events), handle, timers, pace }).run(new AbortController().signal);
}

describe('Pacer', () => {
  it('lets market time pass at the chosen speed', async () => {
    const timers = new FakeTimers();
    const times: number[] = [];
    await run([step(0), step(1), step(2)], timers, () => times.push(timers.now));
    expect(times).toEqual([0, 1_000, 2_000]);
  });

  it('delivers a bar right after its last step', async () => {
    const timers = new FakeTimers();
    const candle = { openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 };
    await run([step(0), { kind: 'bar', symbol: 'BTC/USDT', candle }, step(1)], timers, () => undefined);
    expect(timers.waits).toEqual([1_000]);
  });

  it('does not race to catch up after the machine slept', async () => {
    const timers = new FakeTimers();
    let handled = 0;
    await run([step(0), step(1), step(2), step(3)], timers, () => {
      handled += 1;
      if (handled === 2) timers.now += 3_600_000;
    });
    expect(timers.waits.filter((ms) => ms > 0)).toEqual([1_000, 1_000]);
  });

  it('holds up nothing of a real market: neither after an event that came late nor before one that is early', async () => {
    const timers = new FakeTimers();
    const times: number[] = [];
    const handle = (): void => {
      times.push(timers.now);
      timers.now += times.length === 1 ? 30_000 : 1_000;
    };
    await run([step(0), step(1), step(2), step(3)], timers, handle, null);
    expect(times).toEqual([0, 30_000, 31_000, 32_000]);
  });

  it('gives other tasks their turn when it runs as fast as it can', async () => {
    const timers = new FakeTimers();
    const events = Array.from({ length: 100 }, (_, index) => step(index));
    await run(events, timers, () => (timers.now += 1), Number.POSITIVE_INFINITY);
    expect(timers.waits.length).toBeGreaterThan(5);
  });

  it('stops when told to and handles nothing more', async () => {
    const timers = new FakeTimers();
    const stop = new AbortController();
    let handled = 0;
    const handle = () => {
      handled += 1;
      stop.abort();
    };
    await new Pacer({ feed: feedOf([step(0), step(1)]), handle, timers, pace: 1 }).run(stop.signal);
    expect(handled).toBe(1);
  });
});
