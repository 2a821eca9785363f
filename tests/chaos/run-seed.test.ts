import { describe, expect, test } from 'vitest';
import { runSeed } from './run-seed.ts';
import type { Scenario } from './scenario.ts';
import { BAR_MS } from './scenario.ts';
import { carelessTrader, type Habit } from './testing/careless-trader.ts';
import { type Given, quietScenario } from './testing/quiet.ts';

/** Spot alone, and enough bars for a few trades. */
const SHORT: Given = { scenario: { symbols: ['BTC/USDT', 'ETH/USDT'], bars: 12 } };

function short(given: Given = {}): Scenario {
  const scenario = quietScenario({ ...SHORT, ...given });
  return { ...scenario, faultsEnd: scenario.start + scenario.bars * BAR_MS, ...given.scenario };
}

const run = (habit: Habit, given?: Given) =>
  runSeed(1, { openEngine: carelessTrader(habit), change: () => short(given), traceLines: 1_000 });
const rules = ({ violations }: Awaited<ReturnType<typeof run>>) => [
  ...new Set(violations.map(({ rule }) => rule)),
];

describe('a run', () => {
  test('finds nothing where nothing is wrong, and does trade', async () => {
    const result = await run('nothing');
    expect(result.violations).toEqual([]);
    expect(result.stats.entries).toBeGreaterThan(2);
    expect(result.stats.exits + result.stats.stops).toBeGreaterThan(1);
    expect(result.events).toBeGreaterThan(500);
  });

  test('is the same again', async () => {
    const [once, again] = [await run('nothing'), await run('nothing')];
    expect(again).toEqual(once);
    expect(once.trace.length).toBeGreaterThan(50);
  });

  test.each<[Habit, string]>([
    ['sends every order twice', 'nothing is sent twice'],
    ['places no stops', 'protected within two seconds'],
    ['places no stops', 'protected at rest'],
    ['places no stops', 'stops close'],
    ['counts every second fill only', 'books agree'],
    ['throws', 'the process stays'],
    ['leaves a promise', 'the process stays'],
    ['never starts', 'the process starts'],
  ])('an engine that %s is told: %s', async (habit, rule) => {
    expect(rules(await run(habit))).toContain(rule);
  });

  test.each([1, 2])(
    'an engine that does not look at the latch is told, however it is pressed (%i)',
    async (seed) => {
      const { start } = short();
      const scenario = { ...SHORT.scenario, seed, killAt: start + 4.5 * BAR_MS };
      const result = await run('does not look at the latch', { scenario });
      expect(rules(result)).toEqual(expect.arrayContaining(['the latch holds', 'flat after the latch']));
      expect(result.stats.kills).toBe(1);
    },
  );

  test('a process that dies at a durable write is started again over the same venue and disk', async () => {
    const crash = { write: 6, when: 'after', downMs: 3_000 } as const;
    const result = await run('nothing', { scenario: { ...SHORT.scenario, crashes: [crash] } });
    expect(result.stats.restarts).toBe(1);
    expect(result.trace).toEqual(
      expect.arrayContaining([expect.stringContaining('the process dies at durable write 6 (after)')]),
    );
    // It knows nothing of reconciliation, so its books are wrong after that.
    expect(rules(result)).toContain('books agree');
  });
});
