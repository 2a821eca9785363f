import { describe, expect, it } from 'vitest';
import { caseOf } from '../../../tests/contracts/hindsight-store-contract.ts';
import { MemoryHindsightStore } from '../../storage/index.ts';
import { BTC, ETH, engineScene, type SceneOptions } from '../testing/engine-scene.ts';
import { Hindsight } from './hindsight.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const bar = (time: number, close: number, low = close) => {
  return { openTime: time, open: close, high: close, low, close, volume: 1 };
};

describe('hindsight', () => {
  it('reckons a record anew when one more case is known', () => {
    const hindsight = new Hindsight(new MemoryHindsightStore());
    const stances = [{ voter: 'bear', source: 'llm', stance: -0.5 }] as const;
    const opinions = () => hindsight.earned('trend', 'bear', 'llm').opinions;
    expect(opinions()).toBe(0);
    for (const known of [1, 2]) {
      const time = known * DAY;
      hindsight.append(caseOf(`case ${known}`, { time, due: time + DAY, stances }));
      expect(opinions()).toBe(known - 1);
      hindsight.take(BTC, bar(time, 110), DAY);
      expect(opinions()).toBe(known);
    }
  });

  it('knows nothing before its time, then what it came to, also after a restart', () => {
    const store = new MemoryHindsightStore();
    const hindsight = new Hindsight(store);
    hindsight.append(caseOf('a', { time: 10 * HOUR, due: 12 * HOUR }));
    hindsight.take(BTC, bar(10 * HOUR, 150), HOUR);
    expect(hindsight.of('a')?.result).toBeNull();
    const again = new Hindsight(store);
    again.take(ETH, bar(11 * HOUR, 50), HOUR);
    expect(again.of('a')?.result).toBeNull();
    again.take(BTC, bar(11 * HOUR, 110), HOUR);
    expect(again.of('a')?.result).toBeCloseTo(0.098, 12);
    expect(new Hindsight(store).of('a')?.result).toBeCloseTo(0.098, 12);
    expect(again.of('b')).toBeNull();
  });

  it.each([
    ['a purchase, while its stop is not touched', { stopPrice: 90 }, bar(11 * HOUR, 110, 91), false],
    ['a purchase whose stop is touched', { stopPrice: 90 }, bar(11 * HOUR, 110, 90), true],
    ['a purchase that is due', { stopPrice: 90 }, bar(12 * HOUR, 110, 109), true],
    ['one without a stop', { stopPrice: null }, bar(11 * HOUR, 1), false],
    ['a sale, while its stop is not touched', { side: 'sell', stopPrice: 120 }, bar(11 * HOUR, 119), false],
    ['a sale whose stop is touched', { side: 'sell', stopPrice: 120 }, bar(11 * HOUR, 120), true],
  ] as const)('%s, waits for a piece of market or does not', (_, given, piece, isAwaited) => {
    const hindsight = new Hindsight(new MemoryHindsightStore());
    hindsight.append(caseOf('far', { time: 10 * HOUR, due: 99 * HOUR, stopPrice: null }));
    hindsight.append(caseOf('a', { time: 10 * HOUR, due: 13 * HOUR, ...given }));
    expect(hindsight.awaits(BTC, piece, HOUR)).toBe(isAwaited);
    expect(hindsight.awaits(ETH, piece, HOUR)).toBe(false);
    hindsight.take(BTC, piece, HOUR);
    expect(hindsight.of('a')?.result === null).toBe(!isAwaited);
    expect(hindsight.awaits(BTC, piece, HOUR)).toBe(false);
  });

  it('takes a decision once, and is told nothing by what comes after', () => {
    const hindsight = new Hindsight(new MemoryHindsightStore());
    hindsight.append(caseOf('a', { time: 0, due: HOUR }));
    hindsight.append(caseOf('a', { time: 0, due: 9 * HOUR }));
    hindsight.take(BTC, bar(0, 110), HOUR);
    hindsight.take(BTC, bar(HOUR, 1), HOUR);
    expect(hindsight.cases).toHaveLength(1);
    expect(hindsight.of('a')?.result).toBeCloseTo(0.098, 12);
  });

  it('gives each voice the record of a strategy, each source its own', () => {
    const hindsight = new Hindsight(new MemoryHindsightStore());
    for (let week = 0; week < 60; week += 1) {
      const [time, knows] = [week * 7 * DAY, week % 2 === 0];
      const stances = [
        { voter: 'bear', source: 'llm', stance: knows ? -0.8 : -0.1 },
        { voter: 'bear', source: 'rules', stance: -0.5 },
      ] as const;
      hindsight.append(caseOf(String(week), { time, due: time + DAY, stopPrice: null, stances }));
      hindsight.take(BTC, bar(time, knows ? 95 + (week % 3) : 99 + (week % 5) / 5), DAY);
    }
    const earned = hindsight.earned('trend', 'bear', 'llm');
    expect(earned.earned).toBeGreaterThan(0);
    expect(earned.opinions).toBe(60);
    expect(hindsight.earned('trend', 'bear', 'rules').earned).toBe(0);
    expect(hindsight.earned('rules', 'bear', 'llm').opinions).toBe(0);
    expect(hindsight.recordsOn('trend').map(({ source }) => source)).toEqual(['llm', 'rules']);
  });
});

/** Hours that rise, so that trend buys at midnight, with an engine that starts a little before one. */
async function midnight(options: SceneOptions = {}) {
  const start = 60 * DAY - HOUR;
  const scene = await engineScene({ symbols: [BTC], start, ...options });
  scene.now.strategy = 'trend';
  const rising = Array.from({ length: 50 * 24 }, (_, hour) =>
    bar(start - (50 * 24 - hour) * HOUR, 900 + hour / 10),
  );
  scene.engine.loop.lookBack(new Map([[BTC, { candles: rising, durationMs: HOUR }]]));
  return scene;
}

describe('an engine', () => {
  it('looks again at what was bought after seven days, and at what each voter had said of it', async () => {
    const scene = await midnight();
    scene.voters.says.set(BTC, 'SELL');
    await scene.bar(BTC, 1_030);
    const [decision] = scene.told.decisions;
    expect(decision).toMatchObject({ outcome: 'traded', consensus: { reason: { code: 'proposal-stands' } } });
    const one = () => scene.engine.hindsight.of(String(decision?.id));
    expect(one()).toMatchObject({
      strategy: 'trend',
      price: 1_030,
      left: 1,
      traded: true,
      refusedBy: [],
      due: 67 * DAY,
      result: null,
      stances: [
        { voter: 'bull', source: 'rules', stance: -0.9 },
        { voter: 'bear', source: 'rules', stance: -0.9 },
      ],
    });
    for (let hour = 0; hour < 7 * 24; hour += 1) await scene.bar(BTC, 1_030 + hour / 10);
    expect(one()?.result).toBeCloseTo((1_030 + 16.7) / 1_030 - 1 - 0.002, 9);
  });

  it('and at what a safety layer refused', async () => {
    const scene = await midnight({
      settings: { safety: { costMultiple: 20 }, simulation: { takerFeeBps: 50 } },
    });
    await scene.bar(BTC, 1_030);
    const [decision] = scene.told.decisions;
    expect(decision).toMatchObject({ outcome: 'blocked', reasonCode: 'cost-gate:too-costly' });
    const one = scene.engine.hindsight.of(String(decision?.id));
    expect(one).toMatchObject({ traded: false, refusedBy: ['cost-gate'], result: null });
  });

  it('and says of what the voters want who refused it', async () => {
    const scene = await engineScene();
    scene.now.health = { stale: true, ageMs: 60_000 };
    scene.voters.says.set(ETH, 'BUY');
    await scene.bar(ETH, 1_000);
    const one = scene.engine.hindsight.of(String(scene.told.decisions[0]?.id));
    expect(one).toMatchObject({
      strategy: 'ensemble',
      side: 'buy',
      refusedBy: ['data-health'],
      stopPrice: null,
    });
    expect(one?.due).toBe(scene.start + 25 * HOUR);
  });

  it('lets a voter with a record shrink a purchase, and says by which sum', async () => {
    const store = new MemoryHindsightStore();
    for (let week = 0; week < 60; week += 1) {
      const knows = week % 2 === 0;
      const stances = [{ voter: 'bear', source: 'rules', stance: knows ? -0.8 : 0 }] as const;
      store.append(caseOf(String(week), { time: week * 7 * DAY, due: week * 7 * DAY + DAY, stances }));
      store.settle(String(week), knows ? -0.04 - 0.001 * (week % 3) : 0.02 + 0.001 * (week % 5));
    }
    const scene = await midnight({ hindsight: store });
    scene.voters.says.set(BTC, 'SELL');
    await scene.bar(BTC, 1_030);
    const { consensus, proposal } = scene.told.decisions[0] ?? {};
    expect(consensus?.reason.code).toBe('proposal-shrunk');
    expect(consensus?.parts?.bear.why).toMatch(/^1 - 2\.128 x .* = 0\.\d+ \(60 opinions in 60 weeks\)$/);
    expect(consensus?.parts?.bull.weight).toBe(0);
    const { left, share } = scene.engine.hindsight.of(String(scene.told.decisions[0]?.id)) ?? {};
    expect(left).toBe(0.25);
    await scene.bar(BTC, 1_030);
    const bought = (Number(scene.told.fills[0]?.amount) * 1_030) / 10_000;
    expect(bought).toBeCloseTo(0.25 * (share ?? 0), 2);
    expect(proposal?.allowedShare).toBeCloseTo(share ?? 0, 9);
  });
});
