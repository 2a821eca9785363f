import { describe, expect, test } from 'vitest';
import { breakerScene, DAY, HOUR, MemoryStore, MONDAY } from './testing/breaker-scene.ts';

type Scene = ReturnType<typeof breakerScene>;
type Level = 'below' | 'at' | 'above';

interface Threshold {
  readonly code: string;
  readonly settings: Parameters<typeof breakerScene>[0];
  /** Up to the last step. */
  readonly before: (scene: Scene) => void;
  /** When that is. */
  readonly time: number;
  /** Every amount of money is multiplied by the scale. */
  readonly last: (scene: Scene, level: Level, time: number, scale: number) => void;
  /** What exactly the threshold does. */
  readonly at: 'trips' | 'is allowed';
}

const ONLY = { maxDailyLoss: 1, maxDrawdown: 1, maxConsecutiveLosses: 100 };
const DAYS = 20;
/** After a day without a return half is lost and half of the rest won, by turns: exact in binary, with a mean of 0. */
const swings = Array.from(
  { length: DAYS - 1 },
  (_, day) => 10_000 * 0.75 ** Math.floor(day / 2) * (day % 2 === 0 ? 1 : 0.5),
);
const EVEN = swings.at(-1) ?? Number.NaN;
const END = MONDAY + (DAYS - 1) * DAY;

const falls = (code: string, settings: Threshold['settings'], limit: number): Threshold => ({
  code,
  settings,
  before: (scene) => scene.equity(MONDAY, 10_000),
  time: MONDAY,
  last: (scene, level, time, scale) =>
    scene.equity(time, scale * (limit + { below: 0.01, at: 0, above: -0.01 }[level])),
  at: 'trips',
});

const THRESHOLDS: readonly Threshold[] = [
  falls('daily-loss', { ...ONLY, maxDailyLoss: 0.03 }, 9_700),
  falls('drawdown', { ...ONLY, maxDrawdown: 0.1 }, 9_000),
  {
    code: 'consecutive-losses',
    settings: { ...ONLY, maxConsecutiveLosses: 5 },
    before: (scene) => {
      scene.equity(MONDAY, 10_000);
      scene.trades(-1, -1, -1);
    },
    time: MONDAY,
    last: (scene, level, time, scale) => {
      scene.equity(time, 10_000 * scale);
      scene.trades(...{ below: [-1], at: [-1, -1], above: [-1, -1, -1] }[level]);
    },
    at: 'trips',
  },
  {
    code: 'win-rate',
    settings: ONLY,
    before: (scene) => {
      scene.equity(MONDAY, 10_000);
      scene.trades(...Array<number>(13).fill(-1), 1, 1, 1, 1, 1);
    },
    time: MONDAY,
    last: (scene, level, time, scale) => {
      scene.equity(time, 10_000 * scale);
      scene.trades(...{ below: [1, 1], at: [1, -1], above: [-1, -1] }[level]);
    },
    at: 'is allowed',
  },
  {
    code: 'sharpe',
    settings: ONLY,
    before: (scene) => {
      for (const [day, value] of swings.entries()) scene.equity(MONDAY + day * DAY, value);
      // Within the last day, whose return its midnight counts.
      scene.equity(END + HOUR, EVEN);
    },
    time: END + HOUR,
    last: (scene, level, time, scale) => {
      const value = scale * EVEN * { below: 1.0001, at: 1, above: 0.9999 }[level];
      scene.breaker.observeEquity(Math.min(time, END + DAY - 1), value);
      scene.equity(Math.max(time, END + DAY), value);
    },
    at: 'is allowed',
  },
];

/** What happens between the two; when the last step is taken, and how much everything is worth then. */
interface Between {
  readonly scene: Scene;
  readonly time: number;
  readonly scale: number;
}
const CIRCUMSTANCES: Readonly<Record<string, (scene: Scene, threshold: Threshold) => Between>> = {
  'within the day': (scene, { time }) => ({ scene, time: time + HOUR, scale: 1 }),
  'at midnight': (scene, { time }) => ({ scene, time: midnightAfter(time), scale: 1 }),
  'a millisecond before midnight': (scene, { time }) => ({ scene, time: midnightAfter(time) - 1, scale: 1 }),
  'after a restart': (scene, { settings, time }) => {
    scene.breaker.flush();
    return { scene: breakerScene(settings, scene.store, time + 1), time: time + HOUR, scale: 1 };
  },
  'after a jump of the clock by three days': (scene, { time }) => ({ scene, time: time + 3 * DAY, scale: 1 }),
  'after the clock was put back an hour': (scene, { time }) => {
    scene.equity(time + HOUR, scene.figure('equity') ?? Number.NaN);
    return { scene, time: time + 1, scale: 1 };
  },
  'after a deposit that doubled it': (scene, { time }) => ({
    scene: paid(scene, 2),
    time: time + HOUR,
    scale: 2,
  }),
  'after half of it was paid out': (scene, { time }) => ({
    scene: paid(scene, 0.5),
    time: time + HOUR,
    scale: 0.5,
  }),
};

function midnightAfter(time: number): number {
  return MONDAY + (Math.floor((time - MONDAY) / DAY) + 1) * DAY;
}

function paid(scene: Scene, factor: number): Scene {
  const equity = scene.figure('equity') ?? Number.NaN;
  scene.breaker.observeTransfer(equity * (factor - 1));
  return scene;
}

describe.each(THRESHOLDS)('$code', (threshold) => {
  test.each(Object.keys(CIRCUMSTANCES))('just below, at and just above its threshold %s', (name) => {
    const codes = (['below', 'at', 'above'] as const).map((level) => {
      const before = breakerScene(threshold.settings, new MemoryStore());
      threshold.before(before);
      expect(before.code()).toBe('ok');
      const between = CIRCUMSTANCES[name]?.(before, threshold);
      if (between === undefined) throw new TypeError(name);
      const { scene, time, scale } = between;
      threshold.last(scene, level, time, scale);
      return scene.code();
    });
    expect(codes).toEqual(['ok', threshold.at === 'trips' ? threshold.code : 'ok', threshold.code]);
  });
});
