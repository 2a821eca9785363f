import { expect, it } from 'vitest';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { BTC, ETH, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Two entries a day; all markets cost nothing, and nothing else is in the way. */
const TWO_A_DAY = {
  simulation: { makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0, latencyMs: 0 },
  safety: { costMultiple: 0, minHoldBars: 0, reentryWaitBars: 0, maxEntriesPerDay: 2 },
};

/** Voters who want in at one bar and out at the next; what became of each wish to get in. */
async function trading(options: SceneOptions = {}) {
  const scene = await engineScene({
    patience: 'prompt',
    symbols: [BTC, ETH],
    settings: TWO_A_DAY,
    ...options,
  });
  async function wish(): Promise<string | undefined> {
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    const outcome = scene.outcomes(BTC).at(-1);
    scene.voters.says.set(BTC, 'SELL');
    await scene.bar(BTC, 1_000);
    await scene.bar(BTC, 1_000);
    return outcome;
  }
  return { ...scene, wish };
}

const MIDNIGHT = 100 * DAY;
const REFUSED = 'blocked churn-throttle:entries-per-day';

it('the day that begins at midnight UTC has its own entries', async () => {
  const { wish, clock } = await trading({ start: MIDNIGHT - 7 * HOUR });
  expect([await wish(), await wish()]).toEqual(['traded entry', 'traded entry']);
  expect(clock.now()).toBe(MIDNIGHT - HOUR);
  // Decided on the bar that closes at midnight.
  expect([await wish(), await wish(), await wish()]).toEqual(['traded entry', 'traded entry', REFUSED]);
});

it('a restart forgets none of them', async () => {
  const ledger = new MemoryOrderLedger();
  const before = await trading({ start: MIDNIGHT, ledger });
  await before.wish();
  await before.wish();
  await before.engine.close();
  const after = await trading({ start: MIDNIGHT + 10 * HOUR, ledger });
  expect(await after.wish()).toBe(REFUSED);
});
