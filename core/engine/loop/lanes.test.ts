import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SeededRandom, type Vote } from '../../domain/index.ts';
import { BTC, candle, ETH, engineScene, votesFor } from '../testing/engine-scene.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

describe('a voter that takes its time, in a market that goes on', () => {
  it.each([20 * SECOND, 5 * MINUTE])('V9 of %d ms holds up nobody else', async (ms) => {
    const scene = await engineScene();
    scene.voters.says.set(ETH, 'BUY');
    scene.voters.thinksMs.set(BTC, ms);
    expect(scene.close(BTC, 1_000)).toBeUndefined();
    await scene.bar(ETH, 1_000);
    expect(scene.outcomes(ETH)).toEqual(['traded entry']);
    await scene.step(ETH, 1_002, { open: 1_002 }, SECOND);
    expect(scene.told.fills.map(({ symbol }) => symbol)).toEqual([ETH]);
    expect(scene.outcomes(BTC)).toEqual([]);
    await scene.time.pass(ms);
    expect(scene.outcomes(BTC)).toEqual(['held unanimous-hold']);
    expect(scene.told.decisions.at(-1)).toMatchObject({
      thinkingMs: ms,
      time: scene.start + scene.timeframeMs,
    });
    expect(scene.told.tookMs.at(-1)).toBe(ms);
  });

  it('lets its own symbol’s stop fire meanwhile', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    scene.voters.thinksMs.set(BTC, 5 * MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.step(BTC, 940, { open: 1_000, low: 930 });
    expect(scene.told.fills.map(({ purpose }) => purpose)).toEqual(['entry', 'protection']);
    await scene.time.pass(5 * MINUTE);
    expect(scene.engine.portfolio.positions()).toEqual([]);
  });

  it('does not enter again what was stopped out while it judged the position', async () => {
    const scene = await engineScene({ settings: { safety: { minHoldBars: 0, reentryWaitBars: 0 } } });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    scene.voters.thinksMs.set(BTC, MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.step(BTC, 940, { open: 1_000, low: 930 }, MINUTE);
    await scene.time.pass(MINUTE);
    expect(scene.outcomes(BTC)).toEqual(['traded entry', 'held position-closed']);
  });

  it('V9 is answered at the price, the data age, the pause and the limits of the moment of its answer', async () => {
    const judged = async (change: (scene: Awaited<ReturnType<typeof engineScene>>) => unknown) => {
      const scene = await engineScene({ settings: { safety: { maxEntryDrift: 20 } } });
      scene.voters.says.set(BTC, 'BUY');
      scene.voters.thinksMs.set(BTC, MINUTE);
      await scene.bar(BTC, 1_000);
      await scene.time.pass(MINUTE / 2);
      await change(scene);
      await scene.time.pass(MINUTE);
      return scene;
    };
    const stale = await judged(({ now }) => (now.health = { stale: true, ageMs: 31_000 }));
    expect(stale.outcomes(BTC)).toEqual(['blocked data-health:stale-feed']);
    const paused = await judged(({ now }) => (now.paused = 'paused by the trader'));
    expect(paused.outcomes(BTC)).toEqual(['blocked paused']);
    const calm = await judged(() => undefined);
    const moved = await judged((scene) => scene.step(BTC, 1_010, { open: 1_000 }, MINUTE));
    const amount = ({ engine }: typeof calm) => engine.desk.orders.unfinished(BTC)[0]?.amount.toNumber() ?? 0;
    const stop = ({ engine }: typeof calm) => engine.theses.stopPrice(BTC)?.toNumber() ?? 0;
    // Three tenths of the equity buy less at the higher price, and the stop is as far from it as before.
    expect(amount(calm)).toBeCloseTo(3_000 / 1_000, 2);
    expect(amount(moved)).toBeCloseTo(3_000 / 1_010, 2);
    expect(stop(moved) - stop(calm)).toBeCloseTo(10, 1);
  });

  it('closes what is held when it answers, not what was held when it was asked', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'SELL');
    scene.voters.thinksMs.set(BTC, MINUTE);
    await scene.bar(BTC, 1_001);
    await scene.time.pass(MINUTE);
    expect(scene.outcomes(BTC).at(-1)).toBe('traded opposite-consensus');
    await scene.step(BTC, 1_001);
    expect(scene.engine.portfolio.positions()).toEqual([]);
  });

  it('sees the features of its own bar, whatever has closed since', async () => {
    const scene = await engineScene();
    scene.voters.thinksMs.set(BTC, 90 * MINUTE);
    await scene.bar(BTC, 1_000);
    const [brief] = scene.voters.briefs;
    const before = [brief?.feature('rsi_14'), brief?.feature('natr_14'), brief?.feature('no_such_feature')];
    await scene.bar(BTC, 1_200);
    expect([brief?.feature('rsi_14'), brief?.feature('natr_14'), brief?.feature('no_such_feature')]).toEqual(
      before,
    );
    await scene.time.pass(90 * MINUTE);
    const own = scene.told.decisions[0]?.features['rsi_14'];
    expect(own).toBeCloseTo(Number(before[0]), 3);
  });
});

describe('an answer that comes after the next bar closed', () => {
  it('is recorded as late and does not trade', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    scene.voters.thinksMs.set(BTC, 70 * MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.time.pass(60 * MINUTE);
    scene.voters.thinksMs.delete(BTC);
    await scene.bar(BTC, 1_001);
    await scene.step(BTC, 1_002, { open: 1_001 }, MINUTE);
    await scene.time.pass(10 * MINUTE);
    const [late, next] = scene.told.decisions;
    expect(late).toMatchObject({
      outcome: 'held',
      reasonCode: 'late',
      reason: 'the answer came 600.0 s after the next bar closed',
      action: 'BUY',
      thinkingMs: 70 * MINUTE,
      orderIds: [],
    });
    expect(late?.votes).toHaveLength(2);
    // The next bar took its turn when the lane was free, and was in time.
    expect(next).toMatchObject({ outcome: 'traded', reasonCode: 'entry' });
    // And it acts at the price of its turn.
    const [entry] = scene.engine.desk.orders.unfinished(BTC);
    const bought = entry?.amount.toNumber() ?? 0;
    expect(bought).toBeLessThan(3_000 / 1_001.5);
    expect(bought).toBeGreaterThan(3_000 / 1_002.5);
  });

  it('also closes no position', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'SELL');
    scene.voters.thinksMs.set(BTC, MINUTE);
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'HOLD');
    await scene.bar(BTC, 1_000);
    await scene.time.pass(MINUTE);
    expect(scene.outcomes(BTC).slice(-1)).toEqual(['held late']);
    expect(scene.engine.portfolio.positions()).toHaveLength(1);
  });

  it('is late by the clock where the next bar never came', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    scene.voters.thinksMs.set(BTC, MINUTE);
    await scene.bar(BTC, 1_000);
    scene.clock.advanceTo(scene.start + 2 * scene.timeframeMs + 4_000);
    await scene.time.pass(MINUTE);
    expect(scene.told.decisions[0]).toMatchObject({
      reasonCode: 'late',
      reason: 'the answer came 4.0 s after the next bar closed',
    });
  });

  it('of several bars that closed meanwhile the latest is asked about, the others are too late', async () => {
    const scene = await engineScene();
    scene.voters.thinksMs.set(BTC, 5 * MINUTE);
    for (let bars = 0; bars < 4; bars += 1) await scene.bar(BTC, 1_000 + bars);
    expect(scene.voters.briefs).toHaveLength(1);
    await scene.time.pass(5 * MINUTE);
    expect(scene.voters.briefs.map(({ close }) => close)).toEqual([1_000, 1_003]);
    await scene.time.pass(5 * MINUTE);
    expect(scene.outcomes(BTC)).toEqual(['held late', 'held late', 'held late', 'held unanimous-hold']);
    const asked = scene.told.decisions.map(({ votes, barOpenTime }) => [
      (barOpenTime - scene.start) / scene.timeframeMs,
      votes.length,
    ]);
    expect(asked).toEqual([
      [1, 0],
      [2, 0],
      [0, 2],
      [3, 2],
    ]);
  });
});

describe('the market', () => {
  it('waits for prompt voters, and for slow ones where it was told to', async () => {
    for (const options of [{ patience: 'prompt' }, { waitForSlowVoters: true }] as const) {
      const scene = await engineScene(options);
      scene.voters.says.set(BTC, 'BUY');
      scene.voters.thinksMs.set(BTC, MINUTE);
      await scene.step(BTC, 1_000);
      const waiting = scene.close(BTC, 1_000);
      expect(waiting).toBeInstanceOf(Promise);
      await scene.time.pass(MINUTE);
      await waiting;
      expect(scene.outcomes(BTC)).toEqual(['traded entry']);
      // What prompt voters take is not the same twice, and stands in no record.
      const thinkingMs = 'patience' in options ? null : MINUTE;
      expect(scene.told.decisions[0]?.thinkingMs).toBe(thinkingMs);
    }
  });

  it('has nothing to wait for when the voters answer at once and nothing is sent', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    expect(scene.step(BTC, 1_000)).toBeUndefined();
    expect(scene.close(BTC, 1_000)).toBeUndefined();
    expect(scene.outcomes(BTC)).toEqual(['held unanimous-hold']);
    expect(scene.told.decisions[0]?.thinkingMs).toBeNull();
  });

  it('waits for nobody at a real venue', async () => {
    const scene = await engineScene({ patience: 'prompt', drive: null });
    scene.voters.says.set(BTC, 'BUY');
    scene.voters.thinksMs.set(BTC, 5);
    scene.venue.advance(BTC, candle(scene.start, 1_000), scene.timeframeMs);
    scene.clock.advanceTo(scene.start + scene.timeframeMs);
    expect(scene.step(BTC, 1_000)).toBeUndefined();
    expect(scene.close(BTC, 1_000)).toBeUndefined();
    expect(scene.step(BTC, 1_000)).toBeUndefined();
    await scene.time.pass(5);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
    scene.voters.thinksMs.delete(BTC);
    scene.voters.says.set(BTC, 'HOLD');
    expect(scene.close(BTC, 1_000)).toBeUndefined();
  });

  it('does not wait for a real venue’s answers either', async () => {
    const scene = await engineScene({ symbols: [BTC], drive: null });
    scene.venue.advance(BTC, candle(scene.start, 1_000), scene.timeframeMs);
    scene.clock.advanceTo(scene.start + scene.timeframeMs);
    const submit = scene.venue.submit.bind(scene.venue);
    scene.venue.submit = async (intent) => {
      await scene.time.wait(MINUTE);
      return submit(intent);
    };
    scene.voters.says.set(BTC, 'BUY');
    void scene.step(BTC, 1_000);
    expect(scene.close(BTC, 1_000)).toBeUndefined();
    await scene.time.pass(SECOND);
    expect(scene.engine.desk.orders.busy).toBe(true);
    expect(scene.step(BTC, 1_000)).toBeUndefined();
    expect(scene.outcomes(BTC)).toEqual([]);
    await scene.time.pass(MINUTE);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
  });

  it('gives the same bytes with voters that answer in whatever order', async () => {
    const run = async (seed: number): Promise<string> => {
      const random = new SeededRandom(seed);
      const time = new VirtualTimers();
      const scene = await engineScene({
        patience: 'prompt',
        timers: time,
        debate: async ({ feature }) => {
          await time.wait(Math.floor(random.next() * 20));
          return votesFor(feature('rsi_14') > 0.2 ? 'BUY' : 'SELL');
        },
      });
      for (let index = 0; index < 60; index += 1) {
        for (const [phase, symbol] of [BTC, ETH].entries()) {
          const at = 1_000 + 9 * Math.sin(index / 3 + phase);
          await scene.step(symbol, at);
          const waiting = scene.close(symbol, at);
          await time.pass(20);
          await waiting;
        }
      }
      return JSON.stringify([scene.told.decisions, scene.told.fills]);
    };
    const [once, again] = [await run(1), await run(2)];
    expect(once.includes('"traded"')).toBe(true);
    expect(again === once).toBe(true);
  });
});

describe('the end', () => {
  it('does not wait for a debate, and nothing trades after it', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    scene.voters.thinksMs.set(BTC, 10 * MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.time.pass(MINUTE);
    await scene.engine.loop.close();
    expect(scene.told.decisions).toMatchObject([
      { outcome: 'held', reasonCode: 'abandoned', thinkingMs: MINUTE, votes: [], orderIds: [] },
    ]);
    const steps = scene.told.steps.length;
    await scene.time.pass(10 * MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.step(BTC, 1_000);
    expect(scene.told.decisions).toHaveLength(1);
    expect(scene.told.steps).toHaveLength(steps);
    expect(scene.engine.desk.orders.unfinished()).toEqual([]);
    expect(scene.told.fills).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'comes between an answer and its order as well, %d turns after it',
    async (turns) => {
      const { promise, resolve } = Promise.withResolvers<readonly Vote[]>();
      const scene = await engineScene({ debate: () => promise });
      await scene.bar(BTC, 1_000);
      resolve(votesFor('BUY'));
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      const { desk, loop } = scene.engine;
      const { orders } = desk;
      const before = orders.unfinished().length;
      await loop.close();
      expect(orders.unfinished()).toHaveLength(before);
      expect(scene.outcomes(BTC)).toEqual([before === 0 ? 'held abandoned' : 'traded entry']);
    },
  );

  it('records the bar that waited for its turn, and asks nobody about it', async () => {
    const scene = await engineScene();
    scene.voters.thinksMs.set(BTC, 10 * MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.bar(BTC, 1_001);
    await scene.engine.loop.close();
    expect(scene.outcomes(BTC).toSorted()).toEqual(['held abandoned', 'held abandoned']);
    expect(scene.voters.briefs).toHaveLength(1);
  });

  it('frees a market that waits, and leaves the bar to the next start', async () => {
    const scene = await engineScene({ waitForSlowVoters: true });
    scene.voters.thinksMs.set(BTC, 10 * MINUTE);
    const waiting = scene.close(BTC, 1_000);
    await scene.engine.loop.close();
    await waiting;
    expect(scene.told.decisions).toEqual([]);
  });
});

describe('a voter that is broken', () => {
  const MAD = new Error('its model has lost its mind');
  const breaks: Readonly<Record<string, () => Promise<never>>> = {
    'at once': () => {
      throw MAD;
    },
    later: () => Promise.reject(MAD),
  };
  const silent = { kind: 'abstention', code: 'failed', message: MAD.message };

  it.each(
    (['prompt', 'slow'] as const).flatMap((patience) =>
      Object.entries(breaks).map(([when, debate]) => [when, patience, debate] as const),
    ),
  )('%s, where it is %s, abstains with its reason, is told, and the engine goes on', async (...given) => {
    const [, patience, debate] = given;
    const scene = await engineScene({ patience, debate });
    await scene.bar(BTC, 1_000);
    await scene.time.pass(0);
    await scene.bar(BTC, 1_000);
    await scene.time.pass(0);
    expect(scene.outcomes(BTC)).toEqual(['held no-quorum', 'held no-quorum']);
    expect(scene.told.decisions[0]?.votes).toEqual([
      { ...silent, voter: 'bull', source: 'rules' },
      { ...silent, voter: 'bear', source: 'rules' },
    ]);
    expect(scene.told.failures).toEqual([MAD, MAD]);
  });

  it.each(Object.entries(breaks))('%s costs the others nothing', async (_, opine) => {
    const scene = await engineScene({
      patience: 'prompt',
      ensemble: { opine },
      debate: () => votesFor('BUY'),
    });
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
    expect(scene.told.decisions[0]?.votes.at(-1)).toEqual({ ...silent, voter: 'ensemble', source: 'models' });
  });

  it('is told also when it breaks on a bar that had waited for its turn', async () => {
    let asked = 0;
    const time = new VirtualTimers();
    const scene = await engineScene({
      timers: time,
      debate: () => {
        asked += 1;
        if (asked > 1) throw MAD;
        return time.wait(MINUTE).then(() => votesFor('HOLD'));
      },
    });
    await scene.bar(BTC, 1_000);
    await scene.bar(BTC, 1_000);
    await time.pass(MINUTE);
    expect(scene.told.failures).toEqual([MAD]);
    expect(scene.outcomes(BTC)).toEqual(['held late', 'held no-quorum']);
  });
});
