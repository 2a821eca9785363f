import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { BTC, candle, ETH, engineScene } from '../testing/engine-scene.ts';
import { type BarEvent, MomentBarrier } from './moment-barrier.ts';

const SOL = 'SOL/USDT';
const LIMIT_MS = 2_000;

function barOf(symbol: string, openTime = 0): BarEvent {
  return { kind: 'bar', symbol, candle: candle(openTime, 1_000) };
}

function scene(symbols: readonly string[] = [BTC, ETH, SOL]) {
  const time = new VirtualTimers();
  const gone: string[] = [];
  const release = ({ symbol, candle: { openTime } }: BarEvent): void => {
    gone.push(`${symbol} ${openTime} at ${time.monotonicMs()}`);
  };
  const barrier = new MomentBarrier({ symbols, timers: time, limitMs: LIMIT_MS, release });
  return { time, gone, barrier };
}

describe('bars of one moment', () => {
  it('V11 go on when bitcoin’s is there, whatever order they came in, and no bar is lost', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([BTC, ETH, SOL], { minLength: 3 }), (order) => {
        const { barrier, gone } = scene();
        for (const symbol of order) barrier.take(barOf(symbol));
        expect(gone[0]).toBe(`${BTC} 0 at 0`);
        expect(gone.toSorted()).toEqual([`${BTC} 0 at 0`, `${ETH} 0 at 0`, `${SOL} 0 at 0`]);
      }),
    );
  });

  it('that all waited go on in one order', () => {
    for (const order of [
      [ETH, SOL, BTC],
      [SOL, ETH, BTC],
    ]) {
      const { barrier, gone } = scene();
      for (const symbol of order) barrier.take(barOf(symbol));
      expect(gone).toEqual([`${BTC} 0 at 0`, `${ETH} 0 at 0`, `${SOL} 0 at 0`]);
    }
  });

  it('V11 wait no longer than they may', async () => {
    const { barrier, gone, time } = scene();
    barrier.take(barOf(ETH));
    await time.pass(LIMIT_MS - 1);
    barrier.take(barOf(SOL));
    expect(gone).toEqual([]);
    await time.pass(1);
    expect(gone).toEqual([`${ETH} 0 at 2000`, `${SOL} 0 at 2000`]);
    barrier.take(barOf(BTC));
    await time.pass(10_000);
    expect(gone).toHaveLength(3);
  });

  it('of an earlier moment go on first when a later one begins', () => {
    const { barrier, gone } = scene();
    barrier.take(barOf(ETH, 0));
    barrier.take(barOf(ETH, 60));
    barrier.take(barOf(BTC, 60));
    expect(gone).toEqual([`${ETH} 0 at 0`, `${BTC} 60 at 0`, `${ETH} 60 at 0`]);
  });

  it('wait for nobody where no bitcoin is traded', () => {
    const { barrier, gone } = scene([ETH, SOL]);
    barrier.take(barOf(SOL));
    barrier.take(barOf(ETH));
    expect(gone).toEqual([`${SOL} 0 at 0`, `${ETH} 0 at 0`]);
  });

  it('that still wait at the end are dropped', async () => {
    const { barrier, gone, time } = scene();
    barrier.take(barOf(ETH));
    barrier.close();
    await time.pass(LIMIT_MS);
    expect(gone).toEqual([]);
    expect(time.waiting).toBe(0);
  });
});

describe('the features of other symbols', () => {
  /** What the voters were told of ether beside bitcoin, when ether’s bar came first. */
  async function contextOf(barrierMs: number | null, waitMs = 0): Promise<number | undefined> {
    const scene = await engineScene({ barrierMs, patience: 'prompt' });
    void scene.close(ETH, 1_001);
    await scene.time.pass(waitMs);
    void scene.close(BTC, 1_002);
    return scene.voters.briefs.find(({ symbol }) => symbol === ETH)?.feature('btc_beta_168');
  }

  it('V11 are measured against bitcoin’s bar of the same time also where that came later', async () => {
    expect(await contextOf(LIMIT_MS)).toBeGreaterThan(0);
  });

  it('have no such context where bitcoin’s bar is not waited for, or waited for in vain', async () => {
    expect(await contextOf(null)).toBeNaN();
    expect(await contextOf(LIMIT_MS, LIMIT_MS)).toBeNaN();
  });

  it('are decided on in the event that brings bitcoin’s bar, which waits for prompt voters', async () => {
    const scene = await engineScene({ barrierMs: LIMIT_MS, patience: 'prompt' });
    scene.voters.thinksMs.set(ETH, 5);
    expect(scene.close(ETH, 1_001)).toBeUndefined();
    const waiting = scene.close(BTC, 1_002);
    await scene.time.pass(5);
    await waiting;
    expect(scene.told.decisions.map(({ symbol }) => symbol)).toEqual([BTC, ETH]);
  });

  it('tell of a voter that breaks on a bar that had waited', async () => {
    const scene = await engineScene({
      barrierMs: LIMIT_MS,
      debate: ({ symbol }) => {
        if (symbol === ETH) throw new Error('its model has lost its mind');
        return [];
      },
    });
    void scene.close(ETH, 1_001);
    await scene.time.pass(LIMIT_MS);
    expect(scene.told.failures).toMatchObject([{ message: 'its model has lost its mind' }]);
  });
});
