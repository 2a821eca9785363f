import { beforeAll, describe, expect, test } from 'vitest';
import type { SeedResult } from './run-seed.ts';
import { replayCommand, runSeeds } from './run-seeds.ts';
import { addStats } from './stats.ts';

/** The engine's own wiring against the nasty venue. */

const SEEDS = 500;
const THREADS = 2;
/** A machine that does a lot else is slow; alone it takes half a minute. */
const LIMIT_MS = 600_000;

let results: readonly SeedResult[] = [];

beforeAll(async () => {
  results = await runSeeds({ firstSeed: 1, seeds: SEEDS, threads: THREADS });
}, LIMIT_MS);

describe('whatever fails, in whatever order', () => {
  test('nothing is lost, nothing is twice, everything is protected and the latch holds', () => {
    const told = results.flatMap(({ seed, violations: [first] }) =>
      first === undefined ? [] : [`${first.rule}: ${first.detail} (${replayCommand(seed)})`],
    );
    expect(told).toEqual([]);
  });

  test('and enough did happen for that to say something', () => {
    const [first, ...others] = results.map(({ stats }) => stats);
    const total = others.reduce(addStats, first ?? expect.fail('no seed was run'));
    expect(results).toHaveLength(SEEDS);
    expect(total.entries).toBeGreaterThan(4 * SEEDS);
    expect(total.exits).toBeGreaterThan(SEEDS);
    expect(total.stops).toBeGreaterThan(SEEDS);
    expect(total.emergencies).toBeGreaterThan(SEEDS / 10);
    expect(total.foreignFills).toBeGreaterThan(SEEDS);
    expect(total.lateFees).toBeGreaterThan(SEEDS);
    expect(total.lostButTaken).toBeGreaterThan(SEEDS / 3);
    expect(total.restarts).toBeGreaterThan(SEEDS / 2);
    expect(total.kills).toBeGreaterThan(SEEDS / 6);
    expect(total.takenAfterLatch).toBeGreaterThan(SEEDS / 50);
  });
});

test(
  'a seed is the same again, event by event',
  async () => {
    const asked = { firstSeed: 1, seeds: 4, threads: 2, traceLines: 100_000 };
    const [once, again] = await Promise.all([runSeeds(asked), runSeeds(asked)]);
    expect(again).toEqual(once);
    expect(once.every(({ trace }) => trace.length > 100)).toBe(true);
  },
  LIMIT_MS,
);
